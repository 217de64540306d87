// Numbers for people and files: fixed notation, '.' as the point in every locale.
#pragma once

#include <cstdint>
#include <string>

namespace paperd::storage {

// The shortest digits that read back as the same double; empty for NaN.
std::string real_text(double value);

// Rounded to so many decimals; empty for NaN.
std::string real_text(double value, int decimals);

// A scaled integer rounded half to even to 0..8 decimals, all of them shown.
std::string scaled_text(std::int64_t raw, int decimals);

// A 64-bit hash as 16 hex digits.
std::string hash_text(std::uint64_t hash);

}  // namespace paperd::storage
