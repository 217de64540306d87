#include "daemon/process/wall_clock.h"

namespace paperd::daemon {

Timestamp wall_now() {
    return std::chrono::time_point_cast<Nanoseconds>(std::chrono::system_clock::now());
}

Stopwatch::Stopwatch() : started_(std::chrono::steady_clock::now()) {}

double Stopwatch::seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
}

}  // namespace paperd::daemon
