// A small market for the execution tests: bars and slices by the numbers, statistics by hand, and
// cost settings in which everything that is not asked for is free.
#pragma once

#include <map>
#include <optional>
#include <random>
#include <vector>

#include "execution/broker.h"
#include "execution/costs.h"
#include "execution/types/market_stats.h"
#include "execution/types/slice.h"

namespace paperd::execution {

inline Price price(double value) { return Price::nearest(value); }

inline Money money(double value) { return Money::nearest(value); }

inline Quantity shares(std::int64_t count) { return Quantity::whole(count); }

// Day 0 is Monday, 2018-01-01.
inline Day day(int number) { return day_from_number(17'532 + number); }

inline Timestamp close_of(int day_index, int minute = 0) {
    return Timestamp{std::chrono::sys_days{std::chrono::days{17'532 + day_index}}} +
           std::chrono::hours{15} + std::chrono::minutes{minute};
}

struct BarNumbers {
    double open = 100;
    double high = 101;
    double low = 99;
    double close = 100;
    double volume = 1e6;
};

inline Bar make_bar(std::size_t symbol, const BarNumbers& numbers) {
    Bar bar;
    bar.symbol = symbol_id(symbol);
    bar.open = price(numbers.open);
    bar.high = price(numbers.high);
    bar.low = price(numbers.low);
    bar.close = price(numbers.close);
    bar.adj_close = bar.close;
    bar.volume = numbers.volume;
    return bar;
}

// A daily slice unless told: day `id`, last of its session.
inline Slice make_slice(std::int64_t id, std::vector<Bar> bars) {
    Slice slice;
    slice.id = id;
    slice.day = day(static_cast<int>(id));
    slice.closed_at = close_of(static_cast<int>(id));
    slice.last_of_session = true;
    slice.bars = std::move(bars);
    for (Bar& bar : slice.bars) {
        bar.closed_at = slice.closed_at;
    }
    return slice;
}

inline Slice make_minute(std::int64_t id, int day_index, bool last, std::vector<Bar> bars) {
    Slice slice = make_slice(id, std::move(bars));
    slice.day = day(day_index);
    slice.closed_at = close_of(day_index, static_cast<int>(id));
    slice.last_of_session = last;
    return slice;
}

class FixedStats final : public MarketStatsSource {
public:
    [[nodiscard]] const MarketStats& stats(SymbolId symbol) const override {
        const auto own = own_.find(index(symbol));
        return own == own_.end() ? usual : own->second;
    }

    void set(std::size_t symbol, const MarketStats& stats) { own_[symbol] = stats; }

    MarketStats usual{.volatility = 0.02,
                      .median_volume = 1e6,
                      .median_dollar_volume = 1e8,
                      .spread_corwin_schultz = 0,
                      .spread_abdi_ranaldo = 0};

private:
    std::map<std::size_t, MarketStats> own_;
};

inline CostSettings free_of_charge() {
    CostSettings costs;
    costs.spread_classes = {{0, 0}};
    costs.slippage_bps = 0;
    costs.impact_coefficient = 0;
    costs.commission_bps = 0;
    costs.borrow_rate_year = 0;
    return costs;
}

// A broker with everything it refers to.
struct Venue {
    explicit Venue(BrokerSettings broker_settings = {}, const CostSettings& cost_settings = {},
                   const FailureSettings& failure_settings = {}, double bars_per_day = 1)
        : costs(cost_settings, bars_per_day),
          failures(failure_settings),
          broker(broker_settings, costs, failures, stats) {}

    // Orders `count` shares of symbol 0 with the decision at slice 0, day 0, price 100.
    OrderId order(std::int64_t count, OrderType type = OrderType::market,
                  TimeInForce tif = TimeInForce::good_til_cancelled,
                  std::optional<double> at = std::nullopt) {
        OrderRequest request;
        request.quantity = shares(count);
        request.type = type;
        request.time_in_force = tif;
        if (at) {
            (type == OrderType::limit ? request.limit_price : request.stop_price) = price(*at);
        }
        request.decision_price = price(100);
        request.decided_at = close_of(0);
        request.decided_day = day(0);
        return submit(request);
    }

    OrderId submit(const OrderRequest& request) {
        changed.clear();
        return broker.submit(request, changed);
    }

    // Runs a slice; fills and changed are those of this slice.
    void run(const Slice& slice) {
        fills.clear();
        changed.clear();
        broker.on_slice(slice, fills, changed);
    }

    void run_bar(std::int64_t id, const BarNumbers& numbers) {
        run(make_slice(id, {make_bar(0, numbers)}));
    }

    FixedStats stats;
    CostModel costs;
    Failures failures;
    Broker broker;
    std::vector<Fill> fills;
    std::vector<Order> changed;
};

// Uniform doubles that are the same with every standard library.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}

    double uniform(double low, double high) {
        return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1.0p-53;
    }

    std::int64_t whole(std::int64_t low, std::int64_t high) {
        return low +
               static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
    }

    bool chance(double probability) { return uniform(0, 1) < probability; }

private:
    std::mt19937_64 engine_;
};

inline BarNumbers random_bar(Dice& dice, double around, double volume_max) {
    BarNumbers bar;
    bar.open = around * dice.uniform(0.97, 1.03);
    bar.close = around * dice.uniform(0.97, 1.03);
    bar.high = std::max(bar.open, bar.close) * dice.uniform(1.0, 1.02);
    bar.low = std::min(bar.open, bar.close) * dice.uniform(0.98, 1.0);
    bar.volume = dice.chance(0.1) ? dice.uniform(0, 20) : dice.uniform(0, volume_max);
    return bar;
}

}  // namespace paperd::execution
