#include "execution/types/fixed.h"

#include <algorithm>
#include <limits>

#include "execution/types/printable.h"

namespace paperd {
namespace {

constexpr int kExponentMax =
    40;  // beyond it a price is absurd anyway, and the powers below would overflow

__int128 power_of_ten(int exponent) {
    __int128 power = 1;
    for (int i = 0; i < exponent; ++i) {
        power *= 10;
    }
    return power;
}

}  // namespace

std::int64_t divide_half_even(__int128 numerator, __int128 denominator) {
    CHECK(denominator > 0, "divide_half_even needs a positive denominator");
    const bool negative = numerator < 0;
    const __int128 magnitude = negative ? -numerator : numerator;
    __int128 quotient = magnitude / denominator;
    const __int128 rest = magnitude % denominator;
    const __int128 twice = rest * 2;
    if (twice > denominator || (twice == denominator && (quotient & 1) != 0)) {
        ++quotient;
    }
    CHECK(quotient <= std::numeric_limits<std::int64_t>::max(), "fixed-point product overflows");
    const auto value = static_cast<std::int64_t>(quotient);
    return negative ? -value : value;
}

Result<std::int64_t> parse_scaled(std::string_view text) {
    const std::string_view whole = text;
    const auto not_a_number = [&] { return fail(in_quotes(whole) + " is not a decimal number"); };
    if (text.empty()) {
        return fail("the value is empty");
    }
    const bool negative = text.front() == '-';
    if (negative || text.front() == '+') {
        text.remove_prefix(1);
    }
    // Significant digits as one integer, with the place of the point. 30 digits fit 128 bits; more
    // are rounded away by keeping only whether something was there ("sticky"), which half-even
    // rounding needs.
    __int128 digits = 0;
    int digit_count = 0;
    int after_point = 0;
    bool seen_point = false;
    bool seen_digit = false;
    bool sticky = false;
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '.' && !seen_point) {
            seen_point = true;
        } else if (c >= '0' && c <= '9') {
            seen_digit = true;
            if (digit_count < 30) {
                digits = digits * 10 + (c - '0');
                digit_count += digits != 0 ? 1 : 0;
                after_point += seen_point ? 1 : 0;
            } else {
                sticky = sticky || c != '0';
                after_point -= seen_point ? 0 : 1;
            }
        } else {
            break;
        }
    }
    int exponent = 0;
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        const bool down = i < text.size() && text[i] == '-';
        if (i < text.size() && (text[i] == '-' || text[i] == '+')) {
            ++i;
        }
        if (i == text.size()) {
            return not_a_number();
        }
        for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
            exponent = std::min(exponent * 10 + (text[i] - '0'), 1000);
        }
        exponent = down ? -exponent : exponent;
    }
    if (!seen_digit || i != text.size()) {
        return not_a_number();
    }
    const int shift = kDecimals - after_point + exponent;
    if (digits == 0) {
        return 0;
    }
    if (shift < -kExponentMax + 2) {
        return 0;
    }
    if (shift > kExponentMax || digit_count + shift > 19) {
        return fail(in_quotes(whole) + " is too large (the limit is about 9.2e10)");
    }
    __int128 scaled = 0;
    if (shift >= 0) {
        scaled = digits * power_of_ten(shift);
    } else {
        const __int128 divisor = power_of_ten(std::min(-shift, 37));
        scaled = digits / divisor;
        const __int128 twice = (digits % divisor) * 2;
        if (twice > divisor || (twice == divisor && (sticky || (scaled & 1) != 0))) {
            ++scaled;
        }
    }
    if (scaled > std::numeric_limits<std::int64_t>::max()) {
        return fail(in_quotes(whole) + " is too large (the limit is about 9.2e10)");
    }
    const auto value = static_cast<std::int64_t>(scaled);
    return negative ? -value : value;
}

std::string scaled_text(std::int64_t raw) {
    const bool negative = raw < 0;
    // The magnitude of INT64_MIN fits only the unsigned type.
    const std::uint64_t magnitude =
        negative ? ~static_cast<std::uint64_t>(raw) + 1 : static_cast<std::uint64_t>(raw);
    std::string text = std::to_string(magnitude / kScale);
    const std::uint64_t fraction = magnitude % kScale;
    if (fraction != 0) {
        std::string tail = std::to_string(fraction);
        tail.insert(0, static_cast<std::size_t>(kDecimals) - tail.size(), '0');
        while (tail.back() == '0') {
            tail.pop_back();
        }
        text += "." + tail;
    }
    return negative ? "-" + text : text;
}

Money operator*(Price price, Quantity quantity) {
    return Money::from_raw(
        divide_half_even(static_cast<__int128>(price.raw()) * quantity.raw(), kScale));
}

double notional(Price price, Quantity quantity) {
    const auto product = static_cast<double>(static_cast<__int128>(price.raw()) * quantity.raw());
    return product / (static_cast<double>(kScale) * static_cast<double>(kScale));
}

Money pro_rata(Money amount, Quantity part, Quantity whole) {
    CHECK(whole.raw() != 0, "pro_rata of nothing");
    const __int128 numerator = static_cast<__int128>(amount.raw()) * part.raw();
    return Money::from_raw(whole.raw() > 0
                               ? divide_half_even(numerator, whole.raw())
                               : divide_half_even(-numerator, -static_cast<__int128>(whole.raw())));
}

Quantity floor_to_lot(Quantity quantity, Quantity lot) {
    CHECK(lot.raw() > 0, "a lot is positive");
    return Quantity::from_raw(quantity.raw() / lot.raw() * lot.raw());
}

}  // namespace paperd
