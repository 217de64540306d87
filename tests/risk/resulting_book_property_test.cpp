// Random books, orders at work, limits, bands and forecasts: the book that results obeys all caps,
// or nothing in it moves away from flat.
#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "tests/risk/judged_desk.h"
#include "tests/risk/risk_scenario.h"

namespace paperd::risk {
namespace {

constexpr std::uint64_t kScenarios = 6'000;
constexpr double kSlack = 1.001e-9;

struct Book {
    double gross = 0;
    double net = 0;
    double increases = 0;
};

class ResultingBookProperty : public ::testing::Test {
protected:
    void draw(std::uint64_t seed) {
        scenario_ = std::make_unique<Scenario>(seed);
        Draws draws(seed + 1'000'000);
        Limits& limits = scenario_->limits;
        limits.var_historical_95_max.reset();
        limits.var_historical_99_max.reset();
        limits.es_historical_95_max.reset();
        limits.es_historical_99_max.reset();
        limits.var_ewma_95_max.reset();
        limits.var_ewma_99_max.reset();
        limits.es_ewma_95_max.reset();
        limits.es_ewma_99_max.reset();
        // The tightest of limits, too.
        if (draws.chance(0.2)) {
            limits.turnover_day_max = draws.spread(1e-4, 0.1);
        }
        if (draws.chance(0.2)) {
            limits.gross_leverage_max = draws.spread(1e-3, 0.2);
        }
        const Quantity lot = scenario_->lot;
        for (Wanted& wish : scenario_->wanted) {
            if (draws.chance(0.4)) {
                const double most = draws.uniform(-0.3, 0.3);
                wish.ordered = target_quantity(most, scenario_->equity(), wish.price, lot);
            }
        }
        execution::CostSettings costs = execution::free_of_charge();
        costs.slippage_bps = 5;
        execution::ExecutionSettings settings;
        settings.rebalance_band = draws.chance(0.2) ? 0 : draws.spread(0.001, 0.3);
        desk_ = std::make_unique<JudgedDesk>(settings, draws.uniform(0.05, 1), lot, costs);
        desk_->terms.has_forecast = draws.chance(0.5);
        for (std::size_t i = 0; i < scenario_->wanted.size(); ++i) {
            desk_->forecasts.push_back(draws.uniform(-0.001, 0.001));
        }
    }

    [[nodiscard]] double weight(std::size_t i, Quantity quantity) const {
        return weight_of(quantity, scenario_->wanted[i].price, scenario_->equity());
    }

    [[nodiscard]] double increase(std::size_t i, Quantity to) const {
        const double from = weight(i, scenario_->wanted[i].position);
        const double after = weight(i, to);
        return from * after < 0 ? std::abs(after) : std::max(0.0, std::abs(after) - std::abs(from));
    }

    [[nodiscard]] Book sums() const {
        Book book;
        for (std::size_t i = 0; i < desk_->book.size(); ++i) {
            book.gross += std::abs(weight(i, desk_->book[i]));
            book.net += weight(i, desk_->book[i]);
            book.increases += increase(i, desk_->book[i]);
        }
        return book;
    }

    // On that side (0: on either), nothing grows beyond what it is and what was ordered of it.
    [[nodiscard]] bool only_towards_flat(double side) const {
        for (std::size_t i = 0; i < desk_->book.size(); ++i) {
            const Wanted& wish = scenario_->wanted[i];
            const Quantity after = desk_->book[i];
            const Quantity most = std::max(abs(wish.position), abs(wish.position + wish.ordered));
            if (weight(i, after) * side >= 0 && abs(after) > most) {
                return false;
            }
        }
        return true;
    }

    std::unique_ptr<Scenario> scenario_;
    std::unique_ptr<JudgedDesk> desk_;
};

TEST_F(ResultingBookProperty, TheBookObeysTheCapsOrMovesOnlyTowardsFlat) {
    int within = 0;
    int ordered = 0;
    for (std::uint64_t seed = 1; seed <= kScenarios; ++seed) {
        SCOPED_TRACE(seed);
        draw(seed);
        const Limits& limits = scenario_->limits;
        RiskManager risk = scenario_->manager(limits);
        desk_->decide(risk, scenario_->wanted, equity_of(scenario_->equity()));
        const Book book = sums();
        const double gross_max = risk.tail().known ? limits.gross_leverage_max
                                                   : std::min(limits.gross_leverage_max,
                                                              limits.gross_leverage_before_var_max);
        const bool gross_fits = book.gross <= gross_max * (1 + kSlack);
        const bool net_fits = std::abs(book.net) <= limits.net_leverage_max * (1 + kSlack);
        EXPECT_TRUE(gross_fits || only_towards_flat(0)) << book.gross << " > " << gross_max;
        EXPECT_TRUE(net_fits || only_towards_flat(book.net))
            << book.net << " > " << limits.net_leverage_max;
        within += gross_fits && net_fits ? 1 : 0;
        if (limits.turnover_day_max) {
            const double left = (*limits.turnover_day_max * scenario_->day_start().to_double() -
                                 scenario_->traded.to_double()) /
                                scenario_->equity().to_double();
            EXPECT_TRUE(book.increases <= std::max(0.0, left) + 1e-9 || only_towards_flat(0))
                << book.increases << " > " << left;
        }
        for (std::size_t i = 0; i < desk_->book.size(); ++i) {
            const Wanted& wish = scenario_->wanted[i];
            ordered += desk_->book[i] != wish.position + wish.ordered ? 1 : 0;
            if (wish.has_bar) {
                EXPECT_LE(std::abs(weight(i, desk_->book[i])),
                          limits.position_fraction_max * (1 + kSlack))
                    << i;
            }
        }
        if (HasFailure()) {
            return;
        }
    }
    // Or this test would show nothing.
    EXPECT_GT(within, static_cast<int>(kScenarios) * 3 / 4);
    EXPECT_GT(ordered, static_cast<int>(kScenarios) * 2);
}

}  // namespace
}  // namespace paperd::risk
