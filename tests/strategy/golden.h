// Reads the reference's CSV files and bars, and compares tables as the reference's README asks.
#pragma once

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "execution/types/bar.h"
#include "strategy/features/table.h"
#include "tests/support/csv.h"
#include "tests/support/paths.h"

namespace paperd::strategy::golden {

inline double number(const std::string& text) {
    double value = std::numeric_limits<double>::quiet_NaN();
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

struct Table {
    std::vector<std::string> columns;  // without the time
    std::vector<std::string> times;
    std::vector<std::vector<double>> rows;  // NaN where empty
};

inline Table read_table(const std::string& path) {
    std::ifstream file(path);
    EXPECT_TRUE(file.good()) << path;
    Table table;
    std::string line;
    std::getline(file, line);
    table.columns = support::fields_of(line);
    table.columns.erase(table.columns.begin());
    while (std::getline(file, line)) {
        const auto fields = support::fields_of(line);
        table.times.push_back(fields[0]);
        auto& row = table.rows.emplace_back();
        for (std::size_t i = 1; i < fields.size(); ++i) {
            row.push_back(number(fields[i]));
        }
    }
    return table;
}

// Daily bars with their days and dates, of the days from..to.
struct Bars {
    std::vector<Bar> bars;
    std::vector<Day> days;
    std::vector<std::string> dates;

    [[nodiscard]] BarSeries series() const { return {.bars = bars, .days = days}; }
};

inline Bars read_bars(const std::string& path, const std::string& from = "0000",
                      const std::string& to = "9999") {
    std::ifstream file(path);
    EXPECT_TRUE(file.good()) << path;
    Bars out;
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        const auto f = support::fields_of(line);
        if (f[0] < from || f[0] > to) {
            continue;
        }
        const Day day = *parse_day(f[0]);
        const auto price = [&f](std::size_t i) { return *Price::parse(f[i]); };
        out.dates.push_back(f[0]);
        out.days.push_back(day);
        out.bars.push_back(
            Bar{.symbol = symbol_id(0),
                .closed_at = Timestamp{day.time_since_epoch() + std::chrono::hours(21)},
                .open = price(1),
                .high = price(2),
                .low = price(3),
                .close = price(4),
                .adj_close = price(5),
                .volume = number(f[6])});
    }
    return out;
}

inline Bars synthetic(const std::string& name) {
    return read_bars(support::golden_path("synthetic/" + name + ".csv"));
}

// Within 1e-9 of the larger of the value and its column's median magnitude; undefined exactly where
// the golden is. Columns of `actual` that the golden has not are ignored.
inline void expect_equal(const FeatureTable& actual, const std::vector<std::string>& times,
                         const Table& expected) {
    ASSERT_EQ(actual.bars.size(), expected.rows.size());
    for (std::size_t r = 0; r < expected.rows.size(); ++r) {
        ASSERT_EQ(times[actual.bars[r]], expected.times[r]);
    }
    for (std::size_t c = 0; c < expected.columns.size(); ++c) {
        SCOPED_TRACE(expected.columns[c]);
        const auto found = std::ranges::find(actual.columns, expected.columns[c]);
        ASSERT_NE(found, actual.columns.end());
        const auto place = static_cast<std::size_t>(found - actual.columns.begin());
        std::vector<double> sizes;
        for (const auto& row : expected.rows) {
            if (!std::isnan(row[c])) {
                sizes.push_back(std::abs(row[c]));
            }
        }
        ASSERT_FALSE(sizes.empty());
        std::ranges::sort(sizes);
        const double median = sizes[sizes.size() / 2];
        for (std::size_t r = 0; r < expected.rows.size(); ++r) {
            const double want = expected.rows[r][c];
            const double got = actual.row(r)[place];
            ASSERT_EQ(std::isnan(got), std::isnan(want)) << expected.times[r] << ": " << got;
            if (!std::isnan(want)) {
                ASSERT_NEAR(got, want, 1e-9 * std::max(std::abs(want), median))
                    << expected.times[r];
            }
        }
    }
}

// Equal to the bit, so that NaN equals NaN.
inline bool same_bits(std::span<const double> a, std::span<const double> b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
               return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y) ||
                      (std::isnan(x) && std::isnan(y));
           });
}

}  // namespace paperd::strategy::golden
