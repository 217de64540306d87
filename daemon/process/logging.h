// Structured log lines: an instant (`ts`: UTC, milliseconds, of the wall clock), a level, an
// event's name, the market's time (`at`, once there is one), and named values. As text for people
// and journald:
//     2026-11-20T14:30:00.123Z info    fill at=2026-11-20T14:30:00Z symbol=AAPL note="two words"
// or as one JSON object a line:
//     {"ts":"2026-11-20T14:30:00.123Z","level":"info","event":"fill","at":"2026-11-20T14:30...
// Before start_logging() lines go to stderr as text from info up. Any
// thread may log. Values of names that sound like secrets (token, password, ...) are never written.
// Nobody waits for the log: a line that its reader does not take (a pipe that is full or closed, a
// full disk) is dropped and counted, and the next one that gets through says how many were.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

#include "config/config.h"
#include "execution/types/result.h"
#include "execution/types/timestamp.h"

namespace paperd::daemon {

// {"slice", 12}, {"symbol", "AAPL"}, {"p99_s", 0.003}, {"in_sample", true}. Names are snake_case;
// "ts", "level" and "event" are taken; a field "at" stands in the place of the market's time. Views
// only: the values outlive the call.
struct LogField {
    std::string_view name;
    std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value;
};

using LogFields = std::initializer_list<LogField>;

enum class LogLevel : std::uint8_t { trace, debug, info, warning, error };

// Where the lines go from now on, and from which level up; a pipe that closes no longer ends the
// process (SIGPIPE is ignored from here on). Error: unknown level, or the file cannot
// be opened for appending; the lines then go on as before.
Result<void> start_logging(const config::LogSettings& settings);

void log(LogLevel level, std::string_view event, LogFields fields);

// The close of the slice that the market has come to: `at` of every line from now on.
void set_market_time(Timestamp at);

// Since the process started.
std::int64_t log_lines_dropped();

// Whether start_logging() was called, so that what ends the process belongs into the log.
bool logging_started();

// Whether people see the lines where they see the process's own words on stderr.
bool log_is_on_stderr();

inline void log_debug(std::string_view event, LogFields fields = {}) {
    log(LogLevel::debug, event, fields);
}

inline void log_info(std::string_view event, LogFields fields = {}) {
    log(LogLevel::info, event, fields);
}

inline void log_warn(std::string_view event, LogFields fields = {}) {
    log(LogLevel::warning, event, fields);
}

inline void log_error(std::string_view event, LogFields fields = {}) {
    log(LogLevel::error, event, fields);
}

}  // namespace paperd::daemon
