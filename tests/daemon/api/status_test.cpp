#include "daemon/api/status.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "tests/daemon/api/example_status.h"

namespace paperd::daemon {
namespace {

namespace json = boost::json;

TEST(StatusJson, HoldsEverythingThatIsKnown) {
    const json::object status = json::parse(status_json(example_status())).as_object();
    EXPECT_EQ(status.at("version").as_string(), "1.2.3");
    EXPECT_EQ(status.at("title").as_string(), "a \"quoted\" title");
    EXPECT_EQ(status.at("state").as_string(), "ready");
    EXPECT_EQ(status.at("last_slice_id").as_int64(), 1234);
    EXPECT_EQ(status.at("last_slice_at").as_string(), "2019-12-23T20:59:00Z");
    EXPECT_DOUBLE_EQ(status.at("data_age_s").as_double(), 4.25);
    EXPECT_EQ(status.at("trading_state").as_string(), "halted");
    EXPECT_EQ(status.at("trading_state_reason").as_string(), "drawdown");
    EXPECT_EQ(status.at("positions").as_array().size(), 2U);
    EXPECT_EQ(status.at("positions").at(1).at("quantity").as_int64(), -3);
    EXPECT_EQ(status.at("model").at("trained_until").as_string(), "2018-12-31");
    EXPECT_TRUE(status.at("model").at("expired").as_bool());
    EXPECT_DOUBLE_EQ(status.at("commits").at("p99_s").as_double(), 0.0031);
    EXPECT_EQ(status.at("last_error").as_string(), "feed: line 7 is bad");
    EXPECT_EQ(status.at("incidents").as_int64(), 9);
    EXPECT_EQ(status.at("errors").as_int64(), 3);
    EXPECT_EQ(status.at("paused_because").as_string(), "the disk is full");
    EXPECT_EQ(status.at("port").as_int64(), 8710);
    EXPECT_EQ(status.at("socket").as_string(), "/var/lib/paperd/demo.db-socket");
    EXPECT_EQ(status.at("log_lines_dropped").as_int64(), 5);
}

TEST(StatusJson, KeepsEveryDigitOfMoney) {
    EXPECT_NE(status_json(example_status()).find("\"equity\":1234567.12345678,"),
              std::string::npos);
}

TEST(StatusJson, SaysNullForWhatIsNotKnownYet) {
    const json::object status = json::parse(status_json(Status{})).as_object();
    for (const char* key :
         {"last_slice_at", "model", "commits", "last_error", "paused_because", "port", "socket"}) {
        EXPECT_TRUE(status.at(key).is_null()) << key;
    }
    EXPECT_EQ(status.at("state").as_string(), "starting");
    EXPECT_TRUE(status.at("positions").as_array().empty());
    EXPECT_EQ(status.at("equity").as_int64(), 0);
}

}  // namespace
}  // namespace paperd::daemon
