// Which request gets which answer: plain values, no network. The server (daemon/net/http_server.h)
// reads requests off connections and writes the answers.
//
//     GET  /healthz                    200 "ok" or 503 and why, as text
//     GET  /api/v1/status              JSON
//     GET  /metrics                    Prometheus
//     POST /api/v1/commands/COMMAND    202 {"id": 7, ...}; an optional JSON body {"note": "why"};
//                                      over TCP with Authorization: Bearer TOKEN
//
// HEAD works where GET does. Everything else is refused with {"error": "a sentence"}.
#pragma once

#include <string>
#include <string_view>

#include "daemon/api/status_source.h"
#include "daemon/net/http_message.h"

namespace paperd::daemon {

inline constexpr std::size_t kNoteCharsMax = 500;

// Who asks, by the door they came through.
struct Caller {
    std::string token = {};  // what commands need
    bool trusted = false;    // the Unix socket, which is the owner's alone: they need none
};

HttpReply answer(const HttpRequest& request, StatusSource& source, const Caller& caller);

HttpReply error_reply(unsigned status, std::string_view sentence);

// Whether a Host header names this machine. Web pages elsewhere can make a browser here connect to
// 127.0.0.1 under their own name (DNS rebinding); the name gives them away.
bool is_local_host(std::string_view host);

}  // namespace paperd::daemon
