// The API on a free port and a Unix socket, with a thread that runs it, and raw sockets to talk to
// it. Asio stays in the .cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "daemon/api/status_source.h"
#include "daemon/net/http_server.h"

namespace paperd::daemon {

class RunningServer {
public:
    explicit RunningServer(StatusSource& source, HttpLimits limits = {});

    // stop(), where it was not called.
    ~RunningServer();

    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    [[nodiscard]] int port() const;
    [[nodiscard]] const std::string& socket() const;

    // The thread ends; what the server had under way stays as it is.
    void abandon();

    // Stops gracefully and returns when the io_context has nothing left to do.
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// A plain connection to a port of 127.0.0.1, or to a Unix socket; reads give up after five seconds.
class RawConnection {
public:
    explicit RawConnection(int port);
    explicit RawConnection(const std::string& socket);
    ~RawConnection();
    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;

    void send(std::string_view bytes) const;

    // Until `end` was seen, or the other side closed.
    [[nodiscard]] std::string read_until(std::string_view end) const;

    // Until the other side closed.
    [[nodiscard]] std::string read_all() const;

private:
    int descriptor_;
};

// Sends one request on a connection of its own and reads until the server closes.
std::string exchange(int port, std::string_view bytes);

}  // namespace paperd::daemon
