#include "daemon/api/routes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "daemon/api/metrics.h"
#include "daemon/api/token.h"
#include "daemon/process/logging.h"
#include "execution/types/json_text.h"

namespace paperd::daemon {

namespace {

using boost::system::in_place_value;

constexpr const char* kJson = "application/json";
constexpr const char* kText = "text/plain; charset=utf-8";
constexpr std::string_view kCommands = "/api/v1/commands/";

// The note in the body: {"note": "..."}, or nothing at all.
Result<std::string> parse_note(std::string_view body) {
    if (body.empty()) {
        return {in_place_value};
    }
    boost::system::error_code error;
    const boost::json::value value = boost::json::parse(body, error);
    if (error || !value.is_object()) {
        return fail("the body is not a JSON object; send {\"note\": \"why\"} or nothing");
    }
    std::string note;
    for (const auto& [key, member] : value.get_object()) {
        if (key != "note" || !member.is_string()) {
            return fail("the body may hold one member, \"note\", with a text");
        }
        note = member.get_string();
    }
    if (note.size() > kNoteCharsMax) {
        return fail(fmt::format("the note is longer than {} bytes", kNoteCharsMax));
    }
    return {in_place_value, std::move(note)};
}

bool authorized(std::string_view authorization, const Caller& caller) {
    constexpr std::string_view kScheme = "Bearer ";
    return caller.trusted || (!caller.token.empty() && authorization.starts_with(kScheme) &&
                              token_equal(authorization.substr(kScheme.size()), caller.token));
}

// No cache may keep an answer and no browser guess at its type.
HttpReply reply_of(unsigned status, std::string_view content_type, std::string body) {
    return {.status = status,
            .fields = {{"Content-Type", std::string(content_type)},
                       {"Cache-Control", "no-store"},
                       {"X-Content-Type-Options", "nosniff"}},
            .body = std::move(body)};
}

HttpReply command_reply(CommandKind kind, const HttpRequest& request, StatusSource& source,
                        const Caller& caller) {
    if (!authorized(request.field("Authorization"), caller)) {
        log_warn("command_refused", {{"command", command_name(kind)}, {"why", "token"}});
        HttpReply reply = error_reply(
            401,
            "commands need the header 'Authorization: Bearer TOKEN' with the token in the daemon's "
            "token file");
        reply.fields.push_back({"WWW-Authenticate", "Bearer"});
        return reply;
    }
    auto note = parse_note(request.body);
    if (note.has_error()) {
        return error_reply(400, note.error().text);
    }
    const auto id = source.submit(kind, std::move(*note));
    if (id.has_error()) {
        log_warn("command_refused", {{"command", command_name(kind)}, {"why", id.error().text}});
        return error_reply(409, id.error().text);
    }
    log_info("command_taken", {{"command", command_name(kind)}, {"id", *id}});
    std::string body;
    JsonObject object(body);
    object.field("id", *id).field("command", command_name(kind)).close();
    return reply_of(202, kJson, body + "\n");
}

HttpReply not_allowed(std::string_view method) {
    HttpReply reply = error_reply(405, fmt::format("this address takes {} requests only", method));
    reply.fields.push_back({"Allow", std::string(method)});
    return reply;
}

HttpReply health_reply(const StatusSource& source) {
    std::string why;
    if (source.healthy(why)) {
        return reply_of(200, kText, "ok\n");
    }
    return reply_of(503, kText, why + "\n");
}

}  // namespace

HttpReply error_reply(unsigned status, std::string_view sentence) {
    std::string body;
    JsonObject object(body);
    object.field("error", sentence).close();
    return reply_of(status, kJson, body + "\n");
}

bool is_local_host(std::string_view host) {
    const std::size_t colon = host.find(':');
    const std::string_view name = host.substr(0, colon);
    const std::string_view port = colon == std::string_view::npos ? "0" : host.substr(colon + 1);
    if (port.empty() || port.size() > 5 ||
        port.find_first_not_of("0123456789") != std::string_view::npos) {
        return false;
    }
    constexpr std::string_view kLocalhost = "localhost";
    return name == "127.0.0.1" ||
           std::equal(name.begin(), name.end(), kLocalhost.begin(), kLocalhost.end(),
                      [](char a, char b) { return (a | 0x20) == b; });
}

HttpReply answer(const HttpRequest& request, StatusSource& source, const Caller& caller) {
    if (!is_local_host(request.field("Host"))) {
        return error_reply(403,
                           "the Host header must be localhost or 127.0.0.1: paperd answers "
                           "programs on its own machine only");
    }
    const std::string_view target = request.target;
    const std::string_view path = target.substr(0, target.find('?'));
    if (path.starts_with(kCommands)) {
        const auto kind = command_named(path.substr(kCommands.size()));
        if (kind) {
            return request.method == "POST" ? command_reply(*kind, request, source, caller)
                                            : not_allowed("POST");
        }
        return error_reply(404,
                           "there is no such command; there are halt, reduce, resume, flatten "
                           "and reload");
    }
    const bool health = path == "/healthz";
    const bool status = path == "/api/v1/status";
    if (!health && !status && path != "/metrics") {
        return error_reply(404,
                           "nothing is here; there are /healthz, /metrics, /api/v1/status and "
                           "/api/v1/commands/COMMAND");
    }
    if (request.method != "GET" && request.method != "HEAD") {
        return not_allowed("GET");
    }
    if (health) {
        return health_reply(source);
    }
    if (status) {
        return reply_of(200, kJson, source.status_json() + "\n");
    }
    return reply_of(200, kMetricsContentType, source.metrics_text());
}

}  // namespace paperd::daemon
