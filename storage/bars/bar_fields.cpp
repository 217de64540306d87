#include "storage/bars/bar_fields.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <system_error>

#include "execution/types/printable.h"
#include "execution/types/symbol_name.h"

namespace paperd::storage {
namespace {

constexpr std::size_t kFieldCharsMax = 64;  // a longer one is not quoted in a message

// The years that a Timestamp in nanoseconds holds, with room: others exist on no calendar of ours.
constexpr int kYearMin = 1700;
constexpr int kYearMax = 2200;

constexpr std::size_t kExactDigits = 15;  // of a whole number, so many fit a double's 53 bits
// 10^(kDecimals - decimals): what a number with so many decimals is scaled by.
constexpr std::array<std::int64_t, kDecimals + 1> kPowers = {
    100'000'000, 10'000'000, 1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Blank and overlong fields; the rest is up to the number's reader.
bool check_length(std::string_view name, std::string_view text, std::string& fault) {
    if (text.empty()) {
        fault = std::string(name) + " is blank";
        return false;
    }
    if (text.size() > kFieldCharsMax) {
        fault = std::string(name) + " has " + std::to_string(text.size()) + " characters";
        return false;
    }
    return true;
}

// What nearly every price looks like: up to ten digits, then perhaps a point and one to eight more.
bool read_plain(std::string_view text, std::int64_t& raw) {
    std::int64_t value = 0;
    std::size_t at = 0;
    for (; at < text.size() && is_digit(text[at]); ++at) {
        if (at == 10) {
            return false;
        }
        value = value * 10 + (text[at] - '0');
    }
    if (at == 0) {
        return false;
    }
    std::size_t decimals = 0;
    if (at < text.size()) {
        decimals = text.size() - at - 1;
        if (text[at] != '.' || decimals < 1 || decimals > kDecimals) {
            return false;
        }
        for (++at; at < text.size(); ++at) {
            if (!is_digit(text[at])) {
                return false;
            }
            value = value * 10 + (text[at] - '0');
        }
    }
    raw = value * kPowers[decimals];
    return true;
}

// The number in text[at, at + 2), or a negative one where a character is no digit.
int two_digits(std::string_view text, std::size_t at) {
    if (!is_digit(text[at]) || !is_digit(text[at + 1])) {
        return -10'000;
    }
    return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

bool read_plain_day(std::string_view text, Day& day) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return false;
    }
    const int year = two_digits(text, 0) * 100 + two_digits(text, 2);
    const int month = two_digits(text, 5);
    const int day_of_month = two_digits(text, 8);
    if (year < kYearMin || year > kYearMax || month < 0 || day_of_month < 0) {
        return false;
    }
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day_of_month)}};
    day = Day{date};
    return date.ok();
}

}  // namespace

bool read_price(std::string_view name, std::string_view text, Price& price, std::string& fault) {
    std::int64_t raw = 0;
    if (!read_plain(text, raw)) {
        if (!check_length(name, text, fault)) {
            return false;
        }
        const auto parsed = parse_scaled(text);
        if (parsed.has_error()) {
            fault = std::string(name) + " " + parsed.error().text;
            return false;
        }
        raw = *parsed;
    }
    if (raw <= 0 || raw > kPriceMax.raw()) {
        fault = std::string(name) + " " + std::string(text.substr(0, kFieldCharsMax)) +
                (raw <= 0 ? " is not a price: it must be above 0"
                          : " is not a price: the limit is 1000000000");
        return false;
    }
    price = Price::from_raw(raw);
    return true;
}

bool read_volume(std::string_view text, double& volume, std::string& fault) {
    std::int64_t whole = 0;
    std::size_t at = 0;
    for (; at < text.size() && at < kExactDigits && is_digit(text[at]); ++at) {
        whole = whole * 10 + (text[at] - '0');
    }
    if (at > 0 && at == text.size()) {
        volume = static_cast<double>(whole);
        return true;
    }
    if (!check_length("volume", text, fault)) {
        return false;
    }
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), volume);
    if (problem != std::errc{} || end != text.data() + text.size() || !std::isfinite(volume)) {
        fault = "volume " + in_quotes(text) + " is not a decimal number";
        return false;
    }
    if (std::signbit(volume)) {
        fault = "volume " + std::string(text) + " is negative";
        return false;
    }
    return true;
}

bool read_day(std::string_view text, Day& day, std::string& fault) {
    if (read_plain_day(text, day)) {
        return true;
    }
    if (check_length("date", text, fault)) {
        fault = in_quotes(text) + " is not a date like 2019-12-23";
    }
    return false;
}

bool read_time(std::string_view text, Timestamp& time, std::string& fault) {
    const auto wrong = [&] {
        if (check_length("timestamp", text, fault)) {
            fault = in_quotes(text) + " is not a UTC time like 2019-12-23T14:30:00Z";
        }
        return false;
    };
    Day day{};
    if (text.size() < 20 || !read_plain_day(text.substr(0, 10), day)) {
        return wrong();
    }
    if (text.size() > 20) {  // with a fraction of a second: rare
        const auto parsed = parse_timestamp(text);
        if (parsed.has_error()) {
            return wrong();
        }
        time = *parsed;
        return true;
    }
    const int hour = two_digits(text, 11);
    const int minute = two_digits(text, 14);
    const int second = two_digits(text, 17);
    if (text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z' || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
        return wrong();
    }
    time = Timestamp{day.time_since_epoch()} + std::chrono::hours{hour} +
           std::chrono::minutes{minute} + std::chrono::seconds{second};
    return true;
}

bool check_symbol(std::string_view text, std::string& fault) {
    if (is_symbol_name(text)) {
        return true;
    }
    fault = in_quotes(text.substr(0, kFieldCharsMax)) + " is no name of a symbol; use 1 to " +
            std::to_string(kNameMax) + " letters, digits and " + std::string(kSymbolMarks);
    return false;
}

}  // namespace paperd::storage
