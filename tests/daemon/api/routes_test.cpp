#include "daemon/api/routes.h"

#include <string>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "tests/daemon/api/fake_source.h"

namespace paperd::daemon {
namespace {

HttpRequest get(std::string_view target) {
    return {.method = "GET", .target = std::string(target), .fields = {{"Host", "127.0.0.1:8710"}}};
}

const Caller kStranger{.token = kTestToken};
const std::string kBearer = "Bearer " + kTestToken;

void set(HttpRequest& request, const char* name, std::string_view value) {
    for (HttpField& field : request.fields) {
        if (field.name == name) {
            field.value = value;
        }
    }
}

HttpRequest post(std::string_view target, std::string_view body = "") {
    return {.method = "POST",
            .target = std::string(target),
            .fields = {{"Host", "localhost"}, {"Authorization", kBearer}},
            .body = std::string(body)};
}

std::string error_text(const HttpReply& reply) {
    EXPECT_EQ(reply.field("Content-Type"), "application/json");
    return std::string(boost::json::parse(reply.body).at("error").as_string());
}

TEST(Routes, HealthzIsOkWhileTheDaemonIs) {
    FakeSource source;
    const HttpReply reply = answer(get("/healthz"), source, kStranger);
    EXPECT_EQ(reply.status, 200U);
    EXPECT_EQ(reply.body, "ok\n");
}

TEST(Routes, HealthzSaysWhyNot) {
    FakeSource source;
    source.sick_because = "the last bar is 300 s old";
    const HttpReply reply = answer(get("/healthz"), source, kStranger);
    EXPECT_EQ(reply.status, 503U);
    EXPECT_EQ(reply.body, "the last bar is 300 s old\n");
}

TEST(Routes, StatusIsJsonAndMetricsAreText) {
    FakeSource source;
    const HttpReply status = answer(get("/api/v1/status?pretty"), source, kStranger);
    EXPECT_EQ(status.status, 200U);
    EXPECT_EQ(status.field("Content-Type"), "application/json");
    EXPECT_EQ(boost::json::parse(status.body).at("title").as_string(), "fake");
    const HttpReply metrics = answer(get("/metrics"), source, kStranger);
    EXPECT_EQ(metrics.status, 200U);
    EXPECT_EQ(metrics.field("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_EQ(metrics.body, "paperd_ready 1\n");
}

TEST(Routes, EveryCommandReachesTheDaemonWithItsNote) {
    FakeSource source;
    EXPECT_EQ(
        answer(post("/api/v1/commands/halt", R"({"note":"lunch"})"), source, kStranger).status,
        202U);
    for (const char* name : {"reduce", "resume", "flatten", "reload"}) {
        const std::string target = std::string("/api/v1/commands/") + name;
        const HttpReply reply = answer(post(target), source, kStranger);
        EXPECT_EQ(reply.status, 202U);
        EXPECT_EQ(boost::json::parse(reply.body).at("command").as_string(), name);
    }
    const auto taken = source.taken();
    ASSERT_EQ(taken.size(), 5U);
    EXPECT_EQ(taken[0], std::pair(CommandKind::halt, std::string("lunch")));
    EXPECT_EQ(taken[1], std::pair(CommandKind::reduce, std::string()));
    EXPECT_EQ(taken[4], std::pair(CommandKind::reload, std::string()));
}

TEST(Routes, CommandsTellTheirId) {
    FakeSource source;
    answer(post("/api/v1/commands/halt"), source, kStranger);
    const HttpReply reply = answer(post("/api/v1/commands/resume"), source, kStranger);
    EXPECT_EQ(boost::json::parse(reply.body).at("id").as_int64(), 2);
}

TEST(Routes, CommandsWithoutTheTokenDoNothing) {
    FakeSource source;
    const std::string other = "Bearer " + std::string(64, 'b');
    const std::string longer = kBearer + "a";
    const std::string shorter = kBearer.substr(0, kBearer.size() - 1);
    const std::string bare = kTestToken;
    const std::string basic = "Basic " + kTestToken;
    for (const std::string_view wrong :
         {std::string_view(), std::string_view("Bearer "), std::string_view(other),
          std::string_view(longer), std::string_view(shorter), std::string_view(bare),
          std::string_view(basic)}) {
        HttpRequest request = post("/api/v1/commands/flatten");
        set(request, "Authorization", wrong);
        const HttpReply reply = answer(request, source, kStranger);
        EXPECT_EQ(reply.status, 401U) << wrong;
        EXPECT_NE(error_text(reply).find("Authorization: Bearer"), std::string::npos);
        EXPECT_EQ(reply.body.find(kTestToken), std::string::npos);
    }
    EXPECT_TRUE(source.taken().empty());
}

TEST(Routes, TheOwnersDoorNeedsNoToken) {
    FakeSource source;
    HttpRequest request = post("/api/v1/commands/flatten");
    set(request, "Authorization", "");
    EXPECT_EQ(answer(request, source, {.trusted = true}).status, 202U);
    EXPECT_EQ(source.taken().size(), 1U);
}

TEST(Routes, ARefusedCommandSaysWhy) {
    FakeSource source;
    source.refuse_because = "the daemon is stopping";
    const HttpReply reply = answer(post("/api/v1/commands/halt"), source, kStranger);
    EXPECT_EQ(reply.status, 409U);
    EXPECT_EQ(error_text(reply), "the daemon is stopping");
}

TEST(Routes, ABodyThatIsNoNoteIsRefused) {
    FakeSource source;
    const std::string long_note = R"({"note":")" + std::string(kNoteCharsMax + 1, 'x') + "\"}";
    for (const std::string& body :
         {std::string("halt please"), std::string("[]"), std::string(R"({"note":7})"),
          std::string(R"({"nots":"x"})"), std::string("{\"note\":\"\xFF\"}"), long_note}) {
        const HttpReply reply = answer(post("/api/v1/commands/halt", body), source, kStranger);
        EXPECT_EQ(reply.status, 400U) << body;
        EXPECT_NE(error_text(reply), "");
    }
    EXPECT_TRUE(source.taken().empty());
}

TEST(Routes, UnknownAddressesAndCommandsAreNotFound) {
    FakeSource source;
    for (const char* target : {"/", "", "/api/v1/statusx", "/api/v1/status/", "/healthz/x",
                               "/api/v1/commands/", "/api/v1/commands/stop", "*"}) {
        EXPECT_EQ(answer(get(target), source, kStranger).status, 404U) << target;
    }
    EXPECT_NE(error_text(answer(post("/api/v1/commands/stop"), source, kStranger)).find("flatten"),
              std::string::npos);
}

TEST(Routes, WrongMethodsAreToldTheRightOne) {
    FakeSource source;
    const HttpReply read = answer(post("/api/v1/status"), source, kStranger);
    EXPECT_EQ(read.status, 405U);
    EXPECT_EQ(read.field("Allow"), "GET");
    const HttpReply command = answer(get("/api/v1/commands/halt"), source, kStranger);
    EXPECT_EQ(command.status, 405U);
    EXPECT_EQ(command.field("Allow"), "POST");
    EXPECT_TRUE(source.taken().empty());
}

TEST(Routes, ForeignHostsAreTurnedAway) {
    FakeSource source;
    HttpRequest request = get("/api/v1/status");
    for (const char* host : {"evil.example", "evil.example:8710", "", "127.0.0.1.evil.example",
                             "localhost.evil.example", "127.0.0.1:x", "127.0.0.1:", "127.0.0.2",
                             "localhost:123456", "[::1]:8710", "@localhost"}) {
        set(request, "Host", host);
        EXPECT_EQ(answer(request, source, kStranger).status, 403U) << host;
    }
    for (const char* host : {"localhost", "LocalHost:80", "127.0.0.1", "127.0.0.1:65535"}) {
        set(request, "Host", host);
        EXPECT_EQ(answer(request, source, kStranger).status, 200U) << host;
    }
}

}  // namespace
}  // namespace paperd::daemon
