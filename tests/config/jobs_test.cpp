// The ready-made jobs in config/: a page each that holds what it changes and nothing else, and as
// promised.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "config/key.h"
#include "config/loader.h"
#include "tests/config/yaml_lines.h"
#include "tests/support/paths.h"

namespace paperd::config {
namespace {

constexpr std::size_t kPageMax = 60;  // lines

Config job(const std::string& name) {
    const auto config =
        load_config(support::source_path("config/" + name + ".yaml"), {.check_files = false});
    EXPECT_FALSE(config.has_error()) << (config.has_error() ? config.error().text : "");
    return config.has_error() ? Config{} : *config;
}

class Job : public testing::TestWithParam<std::string> {};

TEST_P(Job, IsAPage) {
    const std::vector<std::string> lines =
        split_lines(read_text_file(support::source_path("config/" + GetParam() + ".yaml")));
    EXPECT_GT(lines.size(), 10U);
    EXPECT_LE(lines.size(), kPageMax);
    for (const std::string& line : lines) {
        EXPECT_LE(line.size(), 100U) << line;
    }
}

// Whether it sells short is for the reader to see, whatever the default.
TEST_P(Job, HoldsNoKeyEqualToItsDefaultButWhetherItSellsShort) {
    const std::vector<std::string> lines =
        split_lines(read_text_file(support::source_path("config/" + GetParam() + ".yaml")));
    const Config config = job(GetParam());
    int held = 0;
    for (const Key& key : keys()) {
        const KeyLines at = find_lines(lines, key.path);
        if (key.path == "strategy.allow_short") {
            EXPECT_LT(at.first, at.end) << key.path << " is not stated";
        } else if (at.first < at.end && !key.required) {
            EXPECT_NE(key.write(config), key.write(Config{}))
                << key.path << " has its default; leave it out";
            ++held;
        }
    }
    EXPECT_GT(held, 2) << "a title, a database and what makes it a job";
}

TEST_P(Job, ParsesAndItsEffectiveTextParsesBack) {
    const Config config = job(GetParam());
    EXPECT_FALSE(config.title.empty());
    EXPECT_EQ(config.database, GetParam() + ".db") << "in the current folder";
    const std::string text = effective_yaml(config);
    const auto again = parse_config(text, config.path, {.check_files = false});
    ASSERT_FALSE(again.has_error()) << again.error().text;
    EXPECT_EQ(effective_yaml(*again), text);
}

INSTANTIATE_TEST_SUITE_P(Each, Job, testing::ValuesIn(job_names()), [](const auto& test) {
    std::string name = test.param;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

TEST(Jobs, NameTheModelOfTheirKindBesideThem) {
    const std::string models = support::source_path("config/models/");
    EXPECT_EQ(job("attention-daily").model.path, models + "attention-daily.pmb");
    EXPECT_EQ(job("attention-panel").model.path, models + "attention-daily.pmb");
    EXPECT_EQ(job("hybrid-daily").model.path, models + "hybrid-daily.pmb");
    EXPECT_EQ(job("us-minute").model.path, models + "attention-minute.pmb");
    EXPECT_EQ(job("us-minute-hybrid").model.path, models + "hybrid-minute.pmb");
    EXPECT_EQ(job("crypto-minute").model.path, models + "attention-crypto.pmb");
    EXPECT_EQ(job("crypto-minute-hybrid").model.path, models + "hybrid-crypto.pmb");
    EXPECT_EQ(job("demo").model.path, models + "attention-minute.pmb");
    EXPECT_EQ(job("sma-panel").model.path, "");
    for (const std::string& name : job_names()) {
        const Config config = job(name);
        const bool hybrid = config.model.path.find("hybrid") != std::string::npos;
        EXPECT_EQ(config.training.architecture, hybrid ? "hybrid" : "attention") << name;
    }
}

TEST(Jobs, OfDailyBarsTrainOnTheYearsBeforeTheyTrade) {
    for (const char* name : {"attention-daily", "hybrid-daily"}) {
        const Config config = job(name);
        EXPECT_EQ(config.train_to, "2014-12-31");
        EXPECT_EQ(config.warmup_bars, 504);
        EXPECT_GE(config.symbols.size(), 12U);
        EXPECT_EQ(config.model.on_expired, OnExpired::warn);
    }
}

// Settings of one bar shrink with the square root of the bars a day.
TEST(Jobs, OfMinuteBarsScaleWhatIsPerBar) {
    const Config daily;
    for (const auto& [name, bars_day] : {std::pair{"us-minute", 390.0},
                                         {"us-minute-hybrid", 390.0},
                                         {"demo", 390.0},
                                         {"crypto-minute", 1440.0},
                                         {"crypto-minute-hybrid", 1440.0}}) {
        const Config config = job(name);
        const auto expect_scaled = [&](double minute, double of_day) {
            const double scaled = of_day / std::sqrt(bars_day);
            EXPECT_NEAR(minute, scaled, 0.02 * scaled) << name;
        };
        EXPECT_EQ(config.interval, BarInterval::minute_1);
        expect_scaled(config.strategy.positions.trend_floor, daily.strategy.positions.trend_floor);
        expect_scaled(config.strategy.positions.vol_target, daily.strategy.positions.vol_target);
        expect_scaled(config.costs.impact_volatility_default,
                      daily.costs.impact_volatility_default);
        expect_scaled(*config.risk.var_historical_95_max, *daily.risk.var_historical_95_max);
        expect_scaled(*config.risk.var_ewma_95_max, *daily.risk.var_ewma_95_max);
        expect_scaled(*config.risk.es_historical_99_max, *daily.risk.es_historical_99_max);
        EXPECT_GT(config.execution.holding_bars, daily.execution.holding_bars);
        EXPECT_EQ(config.execution.edge_to_cost_min, 0) << name;
    }
}

// Those of daily bars are split-adjusted: a tick and a fee a share would mean nothing.
TEST(Jobs, OfMinuteBarsStateTheirTickAndWhoChargesThem) {
    for (const std::string& name : job_names()) {
        const Config config = job(name);
        const bool minutes = is_intraday(config.interval);
        EXPECT_EQ(config.costs.tick_size, minutes ? 0.01 : 0) << name;
        EXPECT_EQ(config.costs.fees != execution::FeeSchedule::custom, minutes) << name;
    }
}

TEST(Jobs, OfCryptoTradeFractionsAroundTheClock) {
    for (const char* name : {"crypto-minute", "crypto-minute-hybrid"}) {
        const Config config = job(name);
        EXPECT_EQ(config.calendar, CalendarKind::always_open);
        EXPECT_EQ(config.broker.lot.text(), "0.00001");
        EXPECT_EQ(config.costs.fees, execution::FeeSchedule::crypto_taker);
        EXPECT_FALSE(config.strategy.allow_short);
    }
}

TEST(Jobs, OfPanelsTakeEverySymbolAndSetBadRowsAside) {
    for (const char* name : {"sma-panel", "attention-panel"}) {
        const Config config = job(name);
        EXPECT_EQ(config.symbols, std::vector<std::string>{"*"});
        EXPECT_EQ(config.bar_files.on_bad_row, storage::OnBadRow::quarantine);
        EXPECT_EQ(config.model.on_expired, OnExpired::warn);
    }
}

TEST(Jobs, DemoNeedsNothingFromOutside) {
    const Config config = job("demo");
    EXPECT_EQ(config.feed, FeedKind::synthetic);
    EXPECT_EQ(config.symbols.size(), 6U);
    EXPECT_GT(config.synthetic.days, 0) << "it ends by itself";
    EXPECT_EQ(config.server.port, 0) << "any free one";
}

TEST(Jobs, OfDailyBarsHaveTheirSymbolsFilesWithWarmUp) {
    PAPERD_NEEDS_SHARED(daily, "data/daily/SPY.csv");
    const std::filesystem::path folder = std::filesystem::path(daily).parent_path();
    for (const std::string& symbol : job("attention-daily").symbols) {
        std::ifstream in(folder / (symbol + ".csv"));
        std::string line;
        std::getline(in, line);
        std::getline(in, line);
        EXPECT_FALSE(line.empty()) << symbol;
        EXPECT_LT(line.substr(0, 10), "2012-12-31") << symbol << ": 504 bars before 2015";
        std::string last;
        while (std::getline(in, line)) {
            last = line;
        }
        EXPECT_GE(last.substr(0, 10), "2024-12-31") << symbol;
    }
}

}  // namespace
}  // namespace paperd::config
