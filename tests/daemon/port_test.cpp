// A port that another program has.
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

TEST(Port, OneInUseIsSaidBeforeAnythingIsTraded) {
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
    ::close(taken);

    // Once the port is free, the same run begins at its beginning.
    const auto good =
        support::run_paperd({"run", "-c", dir.path("job.yaml"), "--db", dir.path("a.db")});
    EXPECT_EQ(good.exit_code, 0) << good.err;
}

TEST(Port, WhereNobodyListensCtlSaysHowToStart) {
    const std::string port = std::to_string(support::free_port());
    support::expect_said(support::run_paperd({"ctl", "status", "--port", port}), 1,
                         {"127.0.0.1:" + port, "nothing listens", "paperd run -c CONFIG"});
}

}  // namespace
}  // namespace paperd
