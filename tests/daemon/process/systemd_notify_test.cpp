#include "daemon/process/systemd_notify.h"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace paperd::daemon {
namespace {

// The receiving end, as systemd would bind it. A name that starts with '@' is abstract.
class NotifySocket {
public:
    explicit NotifySocket(const std::string& name)
        : name_(name), descriptor_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, name.data(), name.size());
        if (name[0] == '@') {
            address.sun_path[0] = '\0';
        }
        const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), length), 0);
    }

    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    ~NotifySocket() {
        ::close(descriptor_);
        std::filesystem::remove(name_);
    }

    // The next datagram, or empty when there is none.
    [[nodiscard]] std::string receive() const {
        std::array<char, 4096> buffer{};
        const ssize_t got = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
        return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : std::string();
    }

private:
    std::string name_;
    int descriptor_;
};

std::string temp_socket_path() {
    return testing::TempDir() + "paperd_notify_" + std::to_string(::getpid());
}

void expect_delivery(const std::string& name) {
    const NotifySocket socket(name);
    SystemdNotifier systemd(name);
    EXPECT_FALSE(systemd.ready().has_error());
    EXPECT_EQ(socket.receive(), "READY=1");
    EXPECT_FALSE(systemd.status("slice 12\nhalted").has_error());
    EXPECT_EQ(socket.receive(), "STATUS=slice 12 halted");
    EXPECT_FALSE(systemd.watchdog().has_error());
    EXPECT_EQ(socket.receive(), "WATCHDOG=1");
    EXPECT_FALSE(systemd.stopping().has_error());
    EXPECT_EQ(socket.receive(), "STOPPING=1");
    EXPECT_EQ(socket.receive(), "");
}

TEST(SystemdNotify, ReachesASocketWithAPath) { expect_delivery(temp_socket_path()); }

TEST(SystemdNotify, ReachesAnAbstractSocket) {
    expect_delivery("@paperd_notify_" + std::to_string(::getpid()));
}

TEST(SystemdNotify, TakesTheSocketFromTheEnvironment) {
    const std::string name = temp_socket_path();
    const NotifySocket socket(name);
    ASSERT_EQ(::setenv("NOTIFY_SOCKET", name.c_str(), 1), 0);
    EXPECT_FALSE(SystemdNotifier::from_environment().ready().has_error());
    ASSERT_EQ(::unsetenv("NOTIFY_SOCKET"), 0);
    EXPECT_EQ(socket.receive(), "READY=1");
    EXPECT_FALSE(SystemdNotifier::from_environment().ready().has_error());
    EXPECT_EQ(socket.receive(), "");
}

TEST(SystemdNotify, SaysWhichSocketDoesNotAnswer) {
    const auto sent = SystemdNotifier(temp_socket_path() + "_missing").ready();
    ASSERT_TRUE(sent.has_error());
    EXPECT_NE(sent.error().text.find("_missing"), std::string::npos);
    EXPECT_TRUE(SystemdNotifier("vsock:2:1234").ready().has_error());
    EXPECT_TRUE(SystemdNotifier("/" + std::string(200, 'x')).ready().has_error());
}

TEST(Watchdog, HasAnIntervalOnlyWhenSystemdWatchesThisProcess) {
    using std::chrono::microseconds;
    EXPECT_EQ(watchdog_interval("30000000", nullptr, 42), microseconds(30'000'000));
    EXPECT_EQ(watchdog_interval("30000000", "42", 42), microseconds(30'000'000));
    EXPECT_EQ(watchdog_interval("30000000", "43", 42), std::nullopt);
    EXPECT_EQ(watchdog_interval(nullptr, "42", 42), std::nullopt);
    for (const char* bad : {"", "0", "-5", "30s", "99999999999999999999"}) {
        EXPECT_EQ(watchdog_interval(bad, nullptr, 42), std::nullopt) << bad;
    }
}

}  // namespace
}  // namespace paperd::daemon
