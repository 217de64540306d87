#include "daemon/process/progress.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace paperd::daemon {

namespace {

constexpr double kRedrawSeconds = 0.1;
constexpr double kRateSeconds = 0.1;  // sooner, a rate says nothing
constexpr int kBarColumnsMax = 40;
constexpr int kBarColumnsMin = 5;
constexpr std::string_view kClearLine = "\r\x1b[K";

// The terminal that shows a progress line, or -1.
std::atomic<int> line_on_screen{-1};

// Progress is a courtesy: a terminal that has gone away is no reason to stop the work.
void write_text(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written <= 0) {
            return;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

std::string grouped_text(std::int64_t value) {
    std::string text = std::to_string(value);
    const std::size_t digits_from = value < 0 ? 1 : 0;
    for (std::size_t i = text.size(); i > digits_from + 3;) {
        i -= 3;
        text.insert(i, ",");
    }
    return text;
}

std::string duration_text(double seconds) {
    const auto total = static_cast<std::int64_t>(std::llround(std::clamp(seconds, 0.0, 3.6e8)));
    if (total < 3600) {
        return fmt::format("{}:{:02}", total / 60, total % 60);
    }
    return fmt::format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
}

std::string progress_line(std::string_view what, std::string_view unit, std::int64_t done,
                          std::int64_t total, double elapsed_s, int columns,
                          std::string_view note) {
    const auto width = static_cast<std::size_t>(std::max(columns - 1, 0));
    std::string line;
    if (total <= 0) {
        line =
            fmt::format("{} {} {}, {}", what, grouped_text(done), unit, duration_text(elapsed_s));
        return line.substr(0, width);
    }
    const double fraction =
        std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0);
    std::string tail = fmt::format(" {:3}% {}/{} {}", static_cast<int>(fraction * 100),
                                   grouped_text(done), grouped_text(total), unit);
    if (done > 0) {
        const double left_s = elapsed_s * (1 - fraction) / fraction;
        tail += fmt::format(" ETA {}", duration_text(left_s));
    }
    if (!note.empty() && elapsed_s >= kRateSeconds) {
        const auto rate = std::llround(static_cast<double>(done) / elapsed_s);
        tail += fmt::format(", {}/s, {}", grouped_text(rate), note);
    }
    line = std::string(what);
    const int room = static_cast<int>(width) - static_cast<int>(line.size() + tail.size()) - 3;
    if (room >= kBarColumnsMin) {
        const int bar = std::min(room, kBarColumnsMax);
        const int full = static_cast<int>(fraction * bar);
        line += fmt::format(" [{:#<{}}{:-<{}}]", "", full, "", bar - full);
    }
    return (line + tail).substr(0, width);
}

ProgressOutput stderr_progress() {
    ProgressOutput output{.descriptor = STDERR_FILENO, .terminal = ::isatty(STDERR_FILENO) == 1};
    winsize size{};
    if (output.terminal && ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        output.columns = size.ws_col;
    }
    return output;
}

void clear_progress_line() {
    const int descriptor = line_on_screen.exchange(-1);
    if (descriptor >= 0) {
        write_text(descriptor, kClearLine);
    }
}

Progress::Progress(std::string what, std::string unit, std::int64_t total, ProgressOutput output)
    : what_(std::move(what)), unit_(std::move(unit)), total_(total), output_(output) {}

Progress::~Progress() { clear_progress_line(); }

void Progress::update(std::int64_t done, std::string_view note) {
    done_ = done;
    if (!output_.terminal) {
        return;
    }
    const double now_s = watch_.seconds();
    if (drawn_at_s_ >= 0 && now_s - drawn_at_s_ < kRedrawSeconds) {
        return;
    }
    drawn_at_s_ = now_s;
    write_text(output_.descriptor, fmt::format("{}{}", kClearLine,
                                               progress_line(what_, unit_, done_, total_, now_s,
                                                             output_.columns, note)));
    line_on_screen = output_.descriptor;
}

void Progress::finish() {
    clear_progress_line();
    const double elapsed_s = watch_.seconds();
    std::string line =
        fmt::format("{}: {} {} in {:.1f} s", what_, grouped_text(done_), unit_, elapsed_s);
    if (elapsed_s >= kRateSeconds) {
        const auto rate = std::llround(static_cast<double>(done_) / elapsed_s);
        line += fmt::format(" ({} {}/s)", grouped_text(rate), unit_);
    }
    write_text(output_.descriptor, line + "\n");
}

}  // namespace paperd::daemon
