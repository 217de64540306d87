// How far long work has come. On a terminal: one line redrawn in place, with a bar and the time
// left. Elsewhere (pipe, file, journald): nothing until the end. In both: one final line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/process/wall_clock.h"

namespace paperd::daemon {

// Where progress is drawn; `columns` counts on a terminal only.
struct ProgressOutput {
    int descriptor = 2;
    bool terminal = false;
    int columns = 80;
};

// stderr as it is now.
ProgressOutput stderr_progress();

class Progress {
public:
    // "replay", "slices", how many there will be (0: not known, then no bar and no time left).
    Progress(std::string what, std::string unit, std::int64_t total,
             ProgressOutput output = stderr_progress());

    // Leaves no half-drawn line behind.
    ~Progress();

    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // `done` so far, in units. Cheap: draws at most ten times a second. A note stands behind the
    // bar, with the speed.
    void update(std::int64_t done, std::string_view note = {});

    // The final line: "replay: 97,500 slices in 12.3 s (7,927 slices/s)".
    void finish();

private:
    std::string what_;
    std::string unit_;
    std::int64_t total_;
    ProgressOutput output_;
    Stopwatch watch_;
    std::int64_t done_ = 0;
    double drawn_at_s_ = -1;
};

// Wipes a progress line from the terminal, so that another line can be written there; the next
// update draws it again. No effect when none is on the screen.
void clear_progress_line();

// The line without its control characters, never longer than columns - 1 (a full row would wrap on
// some terminals). ASCII.
std::string progress_line(std::string_view what, std::string_view unit, std::int64_t done,
                          std::int64_t total, double elapsed_s, int columns,
                          std::string_view note = {});

// "0:07", "12:34", "1:02:03".
std::string duration_text(double seconds);

// "97,500".
std::string grouped_text(std::int64_t value);

}  // namespace paperd::daemon
