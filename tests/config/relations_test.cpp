#include "config/relations.h"

#include <gtest/gtest.h>

#include "tests/config/yaml_lines.h"

namespace paperd::config {
namespace {

struct Contradiction {
    const char* name;
    const char* yaml;  // after one line of market.symbols, unless it has symbols itself
    int line;
    const char* says;
};

const Contradiction kContradictions[] = {
    {"NetAboveGross", "risk: {gross_leverage_max: 1.5}", 2,
     "risk.net_leverage_max is 2, above risk.gross_leverage_max (1.5)"},
    {"EarlyGrossAboveGross", "risk:\n  gross_leverage_max: 2\n  gross_leverage_before_var_max: 3",
     4, "risk.gross_leverage_before_var_max is 3"},
    {"VarBeforeItCanBeKnown", "risk: {var_lookback_bars: 20}", 2, "risk.var_returns_min is 60"},
    {"Quantiles", "risk:\n  var_historical_95_max: 0.05\n  var_historical_99_max: 0.04", 3,
     "risk.var_historical_95_max is 0.05, above risk.var_historical_99_max (0.04)"},
    {"TailInsideVar", "risk:\n  var_ewma_95_max: 0.05\n  es_ewma_95_max: 0.04", 3,
     "the loss beyond a VaR is never smaller"},
    {"FastNotFaster", "strategy: {kind: sma_cross, sma_slow_bars: 20}", 2,
     "strategy.sma_fast_bars is 20 and strategy.sma_slow_bars 20"},
    {"SlowBeyondLookback", "strategy: {kind: sma_cross, sma_slow_bars: 253}", 2,
     "market.lookback_bars is 252, but the slow mean needs 253"},
    {"ModelMissing", "strategy:\n  kind: model", 3, "model.path is missing"},
    {"ModelIgnored", "model:\n  path: a.pmb\nstrategy: {kind: sma_cross}", 3,
     "model.path is given, but strategy.kind uses no model"},
    {"PairsIgnored", "strategy: {kind: sma_cross, pairs: [AAA/BBB]}", 2,
     "strategy.pairs is given, but strategy.kind uses no model"},
    {"LimitOffsetIgnored", "execution: {limit_offset_bps: 5}", 2, "would be ignored"},
    {"StopOffsetIgnored", "execution: {order_type: limit, stop_offset_bps: 5}", 2,
     "would be ignored"},
    {"CloseAtOnce", "execution:\n  order_type: market_on_close\n  time_in_force: ioc", 4,
     "has to wait for the close"},
    {"CommissionBesideASchedule", "costs: {fees: per_share, commission_bps: 2}", 2,
     "costs.commission_bps is given, but costs.fees is per_share"},
    {"MaximumBesideASchedule", "costs: {fees: zero_commission, commission_max_bps: 5}", 2,
     "costs.commission_max_bps is given"},
    {"SlippageBesideTheNotebook", "costs: {fees: notebook, slippage_bps: 2}", 2,
     "costs.slippage_bps is given, but costs.fees is notebook"},
    {"SpreadNeverCharged", "costs: {spread_bps_max: 40}", 2, "has a spread of 50"},
    {"DividendSteps", "dividends: {step_min: 0.3}", 2, "dividends.step_min is 0.3"},
    {"LotOfStocks", "account: {lot: 0.5}", 2, "account.lot is 0.5, but New York's stocks"},
    {"BeyondMoney", "account: {starting_cash: 2000000000}\nstrategy: {gross_budget: 2}", 2,
     "account.starting_cash x strategy.gross_budget is 4000000000, above 3333333333"},
    {"Currency", "account: {currency: dollars}", 2, "account.currency is 'dollars'"},
    {"SizesAreTheArchitectures", "training: {architecture: attention, memory: 64}", 2,
     "training.memory is given, but training.architecture is attention, which has no such size"},
    {"HeadsShareMemory", "training: {architecture: hybrid, heads: 5}", 2, "training.memory is 64"},
    {"ColumnUnknown", "training:\n  columns: [momentum_10, momentun_30]", 3,
     "training.columns lists 'momentun_30', which the feature set attention does not have; did you "
     "mean 'momentum_30'?"},
    {"ColumnsOfAnotherSet", "training: {feature_set: financial}", 2, "does not have"},
    {"ColumnWithUnits", "training: {feature_set: financial, columns: [dollar_volume]}", 2,
     "a model needs scale-free inputs"},
    {"TrainingBackwards", "training: {from: 2015-01-01, to: 2014-12-31}", 2,
     "training.from is 2015-01-01, after training.to"},
};

class Contradictions : public testing::TestWithParam<Contradiction> {};

TEST_P(Contradictions, AreComplainedOfOnce) {
    const std::string found =
        complaints(std::string("market: {symbols: [SPY]}\n") + GetParam().yaml + "\n");
    EXPECT_TRUE(found.starts_with("job.yaml:" + std::to_string(GetParam().line) + ": ")) << found;
    EXPECT_NE(found.find(GetParam().says), std::string::npos) << found;
    EXPECT_EQ(found.find('\n'), std::string::npos) << found;
}

INSTANTIATE_TEST_SUITE_P(Of, Contradictions, testing::ValuesIn(kContradictions),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Relations, OfTheMarket) {
    const auto said = [](const std::string& rest) {
        return complaints("market:\n  symbols: [SPY]\n" + rest);
    };
    EXPECT_EQ(said("  interval: 1m\n  extended_hours: true\n"), "");
    EXPECT_TRUE(said("  extended_hours: true\n").starts_with("job.yaml:3: market.extended_hours"));
    EXPECT_TRUE(said("  interval: 1m\n  calendar: always_open\n  extended_hours: true\n")
                    .starts_with("job.yaml:5: market.extended_hours"));
    EXPECT_EQ(said("  calendar: always_open\naccount: {lot: 0.00001}\n"), "");
    const std::string synthetic = "  feed: synthetic\n  interval: ";
    EXPECT_EQ(said(synthetic + "1m\n"), "");
    for (const char* const longer : {"5m", "15m", "1h", "1d"}) {
        EXPECT_TRUE(said(synthetic + longer + "\n")
                        .starts_with("job.yaml:4: market.interval is " + std::string(longer) +
                                     ", but a synthetic feed makes bars of a minute"))
            << said(synthetic + longer + "\n");
    }
    EXPECT_TRUE(complaints("market: {symbols: [\"*\"], feed: synthetic, interval: 1m}\n")
                    .starts_with("job.yaml:1: market.symbols"));
    const std::string christmas =
        "  feed: synthetic\n  interval: 1m\n  synthetic:\n    first_day: 2024-12-25\n";
    EXPECT_TRUE(said(christmas).starts_with(
        "job.yaml:6: market.synthetic.first_day is 2024-12-25, on which the venue is closed"))
        << said(christmas);
    EXPECT_EQ(said("  calendar: always_open\n" + christmas), "");
    EXPECT_EQ(said("  synthetic:\n    first_day: 2024-12-25\n"), "") << "not used";
}

TEST(Relations, OfFeesOnSellsOfUsStocks) {
    const std::string coins = "market: {symbols: [BTC], calendar: always_open}\n";
    EXPECT_TRUE(complaints(coins + "costs: {fees: zero_commission}\n")
                    .starts_with("job.yaml:2: costs has the fees on sells of US stocks"));
    EXPECT_TRUE(complaints(coins + "costs: {us_sale_fees: true}\n")
                    .starts_with("job.yaml:2: costs has the fees on sells of US stocks"));
    EXPECT_EQ(complaints(coins + "costs: {fees: crypto_taker}\n"), "");
    EXPECT_EQ(complaints("market: {symbols: [SPY]}\ncosts: {us_sale_fees: true}\n"), "");
}

TEST(Relations, OfSplitsAndClosures) {
    const auto said = [](const std::string& rest) {
        return complaints("market:\n  symbols: [SPY]\n" + rest);
    };
    EXPECT_EQ(said("  interval: 1m\n  splits: a.csv\n"), "");
    EXPECT_TRUE(said("  splits: a.csv\n")
                    .starts_with("job.yaml:3: market.splits is given, but daily bars are adjusted "
                                 "for splits already"));
    EXPECT_EQ(said("  closures: [2025-01-09, \"2024-12-23 13:00\"]\n"), "");
    for (const auto& [closures, what] :
         {std::pair{"[2025-01-02, 2025-01-02]", "the closure of 2025-01-02 stands there twice"},
          std::pair{"[\"2024-12-22 13:00\"]", "the venue is closed on 2024-12-22"},
          std::pair{"[\"2024-12-23 17:00\"]", "the early close on 2024-12-23 would be at"}}) {
        EXPECT_TRUE(said(std::string("  closures: ") + closures + "\n")
                        .starts_with(std::string("job.yaml:3: ") + what))
            << closures;
    }
}

TEST(Relations, OfLookbackAndFeatures) {
    const auto said = [](const std::string& lookback, const std::string& training) {
        return complaints("market: {symbols: [SPY], lookback_bars: " + lookback +
                          "}\nmodel: {path: a.pmb}\nstrategy: {kind: model}\n"
                          "training: {" +
                          training + "}\n");
    };
    const std::string attention = "feature_set: attention";
    const std::string financial = "feature_set: financial, columns: [rsi_14d]";
    EXPECT_EQ(said("80", attention), "");
    EXPECT_TRUE(said("79", attention).starts_with("job.yaml:1: market.lookback_bars is 79"));
    EXPECT_EQ(said("200", financial), "");
    EXPECT_TRUE(said("199", financial).starts_with("job.yaml:1: market.lookback_bars is 199"));
}

TEST(Relations, AreSilentAboutKeysThatAreWrongThemselves) {
    const std::string market = "market: {symbols: [SPY]}\n";
    for (const char* yaml :
         {"risk: {gross_leverage_max: 1, net_leverage_max: x}", "strategy: {kind: atention}",
          "model: {pat: a.pmb}\nstrategy: {kind: model}",
          "risk: {gross_leverage_max: 1, net_leverage_maxi: 1}"}) {
        const std::string found = complaints(market + yaml);
        EXPECT_EQ(found.find('\n'), std::string::npos) << found;
        EXPECT_NE(found, "");
    }
}

}  // namespace
}  // namespace paperd::config
