#include "daemon/api/ctl.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "daemon/api/status.h"
#include "tests/daemon/api/example_status.h"
#include "tests/daemon/api/fake_source.h"
#include "tests/daemon/api/running_server.h"

namespace paperd::daemon {
namespace {

class Ctl : public testing::Test {
protected:
    ~Ctl() override { std::filesystem::remove(token_file_); }

    void write_token(const std::string& token) const {
        std::ofstream(token_file_) << token << "\n";
        std::filesystem::permissions(token_file_, std::filesystem::perms(0600));
    }

    [[nodiscard]] CtlOptions options(const std::string& verb, int port) const {
        return {
            .verb = verb, .port = port, .token_file = token_file_, .note = "why", .json = false};
    }

    FakeSource source_;
    std::string token_file_ =
        testing::TempDir() + "paperd_ctl_" + std::to_string(::getpid()) + ".token";
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST_F(Ctl, HandsACommandToTheDaemon) {
    const RunningServer server(source_);
    write_token(kTestToken);
    const auto done = ctl(options("halt", server.port()));
    ASSERT_FALSE(done.has_error()) << done.error().text;
    EXPECT_EQ(*done, "halt: taken as command 1; it takes effect at the start of the next slice\n");
    ASSERT_EQ(source_.taken().size(), 1U);
    EXPECT_EQ(source_.taken()[0], std::pair(CommandKind::halt, std::string("why")));
}

TEST_F(Ctl, ShowsTheDaemonsOwnJsonWhenAsked) {
    const RunningServer server(source_);
    CtlOptions asked = options("status", server.port());
    asked.json = true;
    const auto status = ctl(asked);
    ASSERT_FALSE(status.has_error()) << status.error().text;
    EXPECT_EQ(*status, "{\"title\":\"fake\"}\n");
}

TEST_F(Ctl, SaysThatNoDaemonListens) {
    auto server = std::make_unique<RunningServer>(source_);
    const int port = server->port();
    server.reset();
    const auto status = ctl(options("status", port));
    ASSERT_TRUE(status.has_error());
    EXPECT_TRUE(has(status.error().text, "nothing listens on 127.0.0.1:" + std::to_string(port)));
    EXPECT_TRUE(has(status.error().text, "paperd run -c CONFIG")) << status.error().text;
}

TEST_F(Ctl, SaysThatTheTokenIsAnothers) {
    const RunningServer server(source_);
    write_token(std::string(64, 'b'));
    const auto done = ctl(options("halt", server.port()));
    ASSERT_TRUE(done.has_error());
    EXPECT_TRUE(has(done.error().text, "--token-file")) << done.error().text;
    EXPECT_FALSE(has(done.error().text, "bbbb"));
    EXPECT_TRUE(source_.taken().empty());
}

TEST_F(Ctl, NeedsATokenFileForCommands) {
    const RunningServer server(source_);
    const auto done = ctl(options("resume", server.port()));
    ASSERT_TRUE(done.has_error());
    EXPECT_TRUE(has(done.error().text, token_file_)) << done.error().text;
}

TEST_F(Ctl, PassesOnWhyACommandWasRefused) {
    source_.refuse_because = "the daemon is stopping";
    const RunningServer server(source_);
    write_token(kTestToken);
    const auto done = ctl(options("flatten", server.port()));
    ASSERT_TRUE(done.has_error());
    EXPECT_EQ(done.error().text, "the daemon refused 'flatten': the daemon is stopping");
}

TEST_F(Ctl, KnowsItsVerbsAndPorts) {
    const auto verb = ctl(options("stop", 8710));
    ASSERT_TRUE(verb.has_error());
    EXPECT_EQ(verb.error().kind, ErrorKind::usage);
    const auto port = ctl(options("status", 0));
    ASSERT_TRUE(port.has_error());
    EXPECT_EQ(port.error().kind, ErrorKind::usage);
}

TEST(StatusTable, ShowsTheStatusForPeople) {
    const auto table = status_table(status_json(example_status()));
    ASSERT_FALSE(table.has_error()) << table.error().text;
    for (const char* part :
         {"a \"quoted\" title (run, paperd 1.2.3)", "ready, up 1:02:03, 300.0 MiB resident",
          "halted (drawdown): The drawdown from the equity's peak reached its limit.",
          "slice 1,234 closed at 2019-12-23T20:59:00Z, age 4.2 s", "2 working",
          "equity 1,234,567.12 USD, cash -1,000.50, gross 500.00, drawdown -12.50%",
          "attention, trained until 2018-12-31, 357 days ago, EXPIRED",
          "/var/lib/paperd/demo.db, 12.0 MiB, commit p50 0.80 ms, p99 3.10 ms",
          "feed: line 7 is bad", "AAPL", "2,800.00", "-90.00"}) {
        EXPECT_TRUE(has(*table, part)) << part << " in\n" << *table;
    }
}

TEST(StatusTable, ShowsADashForWhatIsNotKnown) {
    const auto fresh = status_table(status_json(Status{}));
    ASSERT_FALSE(fresh.has_error());
    EXPECT_TRUE(has(*fresh, "closed at -, age 0.0 s")) << *fresh;
    EXPECT_TRUE(has(*fresh, "model      none")) << *fresh;
    EXPECT_TRUE(has(*fresh, "positions  none")) << *fresh;
    const auto foreign = status_table(R"({"title":7,"positions":[3],"model":true})");
    ASSERT_FALSE(foreign.has_error());
    EXPECT_TRUE(has(*foreign, "run        - (-, paperd -)")) << *foreign;
}

TEST(StatusTable, RefusesWhatIsNoStatus) {
    EXPECT_TRUE(status_table("<html>").has_error());
    EXPECT_TRUE(status_table("[1]").has_error());
}

}  // namespace
}  // namespace paperd::daemon
