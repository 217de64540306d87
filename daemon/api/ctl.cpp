#include "daemon/api/ctl.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/api/ask.h"
#include "daemon/api/places.h"
#include "daemon/api/token.h"
#include "daemon/process/progress.h"
#include "execution/types/command.h"
#include "execution/types/json_text.h"
#include "execution/types/printable.h"

namespace paperd::daemon {

namespace {

namespace json = boost::json;
using boost::system::in_place_value;

// No figure of a run is so large; JSON's 1e999 is infinite.
constexpr double kNumberMax = 1e18;

const json::value* find(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value == nullptr || value->is_null() ? nullptr : value;
}

std::string text(const json::object& object, std::string_view key) {
    const json::value* value = find(object, key);
    // Another program's words: who listens on a port need not be a paperd.
    return value != nullptr && value->is_string() ? for_terminal_line(value->get_string()) : "-";
}

// A number shown by `show`, which takes a double.
template <class Show>
std::string number(const json::object& object, std::string_view key, Show show) {
    const json::value* value = find(object, key);
    if (value == nullptr || !value->is_number()) {
        return "-";
    }
    const auto given = value->to_number<double>();
    return std::abs(given) < kNumberMax ? show(given) : "-";
}

std::string count_text(double value) { return grouped_text(static_cast<std::int64_t>(value)); }

std::string plain_text(double value) { return fmt::format("{:.0f}", value); }

// "1,234,567.89"; a display, so the double's 15 digits are enough.
std::string money_text(double value) {
    std::string digits = fmt::format("{:.2f}", std::abs(value));
    const std::size_t point = digits.find('.');
    for (std::size_t i = point; i > 3;) {
        i -= 3;
        digits.insert(i, ",");
    }
    return (value < 0 ? "-" : "") + digits;
}

std::string percent_text(double value) { return fmt::format("{:.2f}%", 100 * value); }

std::string mebibytes_text(double bytes) { return fmt::format("{:.1f} MiB", bytes / (1 << 20)); }

std::string seconds_text(double value) { return fmt::format("{:.1f} s", value); }

std::string milliseconds_text(double seconds) { return fmt::format("{:.2f} ms", 1e3 * seconds); }

void add_line(std::string& out, std::string_view name, const std::string& value) {
    out += fmt::format("{:<11}{}\n", name, value);
}

std::string model_line(const json::object& status) {
    const json::value* model = find(status, "model");
    if (model == nullptr || !model->is_object()) {
        return "none";
    }
    const json::object& facts = model->get_object();
    const json::value* expired = find(facts, "expired");
    return fmt::format("{}, trained until {}, {} days ago{}", text(facts, "architecture"),
                       text(facts, "trained_until"), number(facts, "age_days", count_text),
                       expired != nullptr && *expired == true ? ", EXPIRED" : "");
}

std::string database_line(const json::object& status) {
    std::string line = fmt::format("{}, {}", text(status, "database_path"),
                                   number(status, "database_bytes", mebibytes_text));
    const json::value* commits = find(status, "commits");
    if (commits != nullptr && commits->is_object()) {
        line += fmt::format(", commit p50 {}, p99 {}",
                            number(commits->get_object(), "p50_s", milliseconds_text),
                            number(commits->get_object(), "p99_s", milliseconds_text));
    }
    return line;
}

void add_positions(std::string& out, const json::object& status) {
    const json::value* positions = find(status, "positions");
    if (positions == nullptr || !positions->is_array() || positions->get_array().empty()) {
        add_line(out, "positions", "none");
        return;
    }
    out +=
        fmt::format("\n{:<12}{:>16}{:>18}{:>18}\n", "position", "quantity", "value", "unrealized");
    for (const json::value& value : positions->get_array()) {
        if (!value.is_object()) {
            continue;
        }
        const json::object& position = value.get_object();
        out += fmt::format(
            "{:<12}{:>16}{:>18}{:>18}\n", text(position, "symbol"),
            number(position, "quantity", [](double q) { return fmt::format("{}", q); }),
            number(position, "value", money_text), number(position, "unrealized", money_text));
    }
}

Result<json::object> parse_object(std::string_view text) {
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    if (error || !value.is_object()) {
        return fail("the answer is not a JSON object; is a paperd listening on this port?");
    }
    return value.get_object();
}

// The sentence in {"error": "..."}.
std::string refusal_text(const HttpReply& answer) {
    const auto object = parse_object(answer.body);
    const std::string sentence = object.has_error() ? std::string("-") : text(*object, "error");
    return sentence == "-" ? fmt::format("HTTP status {}", answer.status) : sentence;
}

Result<Place> find_daemon(const CtlOptions& options) {
    if (!options.socket.empty()) {
        return Place{.socket = options.socket};
    }
    if (options.port) {
        return Place{.port = *options.port};
    }
    if (!options.db.empty()) {
        return Place{.socket = socket_path_of(options.db)};
    }
    TRY_LET(auto only, only_file_ending(".", "-socket"));
    return Place{.socket = std::move(only)};
}

Result<std::string> find_token(const CtlOptions& options) {
    if (!options.token_file.empty()) {
        return {in_place_value, options.token_file};
    }
    if (!options.db.empty()) {
        return {in_place_value, token_path_of(options.db)};
    }
    auto only = only_file_ending(".", "-token");
    if (only.has_error()) {
        return fail(
            "commands to a port need the daemon's token: name its file with --token-file, "
            "or the database with --db FILE",
            ErrorKind::usage);
    }
    return only;
}

Result<std::string> show_status(const CtlOptions& options) {
    TRY_LET(const auto place, find_daemon(options));
    TRY_LET(const auto answer, ask(place, {.target = "/api/v1/status"}));
    if (answer.status != 200) {
        return fail(fmt::format("the daemon refused: {}", refusal_text(answer)));
    }
    if (options.json) {
        return {in_place_value, for_terminal(answer.body)};
    }
    return status_table(answer.body);
}

Result<std::string> send_command(const CtlOptions& options) {
    TRY_LET(const auto place, find_daemon(options));
    HttpRequest request{.method = "POST",
                        .target = "/api/v1/commands/" + options.verb,
                        .fields = {{"Content-Type", "application/json"}}};
    JsonObject object(request.body);
    object.field("note", options.note).close();
    std::string token_file;
    if (place.socket.empty()) {
        TRY_LET(token_file, find_token(options));
        TRY_LET(const auto token, read_token(token_file));
        request.fields.push_back({"Authorization", "Bearer " + token});
    }
    TRY_LET(const auto answer, ask(place, request));
    if (answer.status == 401) {
        return fail(fmt::format(
            "the daemon on port {} does not know the token in {}; it wrote its own beside its "
            "database unless server.token_file says otherwise: give that file with --token-file, "
            "or the database with --db",
            place.port, token_file));
    }
    if (answer.status != 202) {
        return fail(fmt::format("the daemon refused '{}': {}", options.verb, refusal_text(answer)));
    }
    if (options.json) {
        return {in_place_value, for_terminal(answer.body)};
    }
    const auto taken = parse_object(answer.body);
    if (taken.has_error()) {
        return taken.error();
    }
    return {in_place_value,
            fmt::format("{}: taken as command {}; it takes effect at the start of the next slice\n",
                        options.verb, number(*taken, "id", count_text))};
}

}  // namespace

Result<std::string> status_table(std::string_view json_text) {
    TRY_LET(const auto parsed, parse_object(json_text));
    const json::object& status = parsed;
    std::string out;
    add_line(out, "run",
             fmt::format("{} ({}, paperd {})", text(status, "title"), text(status, "mode"),
                         text(status, "version")));
    add_line(out, "process",
             fmt::format("{}, up {}, {} resident", text(status, "state"),
                         number(status, "uptime_s", duration_text),
                         number(status, "resident_bytes", mebibytes_text)));
    if (find(status, "paused_because") != nullptr) {
        add_line(out, "PAUSED", text(status, "paused_because"));
    }
    add_line(out, "doors",
             fmt::format("127.0.0.1:{}, {}", number(status, "port", plain_text),
                         text(status, "socket")));
    const std::string reason = text(status, "trading_state_reason");
    add_line(out, "trading",
             reason == "none" || reason == "-"
                 ? text(status, "trading_state")
                 : fmt::format("{} ({}): {}", text(status, "trading_state"), reason,
                               text(status, "trading_state_text")));
    add_line(
        out, "data",
        fmt::format("slice {} closed at {}, age {}", number(status, "last_slice_id", count_text),
                    text(status, "last_slice_at"), number(status, "data_age_s", seconds_text)));
    add_line(out, "so far",
             fmt::format(
                 "{} slices ({} in the model's training days), {} bars, {} decisions, {} "
                 "fills",
                 number(status, "slices", count_text),
                 number(status, "in_sample_slices", count_text), number(status, "bars", count_text),
                 number(status, "decisions", count_text), number(status, "fills", count_text)));
    add_line(out, "orders",
             fmt::format("{} working", number(status, "orders_working", count_text)));
    add_line(out, "account",
             fmt::format("equity {} {}, cash {}, gross {}, drawdown {}",
                         number(status, "equity", money_text), text(status, "currency"),
                         number(status, "cash", money_text), number(status, "gross", money_text),
                         number(status, "drawdown", percent_text)));
    add_line(out, "model", model_line(status));
    add_line(out, "database", database_line(status));
    add_line(out, "last error",
             find(status, "last_error") == nullptr ? "none" : text(status, "last_error"));
    add_positions(out, status);
    return {in_place_value, std::move(out)};
}

Result<std::string> ctl(const CtlOptions& options) {
    if (options.verb == "status") {
        return show_status(options);
    }
    if (!command_named(options.verb)) {
        return fail(fmt::format("'{}' is unknown; there are status, {}", options.verb,
                                fmt::join(kCommandNames, ", ")),
                    ErrorKind::usage);
    }
    return send_command(options);
}

}  // namespace paperd::daemon
