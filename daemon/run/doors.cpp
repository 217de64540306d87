#include "daemon/run/doors.h"

#include <memory>
#include <utility>

#include <unistd.h>

#include "daemon/api/places.h"
#include "daemon/api/token.h"
#include "daemon/net/listeners.h"
#include "daemon/process/logging.h"
#include "daemon/run/api_handler.h"

namespace paperd::daemon {

Doors::~Doors() {
    if (!made_token_.empty()) {
        ::unlink(made_token_.c_str());
    }
}

Result<void> Doors::open(const boost::asio::any_io_executor& executor, Timers& timers,
                         const config::ServerSettings& settings, const std::string& db_path,
                         StatusSource& source) {
    // All that can fail comes before anything is served.
    auto listener = TcpListener::open(executor, settings.port);
    if (listener.has_error()) {
        return fail("server.port: " + listener.error().text, listener.error().kind);
    }
    const std::string token_file =
        settings.token_file.empty() ? token_path_of(db_path) : settings.token_file;
    TRY_LET(auto token, load_or_create_token(token_file));
    made_token_ = token.created ? token_file : "";
    std::unique_ptr<UnixListener> unix_listener;
    if (settings.socket != "off") {
        TRY_LET(unix_listener,
                UnixListener::open(
                    executor, settings.socket.empty() ? socket_path_of(db_path) : settings.socket));
        socket_ = unix_listener->path();
        at_socket_.emplace(timers, api_handler(source, {.trusted = true}));
        at_socket_->serve(executor, std::move(unix_listener));
    }
    port_ = (*listener)->port();
    at_port_.emplace(timers, api_handler(source, {.token = std::move(token.text)}));
    at_port_->serve(executor, *std::move(listener));
    log_info("serving", {{"port", static_cast<std::int64_t>(port_)}, {"socket", socket_}});
    return {};
}

void Doors::stop() {
    if (at_port_) {
        at_port_->stop();
    }
    if (at_socket_) {
        at_socket_->stop();
    }
}

}  // namespace paperd::daemon
