#include "storage/bars/dump_format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <utility>

#include "storage/bars/bar_file.h"
#include "storage/bars/bar_header.h"
#include "storage/bars/csv_lines.h"
#include "storage/bars/text_source.h"

namespace paperd::storage {
namespace {

constexpr std::size_t kFieldsMost = 16;  // Binance has 12

struct Known {
    std::string_view header;
    std::string_view source;
    std::string_view meaning;
    bool begins = false;  // the header only begins so
};

constexpr std::string_view kSplitAdjusted = "split-adjusted, dividends from its adjusted close";
constexpr std::string_view kAdjusted =
    "adjusted for splits and dividends, so no dividends are seen";
constexpr std::string_view kAsTraded = "as traded: a split in it is a move of the price";
constexpr std::string_view kVenue = "as traded, UTC";

constexpr std::array kKnown = {
    Known{"Date,Open,High,Low,Close,Adj Close,Volume", "Yahoo", kSplitAdjusted},
    Known{"Date,Adj Close,Close,High,Low,Open,Volume", "Yahoo", kSplitAdjusted},
    Known{"Date,Open,High,Low,Close,Volume,Dividends,Stock Splits", "Yahoo", kAdjusted},
    Known{"Date,Close,High,Low,Open,Volume", "Yahoo", kAdjusted},
    Known{"Datetime,Open,High,Low,Close,Adj Close,Volume", "Yahoo", kAsTraded},
    Known{"Datetime,Adj Close,Close,High,Low,Open,Volume", "Yahoo", kAsTraded},
    Known{"Datetime,Open,High,Low,Close,Volume,Dividends,Stock Splits", "Yahoo", kAsTraded},
    Known{"Datetime,Close,High,Low,Open,Volume", "Yahoo", kAsTraded},
    Known{"Date,Open,High,Low,Close,Volume", "Stooq", kAdjusted},
    Known{"<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>", "Stooq",
          kAdjusted},
    Known{"timestamp,open,high,low,close,volume", "Alpha Vantage", kAsTraded},
    Known{"timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient",
          "Alpha Vantage", "as traded, made split-adjusted by its split_coefficient"},
    Known{"open_time,open,high,low,close,volume,", "Binance", kVenue, true},
};

std::string lower(std::string_view text) {
    std::string made;
    for (const char c : text) {
        if (c != '<' && c != '>') {
            made += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    return made;
}

DumpFormat by_names(const Known& known, std::string_view header) {
    DumpFormat format;
    format.source = known.source;
    format.meaning = known.meaning;
    const auto names = split_fields(header, kFieldsMost);
    format.fields = static_cast<int>(names.size());
    const std::array<std::pair<std::string_view, int*>, 13> kPlaces = {{
        {"date", &format.time},
        {"datetime", &format.time},
        {"timestamp", &format.time},
        {"open_time", &format.time},
        {"open", &format.open},
        {"high", &format.high},
        {"low", &format.low},
        {"close", &format.close},
        {"volume", &format.volume},
        {"vol", &format.volume},
        {"adj close", &format.adj_close},
        {"adjusted_close", &format.adj_close},
        {"split_coefficient", &format.split},
    }};
    for (int i = 0; i < format.fields; ++i) {
        const std::string name = lower(names[static_cast<std::size_t>(i)]);
        for (const auto& [called, place] : kPlaces) {
            if (name == called) {
                *place = i;
            }
        }
        if (name == "per") {
            format.period = i;
        }
    }
    return format;
}

bool all_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A row of numbers that begins with seconds, milliseconds or microseconds since 1970.
std::optional<DumpFormat> headless(std::string_view line) {
    const auto fields = split_fields(line, kFieldsMost);
    if (fields.empty() || !all_digits(fields[0]) || fields[0].size() < 9 ||
        (fields.size() != 7 && fields.size() != 12)) {
        return std::nullopt;
    }
    DumpFormat format;
    format.source = fields.size() == 12 ? "Binance" : "Kraken";
    format.meaning = kVenue;
    format.headless = true;
    format.fields = static_cast<int>(fields.size());
    format.open = 1;
    format.high = 2;
    format.low = 3;
    format.close = 4;
    format.volume = 5;
    return format;
}

}  // namespace

std::vector<std::string_view> split_fields(std::string_view line, std::size_t most) {
    std::vector<std::string_view> fields;
    while (fields.size() < most) {
        const std::size_t comma = line.find(',');
        fields.push_back(line.substr(0, comma));
        if (comma == std::string_view::npos) {
            break;
        }
        line.remove_prefix(comma + 1);
    }
    return fields;
}

std::optional<DumpFormat> dump_format(std::string_view first_line, std::string_view row) {
    // Alpha Vantage's intraday header is ours; our times have a 'T' between day and time.
    if (first_line == bar_header(BarFileKind::intraday) &&
        (row.empty() || split_fields(row, 2)[0].find('T') != std::string_view::npos)) {
        return std::nullopt;
    }
    for (const Known& known : kKnown) {
        if (known.begins ? first_line.starts_with(known.header) : first_line == known.header) {
            return by_names(known, first_line);
        }
    }
    return headless(first_line);
}

Result<std::optional<DumpFormat>> dump_format_of(const std::string& path) {
    TRY_LET(const auto text, open_text_file(path));
    CsvLines lines(*text, path);
    // What is wrong with the lines is said by who reads them all.
    if (!lines.next()) {
        return std::optional<DumpFormat>();
    }
    const std::string first(lines.line());
    const std::string second(lines.next() ? lines.line() : std::string_view());
    // Times without an offset under our own header may be UTC as well as New York's: it takes the
    // vendor's name to tell.
    const std::string name = std::filesystem::path(path).filename().string();
    const bool named = name.starts_with("intraday_") || name.starts_with("daily_");
    if (first == bar_header(BarFileKind::intraday) && !named) {
        return std::optional<DumpFormat>();
    }
    return dump_format(first, second);
}

}  // namespace paperd::storage
