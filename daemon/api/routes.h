// Which request gets which answer: plain values, no network. The server (daemon/net/http_server.h)
// reads requests off sockets and writes the answers.
//
//     GET  /healthz                    200 "ok" or 503 and why, as text
//     GET  /api/v1/status              JSON
//     GET  /metrics                    Prometheus
//     POST /api/v1/commands/COMMAND    202 {"id": 7, ...}; Authorization: Bearer TOKEN; an optional
//                                      JSON body {"note": "why"}
//
// HEAD works where GET does. Everything else is refused with {"error": "a sentence"}.
#pragma once

#include <string>
#include <string_view>

#include "daemon/api/status_source.h"

namespace paperd::daemon {

inline constexpr std::size_t kNoteCharsMax = 500;

// Header fields are as sent; empty when absent.
struct HttpRequest {
    std::string_view method;
    std::string_view target;
    std::string_view host;
    std::string_view authorization;
    std::string_view body;
};

struct HttpReply {
    unsigned status = 200;
    std::string content_type;
    std::string body;
    std::string_view allow = {};  // with 405: the method that works
};

HttpReply answer(const HttpRequest& request, StatusSource& source, std::string_view token);

HttpReply error_reply(unsigned status, std::string_view sentence);

// Whether a Host header names this machine. Web pages elsewhere can make a browser here connect to
// 127.0.0.1 under their own name (DNS rebinding); the name gives them away.
bool is_local_host(std::string_view host);

}  // namespace paperd::daemon
