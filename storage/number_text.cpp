#include "storage/number_text.h"

#include <array>
#include <charconv>
#include <cmath>

#include "execution/types/check.h"
#include "execution/types/fixed.h"

namespace paperd::storage {
namespace {

// The longest double in fixed notation has 309 digits before the point or some 1,080 behind it.
using Buffer = std::array<char, 1200>;

std::string done(const Buffer& buffer, const std::to_chars_result& end) {
    CHECK(end.ec == std::errc(), "the buffer holds every double");
    return std::string(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
}

}  // namespace

std::string real_text(double value) {
    if (std::isnan(value)) {
        return {};
    }
    Buffer buffer{};
    return done(buffer, std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                      std::chars_format::fixed));
}

std::string real_text(double value, int decimals) {
    if (std::isnan(value)) {
        return {};
    }
    Buffer buffer{};
    return done(buffer, std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                      std::chars_format::fixed, decimals));
}

std::string scaled_text(std::int64_t raw, int decimals) {
    CHECK(decimals >= 0 && decimals <= kDecimals, "a scaled integer has eight decimals");
    std::int64_t unit = 1;
    for (int i = decimals; i < kDecimals; ++i) {
        unit *= 10;
    }
    const std::int64_t rounded = divide_half_even(raw, unit);
    const bool negative = rounded < 0;
    std::string digits = std::to_string(rounded);
    if (negative) {
        digits.erase(0, 1);
    }
    const auto places = static_cast<std::size_t>(decimals);
    if (digits.size() <= places) {
        digits.insert(0, places + 1 - digits.size(), '0');
    }
    if (places > 0) {
        digits.insert(digits.size() - places, 1, '.');
    }
    if (negative) {
        digits.insert(0, 1, '-');
    }
    return digits;
}

std::string hash_text(std::uint64_t hash) {
    constexpr const char* kHex = "0123456789abcdef";
    std::string text(16, '0');
    for (std::size_t i = 16; i-- > 0; hash >>= 4U) {
        text[i] = kHex[hash & 15U];
    }
    return text;
}

}  // namespace paperd::storage
