// Bars that a file may hold and no market has: the engine must take them or refuse them with a
// sentence that names slice and symbol; never abort. Every order type, with costs and limits at
// the ends of what a config allows.
#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "daemon/engine/run_plan.h"
#include "strategy/features/table.h"
#include "tests/support/paths.h"
#include "tests/support/runs.h"

namespace paperd::daemon {
namespace {

class Draw {
public:
    explicit Draw(unsigned seed) : random_(seed) {}

    int below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }

    bool chance(double probability) {
        return std::uniform_real_distribution<double>()(random_) < probability;
    }

    double between(double a, double b) {
        return std::uniform_real_distribution<double>(a, b)(random_);
    }

    template <class T>
    T one_of(std::initializer_list<T> values) {
        return *(values.begin() + below(static_cast<int>(values.size())));
    }

    // Evenly over the orders of magnitude that a file may hold; the ends often.
    Price price() {
        switch (below(6)) {
            case 0:
                return Price::from_raw(1 + below(3));
            case 1:
                return Price::whole(1'000'000'000) - Price::from_raw(below(3));
            default:
                return Price::nearest(std::clamp(std::pow(10, between(-8, 9)), 1e-8, 1e9));
        }
    }

    // A price near `before`, or any.
    Price price_after(Price before, double jump) {
        if (chance(jump)) {
            return price();
        }
        const double moved = before.to_double() * std::exp(between(-0.05, 0.05));
        return Price::nearest(std::clamp(moved, 1e-8, 1e9));
    }

    double volume() {
        switch (below(8)) {
            case 0:
                return one_of({0.0, 5e-324, 1e-300, 1e-8, 0.5});
            case 1:
                return one_of({1e15, 1e300, 1.7976931348623157e308});
            default:
                return std::floor(std::pow(10, between(0, 12)));
        }
    }

private:
    std::mt19937 random_;
};

const char* on_off(bool value) { return value ? "true" : "false"; }

// A job for the given order type, everything else drawn.
std::string job_of(Draw& draw, const std::string& order_type, const std::string& strategy) {
    const bool on_close = order_type == "market_on_close";
    const std::string tif = on_close ? draw.one_of<const char*>({"day", "gtc"})
                                     : draw.one_of<const char*>({"day", "gtc", "ioc"});
    const double gross = draw.one_of({0.5, 1.0, 4.0, 100.0});
    const double cash = draw.one_of({1e-8, 1.0, 1e6, 3e7, 3e9}) / std::max(gross, 1.0);
    const bool limits = draw.chance(0.3);
    const bool dear = draw.chance(0.3);
    std::string text =
        "seed: 3\nmarket:\n  symbols: [AAA, BBB, CCC]\n  interval: 1d\n  calendar: always_open\n"
        "  feed: files\n  warmup_bars: 0\n";
    text += fmt::format("account:\n  starting_cash: {:.8f}\n  lot: {}\n", std::max(cash, 1e-8),
                        draw.one_of<const char*>({"0.00000001", "0.00001", "1", "1000000"}));
    text += strategy;
    text += fmt::format("  gross_budget: {}\n  allow_short: {}\n", gross, on_off(draw.chance(0.8)));
    if (!limits) {
        text +=
            "risk:\n  position_fraction_max: 100\n  gross_leverage_max: 100\n"
            "  net_leverage_max: 100\n  gross_leverage_before_var_max: 100\n"
            "  var_historical_95_max: off\n  es_historical_99_max: off\n  var_ewma_95_max: off\n"
            "  turnover_day_max: off\n  order_to_volume_max: off\n  price_collar: off\n"
            "  daily_loss_max: off\n  drawdown_max: off\n";
    }
    text += fmt::format(
        "execution:\n  order_type: {}\n  time_in_force: {}\n  participation_cap: {}\n"
        "  rebalance_band: 0\n  edge_to_cost_min: 0\n",
        order_type, tif, draw.one_of({1e-6, 0.1, 1.0}));
    if (order_type == "limit") {
        text += fmt::format("  limit_offset_bps: {}\n", draw.one_of({-5000, 0, 20, 5000}));
    } else if (order_type == "stop") {
        text += fmt::format("  stop_offset_bps: {}\n", draw.one_of({0, 20, 5000}));
    }
    if (dear) {
        text +=
            "costs:\n  spread_bps_max: 10000\n  slippage_bps: 10000\n  impact_coefficient: 100\n"
            "  impact_volatility_default: 1\n  commission_bps: 10000\n  commission_min: 1000000\n"
            "  commission_per_share: 1000\n  tick_size: 1000\n  borrow_rate_year: 10\n"
            "  cash_rate: 1\n  margin_rate: 10\n  short_rebate_rate: 1\n";
    }
    if (draw.chance(0.3)) {
        text +=
            "failures:\n  data_delay_probability: 0.1\n  execution_failure_probability: 0.1\n"
            "  price_gap_probability: 0.5\n  price_gap_fraction_max: 1\n";
    }
    return text + "server:\n  enabled: false\n";
}

// Daily bars of three symbols; `jump`: how often a price, a factor or a date leaves its
// neighbourhood.
std::vector<Slice> slices_of(Draw& draw, std::size_t count, double jump) {
    std::vector<Slice> slices;
    std::array<Price, 3> last = {draw.price(), draw.price(), draw.price()};
    std::array<double, 3> factor = {1, 1, 1};
    Day day = Day{std::chrono::days{-98'000}};  // 1701
    for (std::size_t i = 0; i < count; ++i) {
        day += std::chrono::days{draw.chance(jump / 4) ? 1 + draw.below(20'000) : 1};
        if (day > Day{std::chrono::days{84'000}}) {
            break;  // 2199: the last year that a file may name
        }
        Slice slice;
        slice.id = static_cast<std::int64_t>(i) + 1;
        slice.day = day;
        slice.closed_at = Timestamp{day.time_since_epoch()} + std::chrono::hours{24};
        slice.last_of_session = true;
        for (std::size_t s = 0; s < last.size(); ++s) {
            if (draw.chance(0.05)) {
                continue;
            }
            std::array<Price, 4> prices = {last[s], {}, {}, {}};
            for (std::size_t p = 1; p < prices.size(); ++p) {
                prices[p] = draw.price_after(prices[p - 1], jump);
            }
            Bar bar;
            bar.symbol = symbol_id(s);
            bar.closed_at = slice.closed_at;
            bar.open = prices[1];
            bar.close = prices[3];
            bar.low = *std::min_element(prices.begin() + 1, prices.end());
            bar.high = *std::max_element(prices.begin() + 1, prices.end());
            if (draw.chance(jump)) {
                factor[s] = std::pow(10, draw.between(-17, 17));
            } else if (draw.chance(0.1)) {
                factor[s] *= draw.between(0.9, 1.1);
            }
            bar.adj_close =
                Price::nearest(std::clamp(bar.close.to_double() * factor[s], 1e-8, 1e9));
            bar.volume = draw.volume();
            bar.synthetic = draw.chance(0.02);
            last[s] = bar.close;
            slice.bars.push_back(bar);
        }
        if (slice.bars.empty()) {
            continue;
        }
        if (draw.chance(0.02)) {
            slice.commands.push_back({slice.id,
                                      draw.one_of({CommandKind::reduce, CommandKind::resume,
                                                   CommandKind::flatten, CommandKind::halt}),
                                      slice.closed_at, ""});
        }
        slice.id = static_cast<std::int64_t>(slices.size()) + 1;
        slices.push_back(std::move(slice));
    }
    return slices;
}

struct Outcome {
    std::size_t slices = 0;
    std::size_t fills = 0;
    bool refused = false;
};

// Until the end or the first refusal, which must say where.
Outcome run(const RunPlan& plan, const std::vector<Slice>& slices) {
    Outcome outcome;
    auto engine = make_engine(plan);
    EXPECT_FALSE(engine.has_error()) << engine.error().text;
    for (const Slice& slice : slices) {
        auto step = (*engine)->on_slice(slice);
        if (step.has_error()) {
            const std::string& text = step.error().text;
            EXPECT_NE(text.find("slice " + std::to_string(slice.id) + " (" +
                                timestamp_text(slice.closed_at) + "): "),
                      std::string::npos)
                << text;
            const bool names_one = text.find("AAA") != std::string::npos ||
                                   text.find("BBB") != std::string::npos ||
                                   text.find("CCC") != std::string::npos ||
                                   text.find("interest and borrow fees") != std::string::npos;
            EXPECT_TRUE(names_one) << text;
            outcome.refused = true;
            return outcome;
        }
        ++outcome.slices;
        outcome.fills += step->fills.size();
    }
    // What it carries survives a checkpoint.
    auto again = make_engine(plan);
    EXPECT_FALSE((*again)->load((*engine)->save()).has_error());
    EXPECT_EQ((*again)->save(), (*engine)->save());
    return outcome;
}

struct Totals {
    std::size_t fills = 0;
    std::size_t refused = 0;
    std::size_t finished = 0;
};

void run_jobs(const std::string& strategy, unsigned seeds, std::size_t length, Totals& totals) {
    for (const char* order_type : {"market", "market_on_close", "limit", "stop"}) {
        for (unsigned seed = 1; seed <= seeds; ++seed) {
            SCOPED_TRACE(std::string(order_type) + ", seed " + std::to_string(seed));
            Draw draw(seed);
            const std::string yaml = job_of(draw, order_type, strategy);
            const RunPlan plan = support::plan_for(yaml, {"AAA", "BBB", "CCC"});
            const auto slices = slices_of(draw, length, draw.one_of({0.0, 0.02, 0.3}));
            const Outcome outcome = run(plan, slices);
            totals.fills += outcome.fills;
            (outcome.refused ? totals.refused : totals.finished) += 1;
            if (testing::Test::HasFailure()) {
                FAIL() << yaml;
            }
        }
    }
}

// It is no test of an idle engine, and both ends are reached.
void expect_both_ends(const Totals& totals, std::size_t fills_min) {
    EXPECT_GT(totals.fills, fills_min);
    EXPECT_GT(totals.refused, 50U);
    EXPECT_GT(totals.finished, 50U);
}

}  // namespace

TEST(ExtremeBars, AreTakenOrRefusedByCrossingAverages) {
    Totals totals;
    run_jobs("strategy:\n  kind: sma_cross\n  sma_fast_bars: 1\n  sma_slow_bars: 2\n", 150, 80,
             totals);
    expect_both_ends(totals, 1000);
}

TEST(ExtremeBars, AreTakenOrRefusedByBuyingAndHolding) {
    Totals totals;
    run_jobs("strategy:\n  kind: buy_and_hold\n", 60, 60, totals);
    expect_both_ends(totals, 200);  // it buys, and then it holds
}

TEST(ExtremeBars, HaveFeaturesOrNone) {
    for (unsigned seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Draw draw(seed);
        std::array<std::vector<Bar>, 2> bars;
        std::array<std::vector<Day>, 2> days;
        for (const Slice& slice : slices_of(draw, 400, draw.one_of({0.0, 0.02, 0.3}))) {
            for (const Bar& bar : slice.bars) {
                if (index(bar.symbol) < bars.size()) {
                    bars[index(bar.symbol)].push_back(bar);
                    days[index(bar.symbol)].push_back(slice.day);
                }
            }
        }
        const strategy::BarSeries first{bars[0], days[0]};
        const strategy::BarSeries second{bars[1], days[1]};
        for (const std::string& set : strategy::feature_set_names()) {
            const bool with_partner = std::string_view(set) == "financial";
            const auto table = strategy::feature_table(set, first, with_partner ? &second : nullptr,
                                                       {}, {.cut_at_joins = seed % 2 == 0});
            ASSERT_FALSE(table.has_error()) << table.error().text;
            EXPECT_GT(table->values.size(), 0U);
        }
        const auto pairs = strategy::pairs_table(
            first, second, {.train_until = days[0][days[0].size() / 2], .window = 20});
        EXPECT_TRUE(!pairs.has_error() || !pairs.error().text.empty());
    }
}

#ifdef PAPERD_WITH_TORCH
TEST(ExtremeBars, AreTakenOrRefusedByModels) {
    for (const char* model : {"attention", "hybrid"}) {
        SCOPED_TRACE(model);
        Totals totals;
        run_jobs(
            std::string("model:\n  path: ") +
                support::source_path(std::string("config/models/") + model + "-daily.pmb") +
                "\nstrategy:\n  kind: model\n  use_regime_filter: false\n  gate_percentile: 0\n",
            4, 330, totals);
        EXPECT_GT(totals.fills, 20U);
        EXPECT_GT(totals.finished, 3U);
    }
}
#endif

}  // namespace paperd::daemon
