// The program as a service: what systemd hears, and what must not end it.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/daemon/running_paperd.h"
#include "tests/daemon/said.h"
#include "tests/support/jobs.h"

namespace paperd {
namespace {

using boost::json::object;
using support::status_when;

// The receiving end, as systemd would bind it.
class NotifySocket {
public:
    explicit NotifySocket(const std::string& path)
        : descriptor_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        EXPECT_LT(path.size(), sizeof(address.sun_path));
        std::memcpy(address.sun_path, path.data(), path.size());
        EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
                  0);
    }

    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    ~NotifySocket() { ::close(descriptor_); }

    [[nodiscard]] std::vector<std::string> heard() const {
        std::vector<std::string> all;
        std::array<char, 4096> buffer{};
        for (;;) {
            const ssize_t got = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
            if (got <= 0) {
                return all;
            }
            all.emplace_back(buffer.data(), static_cast<std::size_t>(got));
        }
    }

private:
    int descriptor_;
};

class ServiceTest : public testing::Test {
protected:
    void write_job(int days) const {
        support::write_file(job(), support::exchanged(support::synthetic_job(days),
                                                      "  enabled: false\n", "  enabled: true\n"));
    }

    [[nodiscard]] std::string job() const { return dir_.path("job.yaml"); }

    [[nodiscard]] std::string db() const { return dir_.path("a.db"); }

    [[nodiscard]] std::string log() const { return support::read_file(dir_.path("log")); }

    [[nodiscard]] std::vector<std::string> run_at(const char* speed) const {
        return {"run", "-c", job(), "--db", db(), "--speed", speed};
    }

    support::TempDir dir_;
};

TEST_F(ServiceTest, AFiniteRunIsReadyThenSaysThatItIsDoneHoweverOftenItIsStarted) {
    write_job(1);
    const NotifySocket systemd(dir_.path("notify"));
    for (const char* done : {"STATUS=complete: slice 390 at 2024-07-01T20:00:00Z, equity ",
                             "STATUS=complete before it began"}) {
        const auto run =
            support::run_paperd(run_at("max"), {"NOTIFY_SOCKET=" + dir_.path("notify")});
        EXPECT_EQ(run.exit_code, 0) << run.err;
        EXPECT_LE(std::count(run.out.begin(), run.out.end(), '\n'), 1)
            << "the report is for terminals: " << run.out;
        const auto heard = systemd.heard();
        ASSERT_GE(heard.size(), 3U);
        EXPECT_EQ(heard.front(), "READY=1");
        EXPECT_TRUE(heard[heard.size() - 2].starts_with(done)) << heard[heard.size() - 2];
        EXPECT_EQ(heard.back(), "STOPPING=1");
        EXPECT_NE(run.err.find(" info    complete "), std::string::npos) << run.err;
        EXPECT_NE(run.err.find("paperd trades --db " + db()), std::string::npos) << run.err;
    }
}

TEST_F(ServiceTest, AStartThatFailsIsNeverReady) {
    write_job(1);
    ASSERT_EQ(support::run_paperd(run_at("max")).exit_code, 0);
    write_job(2);  // another run's database
    const NotifySocket systemd(dir_.path("notify"));
    const auto run = support::run_paperd(run_at("max"), {"NOTIFY_SOCKET=" + dir_.path("notify")});
    EXPECT_EQ(run.exit_code, 2) << run.err;
    for (const std::string& word : systemd.heard()) {
        EXPECT_NE(word, "READY=1");
    }
    EXPECT_NE(run.err.find(" error   failed text="), std::string::npos)
        << "what ends the process is in the log, too: " << run.err;
}

TEST_F(ServiceTest, AHangUpIsLoggedAndASecondStopCutsNothingShort) {
    write_job(0);
    support::RunningPaperd daemon(run_at("1200"), dir_.path("log"));
    const auto up =
        status_when(db(), [](const object& s) { return s.at("slices").as_int64() > 2; });
    ASSERT_TRUE(up) << log();
    ::kill(daemon.pid(), SIGHUP);
    EXPECT_TRUE(
        support::becomes_true([&] { return log().find("hang_up_ignored") != std::string::npos; }));
    EXPECT_TRUE(status_when(db(), [&](const object& s) {
        return s.at("slices").as_int64() > up->at("slices").as_int64() + 2;
    })) << "it goes on";
    for (int i = 0; i < 20; ++i) {
        ::kill(daemon.pid(), SIGTERM);
        ::usleep(2'000);
    }
    EXPECT_EQ(daemon.stop(), 0) << log();
    EXPECT_NE(log().find(" info    stopped at="), std::string::npos) << log();
    EXPECT_FALSE(std::filesystem::exists(db() + "-lock"));
    EXPECT_FALSE(std::filesystem::exists(db() + "-socket"));
}

TEST_F(ServiceTest, ALogPipeThatClosesEndsNothing) {
    write_job(0);
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(pipe[1], 2);
        support::become_paperd({"run", "-c", job(), "--db", db(), "--speed", "1200"});
    }
    ::close(pipe[1]);
    const auto up =
        status_when(db(), [](const object& s) { return s.at("slices").as_int64() > 2; });
    ASSERT_TRUE(up);
    ::close(pipe[0]);
    ::kill(child, SIGHUP);  // something to say
    const auto later = status_when(db(), [&](const object& s) {
        return s.at("slices").as_int64() > up->at("slices").as_int64() + 2 &&
               s.at("log_lines_dropped").as_int64() > 0;
    });
    EXPECT_TRUE(later) << "the process goes on and counts what it could not say";
    ::kill(child, SIGTERM);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
}  // namespace paperd
