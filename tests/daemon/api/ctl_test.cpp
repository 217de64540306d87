#include "daemon/api/ctl.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

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
        return {.verb = verb, .port = port, .token_file = token_file_, .note = "why"};
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

// Whoever listens on a port may answer what it likes.
TEST(StatusTable, OfAbsurdFiguresAndControlCharactersIsHarmless) {
    const auto table = status_table(
        R"({"title": "\u001b]0;mine\u0007 d\u00e9mo", "equity": 1e999, "cash": -1e999,)"
        R"( "slices": 1e300, "uptime_s": 1e999, "last_error": "a\r\nb"})");
    ASSERT_FALSE(table.has_error()) << table.error().text;
    EXPECT_TRUE(has(*table, "\\x1b]0;mine\\x07 d\u00e9mo (")) << *table;
    EXPECT_TRUE(has(*table, "equity - -, cash -,")) << *table;
    EXPECT_TRUE(has(*table, "so far     - slices")) << *table;
    EXPECT_TRUE(has(*table, "last error a\\x0d b\n")) << *table;
}

TEST_F(Ctl, NeedsNoTokenThroughTheSocket) {
    const RunningServer server(source_);
    const auto done = ctl({.verb = "reduce", .socket = server.socket()});
    ASSERT_FALSE(done.has_error()) << done.error().text;
    ASSERT_EQ(source_.taken().size(), 1U);
    EXPECT_EQ(source_.taken()[0].first, CommandKind::reduce);
}

TEST_F(Ctl, FindsTheSocketBesideTheDatabase) {
    const RunningServer server(source_);
    std::string db = server.socket();
    db.resize(db.size() - std::string("-socket").size());
    const auto done = ctl({.verb = "halt", .db = db});
    ASSERT_FALSE(done.has_error()) << done.error().text;
    const auto nobody = ctl({.verb = "halt", .db = db + "x"});
    ASSERT_TRUE(nobody.has_error());
    EXPECT_TRUE(has(nobody.error().text, "nothing listens on " + db + "x-socket"))
        << nobody.error().text;
}

TEST_F(Ctl, FindsTheOnlySocketOfTheFolderOrAsksWhich) {
    namespace fs = std::filesystem;
    const fs::path before = fs::current_path();
    const fs::path folder = testing::TempDir() + "paperd_ctl_" + std::to_string(::getpid());
    fs::create_directories(folder);
    fs::current_path(folder);
    const auto none = ctl({.verb = "status"});
    const RunningServer server(source_);
    fs::create_symlink(server.socket(), "a.db-socket");
    const auto one = ctl({.verb = "status", .json = true});
    std::ofstream("b.db-socket") << "";
    const auto two = ctl({.verb = "status"});
    fs::current_path(before);
    fs::remove_all(folder);
    ASSERT_TRUE(none.has_error());
    EXPECT_EQ(none.error().kind, ErrorKind::usage);
    EXPECT_TRUE(has(none.error().text, "--db FILE")) << none.error().text;
    ASSERT_FALSE(one.has_error()) << one.error().text;
    EXPECT_EQ(*one, "{\"title\":\"fake\"}\n");
    ASSERT_TRUE(two.has_error());
    EXPECT_TRUE(has(two.error().text, "a.db-socket, b.db-socket")) << two.error().text;
}

// 64 connections that send half a request and come back as soon as they are cut off.
class Crowd {
public:
    explicit Crowd(std::function<std::unique_ptr<RawConnection>()> connect) {
        thread_ = std::thread([this, connect = std::move(connect)] {
            std::vector<std::unique_ptr<RawConnection>> held(64);
            for (std::size_t i = 0; !done_; ++i) {
                held[i % held.size()] = connect();
                held[i % held.size()]->send("POST /api/v1/commands/halt HTTP/1.1\r\nHost: loc");
                ++opened_;
            }
        });
    }

    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;

    ~Crowd() {
        done_ = true;
        thread_.join();
    }

    [[nodiscard]] int opened() const { return opened_; }

private:
    std::atomic<bool> done_{false};
    std::atomic<int> opened_{0};
    std::thread thread_;
};

TEST_F(Ctl, GetsThroughACrowdAtEitherDoor) {
    const RunningServer server(source_);
    write_token(kTestToken);
    int asked = 0;
    for (const bool at_port : {true, false}) {
        const Crowd crowd([&] {
            return at_port ? std::make_unique<RawConnection>(server.port())
                           : std::make_unique<RawConnection>(server.socket());
        });
        while (crowd.opened() < 64) {
            std::this_thread::yield();
        }
        for (int i = 0; i < 36; ++i) {
            const auto done = at_port ? ctl(options("reduce", server.port()))
                                      : ctl({.verb = "reduce", .socket = server.socket()});
            EXPECT_FALSE(done.has_error()) << i << done.error().text;
            ++asked;
        }
    }
    EXPECT_EQ(source_.taken().size(), static_cast<std::size_t>(asked));
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
          "127.0.0.1:8710, /var/lib/paperd/demo.db-socket", "PAUSED     the disk is full",
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
