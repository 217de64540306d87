// Random portfolios, limits and wishes: whatever goes in, what comes out obeys every limit,
// recomputed here from the integers.
#include <cmath>
#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include "risk/sizing.h"
#include "tests/risk/risk_scenario.h"

namespace paperd::risk {
namespace {

constexpr std::uint64_t kScenarios = 6'000;
constexpr long double kSlack = 1e-12L;  // of doubles against exact products

// What would be asked of the market if there were no rules.
Quantity unlimited(const Wanted& wish, Money equity, Quantity lot) {
    return wish.hold || !wish.has_bar ? wish.position
                                      : target_quantity(wish.weight, equity, wish.price, lot);
}

long double notional(Price price, std::int64_t raw) {
    return static_cast<long double>(price.raw()) * static_cast<long double>(raw) / kScale / kScale;
}

std::int64_t size_of(Quantity quantity) { return std::abs(quantity.raw()); }

// |to| - |from| on the same side; all of |to| beyond a change of sides.
std::int64_t increase_raw(Quantity from, Quantity to) {
    const bool flips = (from.raw() > 0 && to.raw() < 0) || (from.raw() < 0 && to.raw() > 0);
    return flips ? size_of(to) : std::max<std::int64_t>(0, size_of(to) - size_of(from));
}

struct Sums {
    long double gross = 0;
    long double net = 0;
    long double movable_long = 0;
    long double movable_short = 0;
    long double increases = 0;
};

class LimitsProperty : public ::testing::Test {
protected:
    void run(const Scenario& scenario, RiskManager& risk, bool expired = false) {
        approved_.assign(scenario.wanted.size(), {});
        rows_.clear();
        risk.approve(scenario.wanted, equity_of(scenario.equity()), expired, approved_, rows_);
    }

    Sums sums(const Scenario& scenario) {
        Sums sums;
        const auto equity = static_cast<long double>(scenario.equity().raw()) / kScale;
        for (std::size_t i = 0; i < approved_.size(); ++i) {
            const Wanted& wish = scenario.wanted[i];
            const Quantity target = approved_[i].target;
            const long double weight = notional(wish.price, target.raw()) / equity;
            sums.gross += std::abs(weight);
            sums.net += weight;
            if (wish.has_bar) {
                (weight > 0 ? sums.movable_long : sums.movable_short) += std::abs(weight);
                sums.increases += notional(wish.price, increase_raw(wish.position, target));
            }
        }
        return sums;
    }

    // Rows and reasons agree, and where nothing is said nothing was done.
    void expect_explained(const Scenario& scenario) {
        std::vector<Reason> last(approved_.size(), Reason::none);
        for (const RiskAdjustment& row : rows_) {
            last[index(row.symbol)] = row.rule;
            EXPECT_NE(row.rule, Reason::none);
        }
        for (std::size_t i = 0; i < approved_.size(); ++i) {
            EXPECT_EQ(approved_[i].reason, last[i]);
            if (last[i] == Reason::none) {
                EXPECT_EQ(approved_[i].target,
                          unlimited(scenario.wanted[i], scenario.equity(), scenario.lot));
                EXPECT_FALSE(approved_[i].risk_action);
            }
        }
    }

    // Never larger than what was wanted, and never on the other side of flat; so no decrease is
    // ever held up.
    void expect_no_more_than_wanted(const Scenario& scenario) {
        for (std::size_t i = 0; i < approved_.size(); ++i) {
            const Wanted& wish = scenario.wanted[i];
            const Quantity asked = unlimited(wish, scenario.equity(), scenario.lot);
            const Quantity target = approved_[i].target;
            EXPECT_LE(size_of(target), size_of(asked));
            EXPECT_FALSE(target.raw() > 0 && asked.raw() <= 0);
            EXPECT_FALSE(target.raw() < 0 && asked.raw() >= 0);
            EXPECT_TRUE(target == wish.position || target.raw() % scenario.lot.raw() == 0);
            if (!wish.has_bar) {
                EXPECT_EQ(target, wish.position);
            }
        }
    }

    void expect_within_limits(const Scenario& scenario, const RiskManager& risk) {
        const Limits& limits = scenario.limits;
        const auto equity = static_cast<long double>(scenario.equity().raw()) / kScale;
        for (std::size_t i = 0; i < approved_.size(); ++i) {
            const Wanted& wish = scenario.wanted[i];
            if (!wish.has_bar) {
                continue;
            }
            const Quantity target = approved_[i].target;
            const long double worth = notional(wish.price, size_of(target));
            EXPECT_LE(worth, limits.position_fraction_max * equity * (1 + kSlack));
            if (limits.position_notional_max) {
                EXPECT_LE(worth, *limits.position_notional_max * (1 + kSlack));
            }
            if (increase_raw(wish.position, target) == 0) {
                continue;
            }
            EXPECT_LE(wish.bars_old, limits.stale_after_bars);
            if (limits.price_collar && wish.price_before.raw() > 0) {
                const long double move =
                    static_cast<long double>(wish.price.raw()) / wish.price_before.raw() - 1;
                EXPECT_LE(std::abs(move), *limits.price_collar + kSlack);
            }
            if (limits.order_to_volume_max && wish.median_volume != 0) {
                const long double order =
                    static_cast<long double>(size_of(target - wish.position)) / kScale;
                EXPECT_LE(order, *limits.order_to_volume_max *
                                     static_cast<long double>(wish.median_volume) * (1 + kSlack));
            }
        }
        const Sums now = sums(scenario);
        const bool moves = now.movable_long + now.movable_short > 0;
        // A position without a bar cannot be brought back: then nothing else is left.
        if (moves) {
            EXPECT_LE(now.gross, limits.gross_leverage_max * (1 + kSlack));
            if (!risk.tail().known) {
                EXPECT_LE(now.gross, limits.gross_leverage_before_var_max * (1 + kSlack));
            }
        }
        if ((now.net > 0 ? now.movable_long : now.movable_short) > 0) {
            EXPECT_LE(std::abs(now.net), limits.net_leverage_max + kSlack);
        }
        if (limits.turnover_day_max) {
            const auto start = static_cast<long double>(scenario.day_start().raw()) / kScale;
            const auto used = static_cast<long double>(scenario.traded.raw()) / kScale;
            const long double left = *limits.turnover_day_max * start - used;
            EXPECT_LE(now.increases, std::max(0.0L, left) + equity * kSlack);
        }
        if (risk.tail().known && moves) {
            expect_tail_scaled(scenario, risk.tail(), now.gross);
        }
    }

    // Against the gross that the checks up to 8 leave.
    void expect_tail_scaled(const Scenario& scenario, const TailMeasures& tail, long double gross) {
        Limits before = scenario.limits;
        for (auto limit :
             {&Limits::var_historical_95_max, &Limits::var_historical_99_max,
              &Limits::es_historical_95_max, &Limits::es_historical_99_max,
              &Limits::var_ewma_95_max, &Limits::var_ewma_99_max, &Limits::es_ewma_95_max,
              &Limits::es_ewma_99_max, &Limits::turnover_day_max}) {
            (before.*limit).reset();
        }
        before.net_leverage_max = 1e6;
        RiskManager risk = scenario.manager(before);
        std::vector<Approved> approved(approved_.size());
        std::vector<RiskAdjustment> rows;
        risk.approve(scenario.wanted, equity_of(scenario.equity()), false, approved, rows);
        long double wanted_gross = 0;
        for (const Approved& entry : approved) {
            wanted_gross += std::abs(static_cast<long double>(entry.weight));
        }
        const Limits& limits = scenario.limits;
        const std::vector<std::pair<std::optional<double>, double>> measures = {
            {limits.var_historical_95_max, tail.historical.var_95},
            {limits.var_historical_99_max, tail.historical.var_99},
            {limits.es_historical_95_max, tail.historical.es_95},
            {limits.es_historical_99_max, tail.historical.es_99},
            {limits.var_ewma_95_max, tail.ewma.var_95},
            {limits.var_ewma_99_max, tail.ewma.var_99},
            {limits.es_ewma_95_max, tail.ewma.es_95},
            {limits.es_ewma_99_max, tail.ewma.es_99}};
        for (const auto& [limit, measure] : measures) {
            if (limit && measure > *limit) {
                EXPECT_LE(gross, wanted_gross * *limit / measure * (1 + kSlack));
                ++tail_checks_;
            }
        }
    }

    std::vector<Approved> approved_;
    std::vector<RiskAdjustment> rows_;
    int tail_checks_ = 0;
};

TEST_F(LimitsProperty, ApprovedTargetsObeyEveryLimit) {
    std::vector<int> seen(256, 0);
    for (std::uint64_t seed = 1; seed <= kScenarios; ++seed) {
        SCOPED_TRACE(seed);
        const Scenario scenario(seed);
        RiskManager risk = scenario.manager(scenario.limits);
        run(scenario, risk);
        expect_within_limits(scenario, risk);
        expect_no_more_than_wanted(scenario);
        expect_explained(scenario);
        for (const RiskAdjustment& row : rows_) {
            ++seen[static_cast<std::size_t>(row.rule)];
            EXPECT_LE(row.after, row.before);
        }
        if (HasFailure()) {
            return;
        }
    }
    // The scenarios must have met each rule, or this test would show nothing.
    EXPECT_GT(tail_checks_, 1'000);
    for (const Reason rule :
         {Reason::stale_data, Reason::price_collar, Reason::order_to_volume,
          Reason::position_fraction, Reason::position_notional, Reason::gross_leverage,
          Reason::gross_before_var_known, Reason::net_leverage, Reason::turnover_day,
          Reason::var_historical_95, Reason::var_historical_99, Reason::es_historical_95,
          Reason::es_historical_99, Reason::var_ewma_95, Reason::var_ewma_99, Reason::es_ewma_95,
          Reason::es_ewma_99}) {
        EXPECT_GT(seen[static_cast<std::size_t>(rule)], 50) << reason_text(rule).name;
    }
}

TEST_F(LimitsProperty, ReducingAndExpiredModelsOnlyMoveTowardsFlat) {
    for (std::uint64_t seed = 1; seed <= kScenarios / 3; ++seed) {
        SCOPED_TRACE(seed);
        const Scenario scenario(seed);
        RiskManager risk = scenario.manager(scenario.limits);
        const bool expired = seed % 2 == 0;
        std::vector<Incident> incidents;
        if (!expired) {
            risk.on_command(command_of(CommandKind::reduce), incidents);
        }
        run(scenario, risk, expired);
        expect_within_limits(scenario, risk);
        for (std::size_t i = 0; i < approved_.size(); ++i) {
            EXPECT_EQ(increase_raw(scenario.wanted[i].position, approved_[i].target), 0);
        }
        expect_no_more_than_wanted(scenario);
        expect_explained(scenario);
        if (HasFailure()) {
            return;
        }
    }
}

TEST_F(LimitsProperty, HaltedMovesNothingAndFlattenGoesToZero) {
    for (std::uint64_t seed = 1; seed <= kScenarios / 3; ++seed) {
        SCOPED_TRACE(seed);
        const Scenario scenario(seed);
        RiskManager risk = scenario.manager(scenario.limits);
        std::vector<Incident> incidents;
        risk.on_command(command_of(CommandKind::halt), incidents);
        run(scenario, risk);
        for (std::size_t i = 0; i < approved_.size(); ++i) {
            EXPECT_EQ(approved_[i].target, scenario.wanted[i].position);
            EXPECT_FALSE(approved_[i].risk_action);
        }
        risk.on_command(command_of(CommandKind::flatten), incidents);
        run(scenario, risk);
        for (std::size_t i = 0; i < approved_.size(); ++i) {
            const Wanted& wish = scenario.wanted[i];
            EXPECT_EQ(approved_[i].target, wish.has_bar ? Quantity{} : wish.position);
            EXPECT_EQ(approved_[i].risk_action, wish.has_bar && wish.position.raw() != 0);
        }
        if (HasFailure()) {
            return;
        }
    }
}

TEST_F(LimitsProperty, OneBadNumberAnywhereHoldsItsSymbolAndStopsAllIncreases) {
    for (std::uint64_t seed = 1; seed <= kScenarios / 3; ++seed) {
        SCOPED_TRACE(seed);
        Scenario scenario(seed);
        Draws draws(seed + kScenarios);
        const auto at =
            static_cast<std::size_t>(draws.uniform(0, static_cast<double>(scenario.wanted.size())));
        Wanted& bad = scenario.wanted[at];
        bad.has_bar = true;
        switch (seed % 4) {
            case 0:
                bad.price = Price{};
                break;
            case 1:
                bad.price_before = -Price::whole(1);
                break;
            case 2:
                bad.hold = false;
                bad.weight = kUnknown;
                break;
            default:
                bad.hold = false;
                bad.weight = -HUGE_VAL;
                break;
        }
        RiskManager risk = scenario.manager(scenario.limits);
        run(scenario, risk);
        EXPECT_EQ(risk.state(), TradingState::reducing);
        EXPECT_EQ(risk.state_reason(), Reason::not_finite);
        ASSERT_FALSE(rows_.empty());
        EXPECT_EQ(rows_[0].rule, Reason::not_finite);
        EXPECT_EQ(rows_[0].symbol, symbol_id(at));
        for (std::size_t i = 0; i < approved_.size(); ++i) {
            EXPECT_EQ(increase_raw(scenario.wanted[i].position, approved_[i].target), 0);
        }
        if (seed % 4 < 2) {
            EXPECT_EQ(approved_[at].target, bad.position);
        }
        if (HasFailure()) {
            return;
        }
    }
}

TEST_F(LimitsProperty, ARestoredManagerDecidesTheSame) {
    for (std::uint64_t seed = 1; seed <= kScenarios / 6; ++seed) {
        SCOPED_TRACE(seed);
        const Scenario scenario(seed);
        RiskManager risk = scenario.manager(scenario.limits);
        BlobWriter out;
        risk.save(out);
        RiskManager restored(scenario.wanted.size(), scenario.limits, scenario.lot);
        BlobReader in(out.bytes());
        restored.load(in);
        ASSERT_TRUE(!in.failed() && in.at_end());
        run(scenario, risk);
        const std::vector<Approved> expected = approved_;
        const std::size_t rows = rows_.size();
        run(scenario, restored);
        EXPECT_EQ(rows_.size(), rows);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            EXPECT_EQ(approved_[i].target, expected[i].target);
            EXPECT_EQ(approved_[i].weight, expected[i].weight);
            EXPECT_EQ(approved_[i].reason, expected[i].reason);
            EXPECT_EQ(approved_[i].risk_action, expected[i].risk_action);
        }
    }
}

}  // namespace
}  // namespace paperd::risk
