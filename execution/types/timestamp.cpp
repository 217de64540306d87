#include "execution/types/timestamp.h"

#include <array>
#include <cstdio>

#include "execution/types/printable.h"

namespace paperd {
namespace {

// The number in text[at, at + count), or -1 where a character is no digit.
int digits(std::string_view text, std::size_t at, std::size_t count) {
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (i >= text.size() || text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

}  // namespace

Result<Day> parse_day(std::string_view text) {
    const int year = digits(text, 0, 4);
    const int month = digits(text, 5, 2);
    const int day = digits(text, 8, 2);
    const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
    if (shaped && year >= 0 && month >= 0 && day >= 0) {
        const std::chrono::year_month_day date{std::chrono::year{year},
                                               std::chrono::month{static_cast<unsigned>(month)},
                                               std::chrono::day{static_cast<unsigned>(day)}};
        if (date.ok()) {
            return Day{date};
        }
    }
    return fail(in_quotes(text) + " is not a date; write it as 2019-12-23");
}

std::string day_text(Day day) {
    const std::chrono::year_month_day date{day};
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text.data();
}

Result<Timestamp> parse_timestamp(std::string_view text) {
    const auto wrong = [&] {
        return fail(in_quotes(text) + " is not a UTC time; write it as 2019-12-23T14:30:00Z");
    };
    if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
        text.back() != 'Z') {
        return wrong();
    }
    const auto day = parse_day(text.substr(0, 10));
    const int hour = digits(text, 11, 2);
    const int minute = digits(text, 14, 2);
    const int second = digits(text, 17, 2);
    // Nanoseconds since 1970 fit 64 bits from 1678 to 2261.
    const bool fits = !day.has_error() && *day >= Day{std::chrono::year{1678} / 1 / 1} &&
                      *day < Day{std::chrono::year{2262} / 1 / 1};
    if (!fits || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
        return wrong();
    }
    std::int64_t fraction_ns = 0;
    if (text.size() > 20) {
        const std::size_t count = text.size() - 21;
        const int value =
            count >= 1 && count <= 9 && text[19] == '.' ? digits(text, 20, count) : -1;
        if (value < 0) {
            return wrong();
        }
        fraction_ns = value;
        for (std::size_t i = count; i < 9; ++i) {
            fraction_ns *= 10;
        }
    }
    return Timestamp{std::chrono::days{day_number(*day)} + std::chrono::hours{hour} +
                     std::chrono::minutes{minute} + std::chrono::seconds{second} +
                     Nanoseconds{fraction_ns}};
}

std::string timestamp_text(Timestamp t) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(t);
    const auto days = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::hh_mm_ss time{seconds - days};
    std::array<char, 48> text{};
    int length = std::snprintf(
        text.data(), text.size(), "%sT%02d:%02d:%02d",
        day_text(Day{days.time_since_epoch()}).c_str(), static_cast<int>(time.hours().count()),
        static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
    const auto fraction = (t - seconds).count();
    if (fraction != 0) {
        length +=
            std::snprintf(text.data() + length, text.size() - static_cast<std::size_t>(length),
                          ".%09lld", static_cast<long long>(fraction));
    }
    return std::string(text.data(), static_cast<std::size_t>(length)) + "Z";
}

}  // namespace paperd
