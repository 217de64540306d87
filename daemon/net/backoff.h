// How long to wait before trying again: twice as long each time up to a bound, with jitter, so that
// many who wait for the same thing do not come back at once. Randomness is an argument.
#pragma once

#include <chrono>
#include <cstdint>

namespace paperd::daemon {

struct BackoffLimits {
    std::chrono::nanoseconds first = std::chrono::milliseconds{100};
    std::chrono::nanoseconds longest = std::chrono::seconds{5};
};

class Backoff {
public:
    Backoff(BackoffLimits limits, std::uint64_t seed) : limits_(limits), seed_(seed) {}

    // Between half and the whole of first x 2^n, at most of `longest`, for the n-th call.
    std::chrono::nanoseconds next();

    // How often next() was called since the beginning, or since reset().
    [[nodiscard]] std::uint64_t tries() const { return tries_; }

    void reset() { tries_ = 0; }

private:
    BackoffLimits limits_;
    std::uint64_t seed_;
    std::uint64_t tries_ = 0;
};

}  // namespace paperd::daemon
