#include "tests/daemon/api/running_server.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/daemon/api/fake_source.h"

namespace paperd::daemon {

struct RunningServer::Parts {
    boost::asio::io_context context{1};
    std::unique_ptr<HttpServer> server;
    std::thread thread;
};

RunningServer::RunningServer(StatusSource& source, HttpLimits limits)
    : parts_(std::make_unique<Parts>()) {
    auto server = HttpServer::start(parts_->context, 0, kTestToken, source, limits);
    EXPECT_FALSE(server.has_error()) << server.error().text;
    parts_->server = std::move(*server);
    parts_->thread = std::thread([parts = parts_.get()] { parts->context.run(); });
}

RunningServer::~RunningServer() { stop(); }

int RunningServer::port() const { return parts_->server->port(); }

void RunningServer::stop() {
    if (parts_->thread.joinable()) {
        boost::asio::post(parts_->context, [parts = parts_.get()] { parts->server->stop(); });
        parts_->thread.join();
        EXPECT_EQ(parts_->server->sessions(), 0U);
    }
}

RawConnection::RawConnection(int port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    EXPECT_EQ(::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
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
