#include "daemon/process/systemd_notify.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace paperd::daemon {

namespace {

std::optional<std::int64_t> parse_positive(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value <= 0) {
        return std::nullopt;
    }
    return value;
}

Error cannot_notify(const std::string& socket, std::string_view why) {
    return fail(fmt::format("cannot notify systemd at '{}' (NOTIFY_SOCKET): {}", socket, why));
}

}  // namespace

SystemdNotifier::SystemdNotifier(std::string socket) : socket_(std::move(socket)) {}

SystemdNotifier SystemdNotifier::from_environment() {
    const char* socket = std::getenv("NOTIFY_SOCKET");
    return SystemdNotifier(socket == nullptr ? "" : socket);
}

Result<void> SystemdNotifier::ready() { return send("READY=1"); }

Result<void> SystemdNotifier::stopping() { return send("STOPPING=1"); }

Result<void> SystemdNotifier::watchdog() { return send("WATCHDOG=1"); }

Result<void> SystemdNotifier::status(std::string_view text) {
    std::string message = fmt::format("STATUS={}", text);
    std::replace_if(
        message.begin(), message.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return send(message);
}

Result<void> SystemdNotifier::send(std::string_view message) {
    if (socket_.empty()) {
        return {};
    }
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket_[0] != '/' && socket_[0] != '@') {
        return cannot_notify(socket_, "only a path or an abstract socket is supported");
    }
    if (socket_.size() >= sizeof(address.sun_path)) {
        return cannot_notify(socket_, "the name is too long for a Unix socket");
    }
    std::memcpy(address.sun_path, socket_.data(), socket_.size());
    if (socket_[0] == '@') {
        address.sun_path[0] = '\0';
    }
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return cannot_notify(socket_, std::generic_category().message(errno));
    }
    const ssize_t sent = ::sendto(descriptor, message.data(), message.size(), MSG_NOSIGNAL,
                                  reinterpret_cast<const sockaddr*>(&address), length);
    const int send_errno = errno;
    ::close(descriptor);
    if (sent != static_cast<ssize_t>(message.size())) {
        return cannot_notify(socket_, std::generic_category().message(send_errno));
    }
    return {};
}

std::optional<std::chrono::microseconds> watchdog_interval(const char* watchdog_usec,
                                                           const char* watchdog_pid, pid_t self) {
    if (watchdog_usec == nullptr) {
        return std::nullopt;
    }
    if (watchdog_pid != nullptr && parse_positive(watchdog_pid) != self) {
        return std::nullopt;  // meant for another process that passed its environment on
    }
    const auto interval = parse_positive(watchdog_usec);
    if (!interval) {
        return std::nullopt;
    }
    return std::chrono::microseconds(*interval);
}

std::optional<std::chrono::microseconds> watchdog_interval_from_environment() {
    return watchdog_interval(std::getenv("WATCHDOG_USEC"), std::getenv("WATCHDOG_PID"), ::getpid());
}

}  // namespace paperd::daemon
