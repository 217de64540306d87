#include "strategy/market_data_handler.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("MDAT");

}  // namespace

std::string SeriesCut::nearest_split() const {
    struct Usual {
        const char* text;
        double ratio;
    };

    constexpr std::array kUsual = {
        Usual{"2", 2},           Usual{"3", 3},           Usual{"3/2", 1.5},
        Usual{"4", 4},           Usual{"5", 5},           Usual{"6", 6},
        Usual{"7", 7},           Usual{"8", 8},           Usual{"10", 10},
        Usual{"15", 15},         Usual{"20", 20},         Usual{"25", 25},
        Usual{"50", 50},         Usual{"4/3", 4.0 / 3},   Usual{"5/4", 1.25},
        Usual{"1/2", 1.0 / 2},   Usual{"1/3", 1.0 / 3},   Usual{"1/4", 1.0 / 4},
        Usual{"1/5", 1.0 / 5},   Usual{"1/8", 1.0 / 8},   Usual{"1/10", 1.0 / 10},
        Usual{"1/15", 1.0 / 15}, Usual{"1/20", 1.0 / 20}, Usual{"1/25", 1.0 / 25},
        Usual{"1/30", 1.0 / 30}, Usual{"1/50", 1.0 / 50}, Usual{"1/100", 1.0 / 100}};
    const auto apart = [this](const Usual& usual) {
        const double product = usual.ratio * (1 + move);  // 1: it explains the move
        return std::max(product, 1 / product);
    };
    return std::ranges::min_element(kUsual, {}, apart)->text;
}

MarketDataHandler::Series::Series(std::size_t lookback)
    : open(lookback),
      high(lookback),
      low(lookback),
      close(lookback),
      volume(lookback),
      factor(lookback),
      rolling(lookback) {}

void MarketDataHandler::Series::push(const Bar& bar, double bar_factor) {
    open.push(bar.open.to_double() * bar_factor);
    high.push(bar.high.to_double() * bar_factor);
    low.push(bar.low.to_double() * bar_factor);
    close.push(bar.close.to_double() * bar_factor);
    volume.push(bar.volume);
    factor.push(bar_factor);
    push_stats(close.size() - 1);
    ++seen;
    stats_known = false;
}

void MarketDataHandler::Series::forget() {
    for (MirroredRing* ring : {&open, &high, &low, &close, &volume, &factor}) {
        ring->clear();
    }
    rolling.clear();
    seen = 0;
    stats_known = false;
}

void MarketDataHandler::Series::push_stats(std::size_t at) {
    rolling.push({high.values()[at], low.values()[at], close.values()[at], volume.values()[at],
                  factor.values()[at]});
}

void MarketDataHandler::Series::rebuild_stats() {
    rolling.clear();
    for (std::size_t i = 0; i < close.size(); ++i) {
        push_stats(i);
    }
    stats_known = false;
}

MarketDataHandler::MarketDataHandler(std::size_t symbols, MarketDataSettings settings)
    : settings_(settings) {
    series_.reserve(symbols);
    for (std::size_t i = 0; i < symbols; ++i) {
        series_.emplace_back(settings.lookback_bars);
    }
}

std::vector<SeriesCut> MarketDataHandler::take(const Slice& slice) {
    std::vector<SeriesCut> cuts;
    for (const Bar& bar : slice.bars) {
        if (bar.synthetic) {
            continue;
        }
        CHECK(index(bar.symbol) < series_.size(), "a bar of a symbol that is not in the universe");
        Series& series = series_[index(bar.symbol)];
        if (const auto cut = cut_by(bar, slice.day)) {
            series.forget();
            cuts.push_back(*cut);
        }
        series.push(bar, bar.factor());
        series.day = slice.day;
    }
    return cuts;
}

std::optional<SeriesCut> MarketDataHandler::cut_by(const Bar& bar, Day day) const {
    const Series& before = series(bar.symbol);
    if (!settings_.cut_at_joins || before.seen == 0) {
        return std::nullopt;
    }
    const SeriesCut cut{
        .symbol = bar.symbol,
        .move = bar.close.to_double() * bar.factor() / before.close.values().back() - 1,
        .days_apart = day_number(day) - day_number(before.day)};
    const bool joins =
        std::abs(cut.move) > settings_.join_move_max || cut.days_apart > settings_.join_days_max;
    return joins ? std::optional<SeriesCut>(cut) : std::nullopt;
}

const MarketDataHandler::Series& MarketDataHandler::series(SymbolId symbol) const {
    CHECK(index(symbol) < series_.size(), "no such symbol in the universe");
    return series_[index(symbol)];
}

void MarketDataHandler::forget(SymbolId symbol) {
    CHECK(index(symbol) < series_.size(), "no such symbol in the universe");
    series_[index(symbol)].forget();
}

void MarketDataHandler::split(const Split& split) {
    CHECK(index(split.symbol) < series_.size(), "no such symbol in the universe");
    Series& s = series_[index(split.symbol)];
    const double factor = split.price_factor();
    for (MirroredRing* ring : {&s.open, &s.high, &s.low, &s.close}) {
        ring->scale(factor);
    }
    s.volume.scale(1 / factor);
    s.rebuild_stats();
}

BarWindow MarketDataHandler::window(SymbolId symbol) const {
    const Series& s = series(symbol);
    return {.open = s.open.values(),
            .high = s.high.values(),
            .low = s.low.values(),
            .close = s.close.values(),
            .volume = s.volume.values(),
            .factor = s.factor.values()};
}

std::int64_t MarketDataHandler::bars_seen(SymbolId symbol) const { return series(symbol).seen; }

const MarketStats& MarketDataHandler::stats(SymbolId symbol) const {
    const Series& s = series(symbol);
    if (!s.stats_known) {
        s.stats = s.rolling.compute();
        s.stats_known = true;
    }
    return s.stats;
}

std::size_t MarketDataHandler::symbols() const { return series_.size(); }

void MarketDataHandler::save(BlobWriter& out) const {
    out.put(kTag);
    out.put(static_cast<std::uint64_t>(series_.size()));
    out.put(static_cast<std::uint64_t>(settings_.lookback_bars));
    for (const Series& s : series_) {
        for (const MirroredRing* ring :
             {&s.open, &s.high, &s.low, &s.close, &s.volume, &s.factor}) {
            ring->save(out);
        }
        out.put(s.seen);
        out.put(day_number(s.day));
    }
}

void MarketDataHandler::load(BlobReader& in) {
    in.expect(kTag);
    if (in.get<std::uint64_t>() != series_.size() ||
        in.get<std::uint64_t>() != settings_.lookback_bars) {
        in.fail();
    }
    for (Series& s : series_) {
        for (MirroredRing* ring : {&s.open, &s.high, &s.low, &s.close, &s.volume, &s.factor}) {
            ring->load(in);
        }
        s.seen = in.get<std::int64_t>();
        s.day = day_from_number(in.get<std::int32_t>());
        const std::int64_t held =
            std::min(s.seen, static_cast<std::int64_t>(settings_.lookback_bars));
        for (const MirroredRing* ring :
             {&s.open, &s.high, &s.low, &s.close, &s.volume, &s.factor}) {
            const bool prices = ring != &s.volume;
            if (static_cast<std::int64_t>(ring->size()) != held ||
                !std::ranges::all_of(ring->values(), [prices](double v) {
                    return std::isfinite(v) && (prices ? v > 0 : v >= 0);
                })) {
                in.fail();
            }
        }
        if (in.failed()) {
            return;
        }
        s.rebuild_stats();
    }
}

}  // namespace paperd::strategy
