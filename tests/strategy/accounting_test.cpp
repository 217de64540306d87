#include "strategy/research/accounting.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/strategy/golden_json.h"
#include "tests/support/paths.h"

namespace paperd::strategy {
namespace {

void expect_metrics(const Metrics& m, const boost::json::object& expected) {
    const std::pair<const char*, double> values[] = {{"total_return", m.total_return},
                                                     {"annual_return", m.annual_return},
                                                     {"volatility", m.volatility},
                                                     {"sharpe", m.sharpe},
                                                     {"sortino", m.sortino},
                                                     {"max_drawdown", m.max_drawdown},
                                                     {"calmar", m.calmar},
                                                     {"win_rate", m.win_rate},
                                                     {"profit_factor", m.profit_factor},
                                                     {"var_95", m.var_95},
                                                     {"es_95", m.es_95},
                                                     {"beta", m.beta}};
    EXPECT_EQ(expected.size(), std::size(values));
    for (const auto& [name, value] : values) {
        EXPECT_NEAR(value, expected.at(name).to_number<double>(), 1e-9) << name;
    }
}

void expect_goldens(const std::string& path) {
    const auto json = golden::read_json(path);
    const auto next = golden::numbers(json.at("next_returns"));
    const auto net = net_returns(golden::numbers(json.at("weights")), next,
                                 json.at("cost_per_turnover").to_number<double>());
    const auto expected = golden::numbers(json.at("net_returns"));
    ASSERT_EQ(net.size(), expected.size());
    for (std::size_t i = 0; i < net.size(); ++i) {
        ASSERT_NEAR(net[i], expected[i], 1e-9);
    }
    expect_metrics(metrics_of(net, next), json.at("metrics").as_object());
    const auto indicator = net_returns(golden::numbers(json.at("indicator_weights")), next, 0.001);
    expect_metrics(metrics_of(indicator, next), json.at("indicator_metrics").as_object());
}

TEST(Accounting, EqualsTheReferenceOnSyntheticReturns) {
    expect_goldens(support::golden_path("synthetic/finance.json"));
}

TEST(Accounting, EqualsTheReferenceOnRealReturns) {
    PAPERD_NEEDS_SHARED(path, "golden/AAPL/finance.json");
    expect_goldens(path);
}

TEST(Accounting, TheFirstWeightPaysItsTurnoverFromFlat) {
    const std::vector<double> weights = {1, 1, -1};
    const std::vector<double> next = {0.01, -0.02, 0.03};
    const auto net = net_returns(weights, next, 0.001);
    EXPECT_DOUBLE_EQ(net[0], 0.01 - 0.001);
    EXPECT_DOUBLE_EQ(net[1], -0.02);
    EXPECT_DOUBLE_EQ(net[2], -0.03 - 0.002);
}

TEST(Accounting, ARatioWithoutAMeaningIsNotZero) {
    const std::vector<double> gains = {0.01, 0.02, 0.005};
    const Metrics m = metrics_of(gains);
    EXPECT_TRUE(std::isinf(m.profit_factor));
    EXPECT_TRUE(std::isinf(m.sortino));
    EXPECT_TRUE(std::isinf(m.calmar));
    EXPECT_EQ(m.max_drawdown, 0);
    EXPECT_TRUE(std::isnan(m.beta));
    EXPECT_TRUE(std::isnan(metrics_of({}).sharpe));
    const std::vector<double> idle(10, 0.0);
    EXPECT_TRUE(std::isnan(metrics_of(idle).win_rate));
    EXPECT_EQ(metrics_of(idle).total_return, 0);
}

TEST(Accounting, ADrawdownCountsFromTheStart) {
    const std::vector<double> returns = {-0.1, 0.05, 0.3, -0.2};
    EXPECT_NEAR(metrics_of(returns).max_drawdown, -0.2, 1e-15);
    EXPECT_NEAR(metrics_of(std::vector<double>{-0.1, 0.05}).max_drawdown, -0.1, 1e-15);
}

}  // namespace
}  // namespace paperd::strategy
