// What joins the API's routes to an HTTP server: one handler a door, by who comes through it.
#pragma once

#include <utility>

#include "daemon/api/routes.h"
#include "daemon/net/http_server.h"

namespace paperd::daemon {

// Answers every request from `source`, which outlives the server.
inline HttpHandler api_handler(StatusSource& source, Caller caller) {
    return {.answer = [&source, caller = std::move(caller)](
                          const HttpRequest& request) { return answer(request, source, caller); },
            .refuse = error_reply};
}

}  // namespace paperd::daemon
