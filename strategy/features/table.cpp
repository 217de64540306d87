#include "strategy/features/table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "execution/types/check.h"
#include "strategy/features/sets.h"
#include "strategy/features/targets.h"

namespace paperd::strategy {

namespace {

constexpr SymbolId kFirst = symbol_id(0);
constexpr SymbolId kSecond = symbol_id(1);

// Bars of the two series that close at one instant.
struct Common {
    std::size_t first;
    std::size_t second;
};

std::vector<Common> common_bars(std::span<const Bar> first, std::span<const Bar> second) {
    std::vector<Common> common;
    for (std::size_t i = 0, j = 0; i < first.size() && j < second.size();) {
        if (first[i].closed_at < second[j].closed_at) {
            ++i;
        } else if (second[j].closed_at < first[i].closed_at) {
            ++j;
        } else {
            if (!first[i].synthetic && !second[j].synthetic) {
                common.push_back({.first = i, .second = j});
            }
            ++i;
            ++j;
        }
    }
    return common;
}

double adjusted_close(const Bar& bar) { return bar.close.to_double() * bar.factor(); }

// The streams of one table, fed row by row.
class Builder {
public:
    Builder(FeatureSet& set, TargetFunction target, const MarketDataSettings& market)
        : set_(set), target_(target), market_(2, market) {
        for (const std::string_view column : set.columns()) {
            table.columns.emplace_back(column);
        }
        if (target != nullptr) {
            table.columns.emplace_back("target");
        }
    }

    void add(std::size_t at, const Bar& bar, Day day, const Bar* partner) {
        slice_.closed_at = bar.closed_at;
        slice_.day = day;
        slice_.bars.assign(1, bar);
        slice_.bars.front().symbol = kFirst;
        if (partner != nullptr) {
            slice_.bars.push_back(*partner);
            slice_.bars.back().symbol = kSecond;
        }
        if (!market_.take(slice_).empty()) {
            set_.reset();
        }
        const BarWindow window = market_.window(kFirst);
        const std::size_t width = table.columns.size();
        if (target_ != nullptr && window.size() > 1 && !table.values.empty()) {
            const auto close = window.close.last(2);
            table.values.back() = target_(close[0], close[1]);
        }
        table.bars.push_back(at);
        table.values.resize(table.values.size() + width, kUndefined);
        const auto row = std::span<double>(table.values).last(width).first(set_.columns().size());
        if (partner != nullptr) {
            const BarWindow other = market_.window(kSecond);
            set_.next(window, &other, row);
        } else {
            set_.next(window, nullptr, row);
        }
    }

    FeatureTable table;

private:
    FeatureSet& set_;
    TargetFunction target_;
    MarketDataHandler market_;
    Slice slice_;
};

}  // namespace

Result<FeatureTable> feature_table(std::string_view set, const BarSeries& series,
                                   const BarSeries* partner, const FeatureSettings& settings,
                                   const MarketDataSettings& market) {
    CHECK(series.bars.size() == series.days.size(), "one day for each bar");
    if (partner != nullptr && set != "financial") {
        return fail(fmt::format("the feature set '{}' takes no partner; only financial (for "
                                "market_corr) and pairs do",
                                set),
                    ErrorKind::usage);
    }
    auto features = make_feature_set(set, settings, partner != nullptr);
    if (features.has_error()) {
        return fail(features.error().text, ErrorKind::usage);
    }
    Builder builder(**features, target_of(set), market);
    if (partner == nullptr) {
        for (std::size_t i = 0; i < series.bars.size(); ++i) {
            if (!series.bars[i].synthetic) {
                builder.add(i, series.bars[i], series.days[i], nullptr);
            }
        }
        return std::move(builder.table);
    }
    const std::vector<Common> common = common_bars(series.bars, partner->bars);
    if (common.empty()) {
        return fail("the two series have no bar in common: check the files and the dates");
    }
    for (const Common& both : common) {
        builder.add(both.first, series.bars[both.first], series.days[both.first],
                    &partner->bars[both.second]);
    }
    return std::move(builder.table);
}

Result<FeatureTable> pairs_table(const BarSeries& first, const BarSeries& second,
                                 const PairSettings& settings) {
    CHECK(first.bars.size() == first.days.size(), "one day for each bar");
    const std::vector<Common> common = common_bars(first.bars, second.bars);
    std::vector<double> close1;
    std::vector<double> close2;
    std::size_t past = 0;
    for (const Common& both : common) {
        close1.push_back(adjusted_close(first.bars[both.first]));
        close2.push_back(adjusted_close(second.bars[both.second]));
        past += first.days[both.first] <= settings.train_until ? 1U : 0U;
    }
    TRY_LET(auto values, pairs_features(close1, close2, past, settings));
    FeatureTable table;
    table.columns.assign(kPairsColumns.begin(), kPairsColumns.end());
    table.values = std::move(values);
    for (std::size_t i = past; i < common.size(); ++i) {
        table.bars.push_back(common[i].first);
    }
    return table;
}

std::string table_csv(const FeatureTable& table, std::string_view time_name,
                      std::span<const std::string> times) {
    std::string text(time_name);
    for (const std::string& column : table.columns) {
        text += ',';
        text += column;
    }
    text += '\n';
    std::array<char, 32> digits{};
    for (std::size_t r = 0; r < table.bars.size(); ++r) {
        CHECK(table.bars[r] < times.size(), "a time for each bar of the series");
        text += times[table.bars[r]];
        for (const double value : table.row(r)) {
            text += ',';
            if (!std::isnan(value)) {
                const auto written = std::to_chars(digits.data(), digits.data() + digits.size(),
                                                   value, std::chars_format::general, 17);
                text.append(digits.data(), written.ptr);
            }
        }
        text += '\n';
    }
    return text;
}

}  // namespace paperd::strategy
