#include "daemon/process/logging.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <unistd.h>

#include "daemon/process/progress.h"
#include "execution/types/json_text.h"

namespace paperd::daemon {

namespace {

// The frame around a line's body; spdlog supplies the instant and the level's name.
constexpr const char* kTextPattern = "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v";
constexpr const char* kJsonPattern = R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";

std::atomic<std::int64_t> lines_dropped{0};
std::atomic<std::int64_t> lines_dropped_unsaid{0};

// 0: no slice was committed yet. 1970 is no time of a market.
std::atomic<std::int64_t> market_ns{0};

bool started = false;

void drop_line() {
    ++lines_dropped;
    ++lines_dropped_unsaid;
}

// Lines to stderr: whole or not at all, and never longer than kPatience in a pipe that nobody
// empties (a pipe that poll() calls writable takes 4 KiB at once).
class StderrSink final : public spdlog::sinks::base_sink<std::mutex> {
protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        std::string_view rest(line.data(), line.size());
        while (!rest.empty()) {
            pollfd out{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
            const bool ready = ::poll(&out, 1, kPatienceMs) > 0;
            const ssize_t written =
                ready ? ::write(STDERR_FILENO, rest.data(), std::min(rest.size(), kPipeBytes)) : -1;
            if (written < 0 && ready && errno == EINTR) {
                continue;
            }
            if (written <= 0) {
                drop_line();
                return;
            }
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
    }

    void flush_() override {}

private:
    static constexpr int kPatienceMs = 100;
    static constexpr std::size_t kPipeBytes = 4096;
};

struct Log {
    spdlog::logger logger;
    config::LogFormat format;
    bool to_stderr;
};

Log make_log(spdlog::sink_ptr sink, spdlog::level::level_enum level, config::LogFormat format,
             bool to_stderr) {
    Log log{spdlog::logger("paperd", std::move(sink)), format, to_stderr};
    log.logger.set_level(level);
    log.logger.set_error_handler([](const std::string&) { drop_line(); });
    log.logger.flush_on(spdlog::level::trace);  // a line that explains a crash must be on disk
    log.logger.set_pattern(format == config::LogFormat::json ? kJsonPattern : kTextPattern,
                           spdlog::pattern_time_type::utc);
    return log;
}

std::unique_ptr<Log>& current_log() {
    static auto log = std::make_unique<Log>(make_log(
        std::make_shared<StderrSink>(), spdlog::level::info, config::LogFormat::text, true));
    return log;
}

struct NamedLevel {
    std::string_view name;
    spdlog::level::level_enum level;
};

constexpr std::array kLevels = {
    NamedLevel{"trace", spdlog::level::trace}, NamedLevel{"debug", spdlog::level::debug},
    NamedLevel{"info", spdlog::level::info}, NamedLevel{"warning", spdlog::level::warn},
    NamedLevel{"error", spdlog::level::err}};

spdlog::level::level_enum spdlog_level(LogLevel level) {
    return kLevels[static_cast<std::size_t>(level)].level;
}

bool is_secret(std::string_view name) {
    constexpr std::array<std::string_view, 6> kSecrets = {"token",   "password", "secret",
                                                          "api_key", "apikey",   "authorization"};
    return std::any_of(kSecrets.begin(), kSecrets.end(),
                       [&](std::string_view secret) { return name.ends_with(secret); });
}

bool is_plain_word(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < 0x7F && c != '"' && c != '\\' && c != '=';
    });
}

struct TextValue {
    std::string& out;

    void operator()(std::string_view text) const {
        if (is_plain_word(text)) {
            out += text;
        } else {
            append_json_string(out, text);
        }
    }

    void operator()(std::int64_t value) const {
        fmt::format_to(std::back_inserter(out), "{}", value);
    }

    void operator()(std::uint64_t value) const {
        fmt::format_to(std::back_inserter(out), "{}", value);
    }

    void operator()(double value) const { fmt::format_to(std::back_inserter(out), "{}", value); }

    void operator()(bool value) const { out += value ? "true" : "false"; }
};

// What `at` says where no field does; empty: there is none.
std::string market_time(LogFields fields) {
    const std::int64_t ns = market_ns.load();
    const bool given = std::any_of(fields.begin(), fields.end(),
                                   [](const LogField& field) { return field.name == "at"; });
    return given || ns == 0 ? std::string() : timestamp_text(from_ns(ns));
}

std::string text_body(std::string_view event, LogFields fields) {
    std::string body(event);
    if (const std::string at = market_time(fields); !at.empty()) {
        body += " at=" + at;
    }
    for (const LogField& field : fields) {
        body += ' ';
        body += field.name;
        body += '=';
        if (is_secret(field.name)) {
            body += "[hidden]";
        } else {
            std::visit(TextValue{body}, field.value);
        }
    }
    return body;
}

// The members of the object without its braces, which the pattern writes.
std::string json_body(std::string_view event, LogFields fields) {
    std::string body;
    JsonObject object(body);
    object.field("event", event);
    if (const std::string at = market_time(fields); !at.empty()) {
        object.field("at", at);
    }
    for (const LogField& field : fields) {
        if (is_secret(field.name)) {
            object.field(field.name, "[hidden]");
        } else {
            std::visit([&](auto value) { object.field(field.name, value); }, field.value);
        }
    }
    return body.substr(1);
}

}  // namespace

Result<void> start_logging(const config::LogSettings& settings) {
    const auto* const level =
        std::find_if(kLevels.begin(), kLevels.end(),
                     [&](const NamedLevel& known) { return known.name == settings.level; });
    if (level == kLevels.end()) {
        return fail(
            fmt::format("log.level: '{}' is unknown; use trace, debug, info, warning or error",
                        settings.level),
            ErrorKind::usage);
    }
    spdlog::sink_ptr sink;
    if (settings.file.empty()) {
        sink = std::make_shared<StderrSink>();
    } else {
        try {
            sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(settings.file);
        } catch (const spdlog::spdlog_ex& error) {
            return fail(
                fmt::format("log.file: {}; give a file in a directory that exists and that "
                            "this user may write",
                            error.what()));
        }
    }
    current_log() = std::make_unique<Log>(
        make_log(std::move(sink), level->level, settings.format, settings.file.empty()));
    std::signal(SIGPIPE, SIG_IGN);
    started = true;
    return {};
}

namespace {

void write_line(Log& log, LogLevel level, std::string_view event, LogFields fields) {
    const std::string body =
        log.format == config::LogFormat::json ? json_body(event, fields) : text_body(event, fields);
    if (log.to_stderr) {
        clear_progress_line();
    }
    log.logger.log(spdlog_level(level), spdlog::string_view_t(body.data(), body.size()));
}

}  // namespace

void log(LogLevel level, std::string_view event, LogFields fields) {
    Log& log = *current_log();
    if (!log.logger.should_log(spdlog_level(level))) {
        return;
    }
    const std::int64_t before = lines_dropped_unsaid.load();
    write_line(log, level, event, fields);
    const bool got_through = lines_dropped_unsaid.load() == before;
    if (before > 0 && got_through) {
        lines_dropped_unsaid -= before;
        write_line(log, LogLevel::warning, "log_lines_dropped", {{"lines", before}});
    }
}

void set_market_time(Timestamp at) { market_ns = to_ns(at); }

std::int64_t log_lines_dropped() { return lines_dropped.load(); }

bool logging_started() { return started; }

bool log_is_on_stderr() { return current_log()->to_stderr; }

}  // namespace paperd::daemon
