#include "tests/daemon/running_paperd.h"

#include <chrono>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/process.h"

namespace paperd::support {

int free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    // The socket interface takes every family's address through one type.
    auto* any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket, any, size), 0);
    EXPECT_EQ(::getsockname(socket, any, &size), 0);
    ::close(socket);
    return ntohs(address.sin_port);
}

bool becomes_true(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < end) {
        if (condition()) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
}

std::optional<boost::json::object> status_when(
    const std::string& db, const std::function<bool(const boost::json::object&)>& wanted) {
    boost::json::object status;
    const bool came = becomes_true([&] {
        const auto answer = run_paperd({"ctl", "status", "--json", "--db", db});
        if (answer.exit_code != 0) {
            return false;
        }
        status = boost::json::parse(answer.out).as_object();
        return wanted(status);
    });
    return came ? std::optional(status) : std::nullopt;
}

RunningPaperd::RunningPaperd(const std::vector<std::string>& arguments, const std::string& log_path,
                             const std::vector<std::string>& environment) {
    child_ = fork();
    if (child_ == 0) {
        const int log = open(log_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
        dup2(log, 1);
        dup2(log, 2);
        change_environment(environment);
        become_paperd(arguments);
    }
}

RunningPaperd::~RunningPaperd() { kill(); }

void RunningPaperd::kill() {
    if (child_ > 0) {
        ::kill(child_, SIGKILL);
        waitpid(child_, nullptr, 0);
        child_ = -1;
    }
}

int RunningPaperd::stop() {
    ::kill(child_, SIGTERM);
    return wait();
}

int RunningPaperd::wait() {
    int status = 0;
    pid_t ended = 0;
    for (int tenths = 0; tenths < 200 && ended == 0; ++tenths) {
        ended = waitpid(child_, &status, WNOHANG);
        if (ended == 0) {
            usleep(100'000);
        }
    }
    if (ended == 0) {
        ::kill(child_, SIGKILL);
        waitpid(child_, &status, 0);
    }
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace paperd::support
