#include "storage/bars/dump_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace paperd::storage {
namespace {

struct Minutes {
    std::string_view text;
    BarInterval interval;
};

constexpr std::array kMinutes = {
    Minutes{"1", BarInterval::minute_1}, Minutes{"5", BarInterval::minute_5},
    Minutes{"15", BarInterval::minute_15}, Minutes{"60", BarInterval::hour_1},
    Minutes{"1440", BarInterval::day_1}};

std::optional<BarInterval> of_minutes(std::string_view text) {
    for (const Minutes& known : kMinutes) {
        if (known.text == text) {
            return known.interval;
        }
    }
    return std::nullopt;
}

// Takes `end` off; false where `text` does not end so.
bool cut_end(std::string_view& text, std::string_view end) {
    const bool has = text.size() > end.size() && text.ends_with(end);
    text.remove_suffix(has ? end.size() : 0);
    return has;
}

bool cut_begin(std::string_view& text, std::string_view begin) {
    const bool has = text.size() > begin.size() && text.starts_with(begin);
    text.remove_prefix(has ? begin.size() : 0);
    return has;
}

std::optional<DumpName> named(std::string_view symbol, std::optional<BarInterval> interval) {
    if (symbol.empty() || !interval) {
        return std::nullopt;
    }
    DumpName name{.symbol = std::string(symbol), .interval = *interval};
    std::transform(name.symbol.begin(), name.symbol.end(), name.symbol.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return name;
}

bool digits_and_dashes(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c == '-' || (c >= '0' && c <= '9'); });
}

// "BTCUSDT-1m-2024-03-06", "BTCUSDT-1m-2024-03".
std::optional<DumpName> binance(std::string_view stem) {
    for (const std::size_t length : {std::size_t{11}, std::size_t{8}}) {
        if (stem.size() <= length || stem[stem.size() - length] != '-' ||
            !digits_and_dashes(stem.substr(stem.size() - length))) {
            continue;
        }
        const std::string_view before = stem.substr(0, stem.size() - length);
        const std::size_t dash = before.rfind('-');
        if (dash != std::string_view::npos && dash > 0) {
            return named(before.substr(0, dash), bar_interval_named(before.substr(dash + 1)));
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<DumpName> dump_name(std::string_view file_name) {
    std::string_view stem = file_name;
    if (cut_end(stem, ".us.txt")) {
        return named(stem, BarInterval::day_1);
    }
    if (!cut_end(stem, ".csv")) {
        return std::nullopt;
    }
    if (cut_end(stem, "_us_d")) {
        return named(stem, BarInterval::day_1);
    }
    if (cut_begin(stem, "daily_adjusted_") || cut_begin(stem, "daily_")) {
        return named(stem, BarInterval::day_1);
    }
    if (cut_begin(stem, "intraday_")) {
        const std::size_t end = stem.find("min_");
        return end == std::string_view::npos
                   ? std::nullopt
                   : named(stem.substr(end + 4), of_minutes(stem.substr(0, end)));
    }
    if (auto found = binance(stem)) {
        return found;
    }
    const std::size_t score = stem.rfind('_');
    return score == std::string_view::npos
               ? std::nullopt
               : named(stem.substr(0, score), of_minutes(stem.substr(score + 1)));
}

}  // namespace paperd::storage
