// Counter-based randomness: a draw is a pure function of (seed, id, purpose), so that replays,
// restarts and the order of evaluation cannot change it. SplitMix64 finaliser (Steele, Lea, Flood
// 2014).
#pragma once

#include <cstdint>

namespace paperd {

constexpr std::uint64_t mix64(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

constexpr std::uint64_t draw64(std::uint64_t seed, std::uint64_t id, std::uint64_t purpose) {
    return mix64(mix64(mix64(seed) ^ id) ^ purpose);
}

// Uniform in [0, 1) with 53 bits.
constexpr double draw_uniform(std::uint64_t seed, std::uint64_t id, std::uint64_t purpose) {
    return static_cast<double>(draw64(seed, id, purpose) >> 11) * 0x1.0p-53;
}

}  // namespace paperd
