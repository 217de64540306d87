// The daemon's two doors: a TCP port on loopback, whose commands need the token, and a Unix socket
// beside the database, whose commands need none, as it is the owner's alone. Each has seats of its
// own, so that whoever crowds one does not close the other.
#pragma once

#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "config/config.h"
#include "daemon/api/status_source.h"
#include "daemon/net/http_server.h"
#include "daemon/net/timers.h"
#include "execution/types/result.h"

namespace paperd::daemon {

class Doors {
public:
    Doors() = default;
    Doors(const Doors&) = delete;
    Doors& operator=(const Doors&) = delete;
    ~Doors();

    // Opens both and answers from then on with what `source` says; asked before the database is
    // made, so that a door that is taken costs nothing. The doors outlive what runs on the context;
    // `timers` and `source` live as long as it does. Errors: a port or a socket that is taken (the
    // remedy names server.port or server.socket), a token file that is no good.
    Result<void> open(const boost::asio::any_io_executor& executor, Timers& timers,
                      const config::ServerSettings& settings, const std::string& db_path,
                      StatusSource& source);

    // The database is the run's: a token that open() made stays for the processes to come. Without
    // this it goes with the doors, as a start that was refused leaves nothing behind.
    void keep_token() { made_token_.clear(); }

    // Accepts no more; answers that are being written end.
    void stop();

    [[nodiscard]] int port() const { return port_; }  // 0: none

    [[nodiscard]] const std::string& socket() const { return socket_; }  // empty: none

private:
    std::optional<HttpServer> at_port_;
    std::optional<HttpServer> at_socket_;
    int port_ = 0;
    std::string socket_;
    std::string made_token_;  // its file, until it is kept
};

}  // namespace paperd::daemon
