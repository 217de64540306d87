// The daemon's doors: taken before the database is made, each account's its own.
#include <filesystem>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/daemon/running_paperd.h"
#include "tests/daemon/said.h"
#include "tests/support/jobs.h"

namespace paperd {
namespace {

TEST(Doors, APortInUseIsSaidBeforeTheDatabaseIsMade) {
    const int port = support::free_port();
    const int taken = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    ASSERT_EQ(::bind(taken, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    ASSERT_EQ(::listen(taken, 1), 0);

    const support::TempDir dir;
    const std::string served =
        support::exchanged(support::synthetic_job(1), "  enabled: false\n",
                           "  enabled: true\n  port: " + std::to_string(port) + "\n");
    support::write_file(dir.path("job.yaml"), served);
    const auto refused =
        support::run_paperd({"run", "-c", dir.path("job.yaml"), "--db", dir.path("a.db")});
    support::expect_said(refused, 1, {std::to_string(port), "in use", "server.port"});
    EXPECT_FALSE(std::filesystem::exists(dir.path("a.db")));
    ::close(taken);

    // Once the port is free, the same run begins at its beginning.
    const auto good =
        support::run_paperd({"run", "-c", dir.path("job.yaml"), "--db", dir.path("a.db")});
    EXPECT_EQ(good.exit_code, 0) << good.err;
}

// What is refused: a file that is no database, another run's database, a token file that is none.
TEST(Doors, AStartThatIsRefusedLeavesNothingBehind) {
    const support::TempDir dir;
    const std::string job =
        support::exchanged(support::synthetic_job(1), "  enabled: false\n", "  enabled: true\n");
    support::write_file(dir.path("job.yaml"), job);
    support::write_file(dir.path("a.db"), "no database at all\n");
    const std::vector<std::string> run = {"run", "-c", dir.path("job.yaml"), "--db",
                                          dir.path("a.db")};
    support::expect_said(support::run_paperd(run), 2,
                         {dir.path("a.db"), "file is not a database", "--db"});
    EXPECT_FALSE(std::filesystem::exists(dir.path("a.db-token")));
    std::filesystem::remove(dir.path("a.db"));

    support::write_file(dir.path("a.db-token"), "secret\n");
    std::filesystem::permissions(dir.path("a.db-token"), std::filesystem::perms(0600));
    support::expect_said(support::run_paperd(run), 2,
                         {dir.path("a.db-token"), "does not hold a token", "remove it"});
    EXPECT_FALSE(std::filesystem::exists(dir.path("a.db")));
    EXPECT_EQ(support::read_file(dir.path("a.db-token")), "secret\n") << "it is not ours";
    std::filesystem::remove(dir.path("a.db-token"));

    EXPECT_EQ(support::run_paperd(run).exit_code, 0);
    EXPECT_TRUE(std::filesystem::exists(dir.path("a.db-token"))) << "for the processes to come";
    std::filesystem::remove(dir.path("a.db-token"));
    support::write_file(dir.path("job.yaml"),
                        support::exchanged(job, "    seed: 5\n", "    seed: 6\n"));
    support::expect_said(support::run_paperd(run), 2, {dir.path("a.db"), "holds another run", ""});
    EXPECT_FALSE(std::filesystem::exists(dir.path("a.db-token")));
}

TEST(Doors, WhereNobodyListensCtlSaysHowToStart) {
    const std::string port = std::to_string(support::free_port());
    support::expect_said(support::run_paperd({"ctl", "status", "--port", port}), 1,
                         {"127.0.0.1:" + port, "nothing listens", "paperd run -c CONFIG"});
}

TEST(Doors, TwoAccountsOfOneFolderShareNothing) {
    const support::TempDir dir;
    support::write_file(
        dir.path("job.yaml"),
        support::exchanged(support::synthetic_job(0), "  enabled: false\n", "  enabled: true\n"));
    const auto run = [&](const std::string& db) -> std::vector<std::string> {
        return {"run", "-c", dir.path("job.yaml"), "--db", dir.path(db), "--speed", "60"};
    };
    support::RunningPaperd one(run("one.db"), dir.path("log1"));
    support::RunningPaperd two(run("two.db"), dir.path("log2"));
    const auto is_up = [](const boost::json::object& s) { return s.at("slices").as_int64() > 0; };
    const auto status_one = support::status_when(dir.path("one.db"), is_up);
    const auto status_two = support::status_when(dir.path("two.db"), is_up);
    ASSERT_TRUE(status_one) << support::read_file(dir.path("log1"));
    ASSERT_TRUE(status_two) << support::read_file(dir.path("log2"));
    EXPECT_NE(status_one->at("port"), status_two->at("port"));
    const std::string token = support::read_file(dir.path("one.db-token"));
    EXPECT_EQ(token.size(), 65U);
    EXPECT_NE(token, support::read_file(dir.path("two.db-token")));
    const std::string port = std::to_string(status_two->at("port").as_int64());
    const auto stranger = support::run_paperd(
        {"ctl", "halt", "--port", port, "--token-file", dir.path("one.db-token")});
    EXPECT_EQ(stranger.exit_code, 1) << stranger.out;
    const auto halted = support::run_paperd({"ctl", "halt", "--db", dir.path("one.db")});
    EXPECT_EQ(halted.exit_code, 0) << halted.err;
    EXPECT_TRUE(support::status_when(dir.path("one.db"), [](const boost::json::object& s) {
        return s.at("trading_state").as_string() == "halted";
    }));
    EXPECT_TRUE(support::status_when(dir.path("two.db"), [](const boost::json::object& s) {
        return s.at("trading_state").as_string() == "active";
    }));
    // A second daemon of the same account is refused at the door.
    support::expect_said(support::run_paperd(run("one.db")), 2,
                         {dir.path("one.db-socket"), "another paperd listens there", "--db"});
    EXPECT_EQ(one.stop(), 0);
    EXPECT_FALSE(std::filesystem::exists(dir.path("one.db-socket")));
    two.kill();
    EXPECT_TRUE(std::filesystem::exists(dir.path("two.db-socket")));
    support::RunningPaperd again(run("two.db"), dir.path("log3"));
    EXPECT_TRUE(support::status_when(dir.path("two.db"), is_up))
        << support::read_file(dir.path("log3"));
    EXPECT_EQ(again.stop(), 0);
}

}  // namespace
}  // namespace paperd
