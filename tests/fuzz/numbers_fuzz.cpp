// Decimal numbers, days and times against slow versions that do what a person would on paper.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "execution/types/fixed.h"
#include "execution/types/timestamp.h"
#include "tests/fuzz/promise.h"

namespace paperd {
namespace {

// Longer ones are no numbers that anybody writes, and exponents are cut at 1000.
constexpr std::size_t kTextMax = 300;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The number of an all-digit text, or nothing.
std::optional<int> small_number(std::string_view text) {
    if (text.empty() || text.size() > 9) {
        return std::nullopt;
    }
    int value = 0;
    for (const char c : text) {
        if (!is_digit(c)) {
            return std::nullopt;
        }
        value = value * 10 + (c - '0');
    }
    return value;
}

struct Decimal {
    bool number = false;  // it is written as one
    bool fits = false;
    std::int64_t scaled = 0;
};

// All digits as text, the point moved by writing zeros, cut after the eighth digit past it and
// rounded half to even by looking at what was cut.
Decimal slow_scaled(std::string_view text) {
    Decimal result;
    bool negative = false;
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
        negative = text[0] == '-';
        text.remove_prefix(1);
    }
    int exponent = 0;
    const std::size_t e = text.find_first_of("eE");
    if (e != std::string_view::npos) {
        std::string_view digits = text.substr(e + 1);
        const bool down = !digits.empty() && digits[0] == '-';
        if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) {
            digits.remove_prefix(1);
        }
        if (digits.empty()) {
            return result;
        }
        for (const char c : digits) {
            if (!is_digit(c)) {
                return result;
            }
            exponent = exponent > 999 ? 1000 : exponent * 10 + (c - '0');
        }
        exponent = down ? -exponent : exponent;
        text = text.substr(0, e);
    }
    std::string whole;
    std::string fraction;
    bool point = false;
    for (const char c : text) {
        if (c == '.' && !point) {
            point = true;
        } else if (is_digit(c)) {
            (point ? fraction : whole) += c;
        } else {
            return result;
        }
    }
    if (whole.empty() && fraction.empty()) {
        return result;
    }
    result.number = true;
    for (; exponent > 0; --exponent) {
        whole += fraction.empty() ? '0' : fraction[0];
        fraction.erase(0, 1);
    }
    for (; exponent < 0; ++exponent) {
        fraction.insert(fraction.begin(), whole.empty() ? '0' : whole.back());
        if (!whole.empty()) {
            whole.pop_back();
        }
    }
    while (fraction.size() < 9) {
        fraction += '0';
    }
    std::string kept = "0" + whole + fraction.substr(0, 8);
    const std::string cut = fraction.substr(8);
    const bool over_half =
        cut[0] > '5' || (cut[0] == '5' && cut.find_first_not_of('0', 1) != std::string::npos);
    const bool half = cut[0] == '5' && !over_half;
    if (over_half || (half && (kept.back() - '0') % 2 == 1)) {
        std::size_t at = kept.size() - 1;
        while (kept[at] == '9') {
            kept[at--] = '0';
        }
        ++kept[at];
    }
    kept.erase(0, kept.find_first_not_of('0'));
    const std::string largest = "9223372036854775807";
    result.fits =
        kept.size() < largest.size() || (kept.size() == largest.size() && kept <= largest);
    if (result.fits) {
        for (const char c : kept) {
            result.scaled = result.scaled * 10 + (c - '0');
        }
        result.scaled = negative ? -result.scaled : result.scaled;
    }
    return result;
}

// Counts the days one by one, by the rule of leap years; nothing where the text is no date.
std::optional<std::int64_t> slow_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    const auto year = small_number(text.substr(0, 4));
    const auto month = small_number(text.substr(5, 2));
    const auto day = small_number(text.substr(8, 2));
    if (!year || !month || !day || *month < 1 || *month > 12 || *day < 1) {
        return std::nullopt;
    }
    const auto leap = [](int y) { return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0); };
    const auto days_in = [&](int m) {
        constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        return kDays[m - 1] + (m == 2 && leap(*year) ? 1 : 0);
    };
    if (*day > days_in(*month)) {
        return std::nullopt;
    }
    std::int64_t days = *day - 1;
    for (int m = 1; m < *month; ++m) {
        days += days_in(m);
    }
    for (int y = 1970; y < *year; ++y) {
        days += leap(y) ? 366 : 365;
    }
    for (int y = *year; y < 1970; ++y) {
        days -= leap(y) ? 366 : 365;
    }
    return days;
}

// YYYY-MM-DDTHH:MM:SS[.f...]Z in nanoseconds, years 1678 to 2261.
std::optional<std::int64_t> slow_time(std::string_view text) {
    if (text.size() < 20 || text.back() != 'Z' || text[10] != 'T' || text[13] != ':' ||
        text[16] != ':') {
        return std::nullopt;
    }
    const auto day = slow_day(text.substr(0, 10));
    const auto year = small_number(text.substr(0, 4));
    const auto hour = small_number(text.substr(11, 2));
    const auto minute = small_number(text.substr(14, 2));
    const auto second = small_number(text.substr(17, 2));
    if (!day || *year < 1678 || *year > 2261 || !hour || !minute || !second || *hour > 23 ||
        *minute > 59 || *second > 59) {
        return std::nullopt;
    }
    std::string fraction;
    if (text.size() > 20) {
        fraction = text.substr(20, text.size() - 21);
        if (text[19] != '.' || !small_number(fraction)) {
            return std::nullopt;
        }
    }
    fraction.resize(9, '0');
    return ((*day * 24 + *hour) * 60 + *minute) * 60'000'000'000 + *second * 1'000'000'000LL +
           *small_number(fraction);
}

void compare_scaled(std::string_view text) {
    const auto fast = parse_scaled(text);
    const Decimal slow = slow_scaled(text);
    fuzz::promise(fast.has_error() == !(slow.number && slow.fits),
                  "both take the same texts for numbers");
    if (!fast.has_error()) {
        fuzz::promise(*fast == slow.scaled, "both read the same number");
        const auto again = parse_scaled(scaled_text(*fast));
        fuzz::promise(!again.has_error() && *again == *fast, "a number survives being written");
    }
}

void compare_times(std::string_view text) {
    const auto day = parse_day(text);
    const auto day_by_hand = slow_day(text);
    fuzz::promise(day.has_error() == !day_by_hand, "both take the same texts for days");
    if (!day.has_error()) {
        fuzz::promise(day_number(*day) == *day_by_hand, "both read the same day");
        fuzz::promise(day_text(*day) == text, "a day survives being written");
    }
    const auto time = parse_timestamp(text);
    const auto time_by_hand = slow_time(text);
    fuzz::promise(time.has_error() == !time_by_hand, "both take the same texts for times");
    if (!time.has_error()) {
        fuzz::promise(to_ns(*time) == *time_by_hand, "both read the same time");
        const auto again = parse_timestamp(timestamp_text(*time));
        fuzz::promise(!again.has_error() && *again == *time, "a time survives being written");
    }
}

}  // namespace
}  // namespace paperd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (size <= paperd::kTextMax) {
        paperd::compare_scaled(text);
        paperd::compare_times(text);
    }
    return 0;
}
