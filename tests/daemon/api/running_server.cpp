#include "tests/daemon/api/running_server.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/net/listeners.h"
#include "daemon/run/api_handler.h"
#include "tests/daemon/api/fake_source.h"

namespace paperd::daemon {

namespace {

std::string socket_name() {
    static int made = 0;
    return testing::TempDir() + "paperd_api_" + std::to_string(::getpid()) + "_" +
           std::to_string(++made) + "-socket";
}

timeval patience() { return {.tv_sec = 5, .tv_usec = 0}; }

}  // namespace

struct RunningServer::Parts {
    std::optional<HttpServer> at_port;
    std::optional<HttpServer> at_socket;
    boost::asio::io_context context{1};
    SteadyTimers timers{context.get_executor()};
    int port = 0;
    std::string socket = socket_name();
    std::thread thread;
};

RunningServer::RunningServer(StatusSource& source, HttpLimits limits)
    : parts_(std::make_unique<Parts>()) {
    const auto executor = parts_->context.get_executor();
    auto port = TcpListener::open(executor, 0);
    auto socket = UnixListener::open(executor, parts_->socket);
    EXPECT_FALSE(port.has_error()) << port.error().text;
    EXPECT_FALSE(socket.has_error()) << socket.error().text;
    parts_->port = (*port)->port();
    parts_->at_port.emplace(parts_->timers, api_handler(source, {.token = kTestToken}), limits);
    parts_->at_port->serve(executor, std::move(*port));
    parts_->at_socket.emplace(parts_->timers, api_handler(source, {.trusted = true}), limits);
    parts_->at_socket->serve(executor, std::move(*socket));
    parts_->thread = std::thread([parts = parts_.get()] { parts->context.run(); });
}

RunningServer::~RunningServer() { stop(); }

int RunningServer::port() const { return parts_->port; }

const std::string& RunningServer::socket() const { return parts_->socket; }

void RunningServer::abandon() {
    parts_->context.stop();
    parts_->thread.join();
}

void RunningServer::stop() {
    if (parts_->thread.joinable()) {
        boost::asio::post(parts_->context, [parts = parts_.get()] {
            parts->at_port->stop();
            parts->at_socket->stop();
        });
        parts_->thread.join();
        EXPECT_EQ(parts_->at_port->seats_taken(), 0U);
        EXPECT_EQ(parts_->at_socket->seats_taken(), 0U);
    }
}

RawConnection::RawConnection(int port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval wait = patience();
    EXPECT_EQ(::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)), 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
              0);
}

RawConnection::RawConnection(const std::string& socket)
    : descriptor_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    const timeval wait = patience();
    EXPECT_EQ(::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)), 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    EXPECT_LT(socket.size(), sizeof(address.sun_path));
    socket.copy(address.sun_path, sizeof(address.sun_path) - 1);
    EXPECT_EQ(::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
              0);
}

RawConnection::~RawConnection() { ::close(descriptor_); }

void RawConnection::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return;  // the server has closed; what it said can still be read
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string RawConnection::read_until(std::string_view end) const {
    std::string text;
    std::array<char, 4096> buffer{};
    while (end.empty() || text.find(end) == std::string::npos) {
        const ssize_t got = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
        if (got <= 0) {
            EXPECT_TRUE(got == 0 || errno != EAGAIN) << "the server neither answered nor closed";
            break;
        }
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
}

std::string RawConnection::read_all() const { return read_until(""); }

std::string exchange(int port, std::string_view bytes) {
    const RawConnection connection(port);
    connection.send(bytes);
    return connection.read_all();
}

}  // namespace paperd::daemon
