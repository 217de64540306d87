#include <set>

#include <gtest/gtest.h>

#include "config/key.h"
#include "config/loader.h"
#include "tests/config/yaml_lines.h"
#include "tests/support/paths.h"

namespace paperd::config {
namespace {

Config parsed(const std::string& yaml, const std::string& path) {
    const auto config = parse_config(yaml, path, {.check_files = false});
    EXPECT_FALSE(config.has_error()) << (config.has_error() ? config.error().text : "");
    return config.has_error() ? Config{} : *config;
}

void expect_same(const Config& a, const Config& b) {
    for (const Key& key : keys()) {
        EXPECT_EQ(key.write(a), key.write(b)) << key.path;
    }
    EXPECT_EQ(a.path, b.path);
    EXPECT_EQ(a.model.path, b.model.path);
    EXPECT_EQ(a.bars, b.bars);
    EXPECT_EQ(a.splits, b.splits);
    EXPECT_EQ(a.closures, b.closures);
    EXPECT_EQ(a.market_data.cut_at_joins, b.market_data.cut_at_joins);
}

TEST(EffectiveYaml, ParsesBackToTheSameConfig) {
    const std::string unusual = R"(
title: "quotes \" and \\ and: #signs"
seed: 9223372036854775807
market:
  {symbols: ["ON", "700", BRK.B, "^VIX"], interval: 1m, calendar: always_open, bars: /data/x,
   splits: s/a.csv, closures: [2025-01-09, "2025-07-02 13:05"], assume_delisted_after_sessions: 5}
account: {starting_cash: 0.00000001, lot: 0.00001, currency: USDT}
model: {path: ../models/x.ts, expiry_bars: 7, on_expired: stop}
strategy: {kind: model, vol_target: 0.000263523}
risk: {position_notional_max: 123.456, var_historical_95_max: off, drawdown_max: off}
costs: {spread_classes: [{dollar_volume_day_min: 0, spread_bps: 1e-9}], cash_rate: -0.005}
replay: {speed: 0.1}
server: {token_file: "a token"}
training: {architecture: attention, from: 2001-02-03}
)";
    for (const char* path : {"job.yaml", "jobs/job.yaml", "/etc/paperd/job.yaml", "/job.yaml"}) {
        for (const std::string& yaml : {std::string("market: {symbols: [\"*\"]}"), unusual}) {
            const Config config = parsed(yaml, path);
            const std::string text = effective_yaml(config);
            const Config again = parsed(text, path);
            expect_same(config, again);
            EXPECT_EQ(effective_yaml(again), text);
        }
    }
}

TEST(EffectiveYaml, DoesNotDependOnWhereTheProgramWasStarted) {
    const std::string yaml =
        "market: {symbols: [SPY], bars: data}\n"
        "model: {path: models/x.pmb}\nstrategy: {kind: model}\n";
    const std::string here = effective_yaml(parsed(yaml, "job.yaml"));
    EXPECT_EQ(effective_yaml(parsed(yaml, "/srv/paperd/job.yaml")), here);
    EXPECT_EQ(effective_yaml(parsed(yaml, "../jobs/job.yaml")), here);
    EXPECT_NE(here.find("path: models/x.pmb\n"), std::string::npos);
    EXPECT_EQ(here.find("job.yaml"), std::string::npos);
}

TEST(EffectiveYaml, HasEveryKeyOnceInTheOrderOfTheTableWithoutComments) {
    Config config;
    config.symbols.assign(40, "LONGSYMBOL");
    const std::vector<std::string> lines = split_lines(effective_yaml(config));
    std::size_t last = 0;
    for (const Key& key : keys()) {
        const KeyLines at = find_lines(lines, key.path);
        ASSERT_LT(at.first, at.end) << key.path;
        EXPECT_TRUE(key.path == "title" || at.first > last) << key.path;
        last = at.first;
    }
    for (const std::string& line : lines) {
        EXPECT_LE(line.size(), 100U) << line;
        EXPECT_EQ(line.find('#'), std::string::npos) << line;
    }
}

// A key that is forgotten here makes a run's resumption refuse what does not change it, or take
// what does.
TEST(DecidingYaml, LeavesOutWhatTwoProcessesOfARunMayDifferIn) {
    const std::set<std::string> aside = {"title", "market.bars", "market.splits", "model.path",
                                         "strategy.overlays"};
    const std::set<std::string_view> sections = {"storage", "server",   "log",
                                                 "replay",  "training", "research"};
    for (const Key& key : keys()) {
        EXPECT_EQ(key.decides, !aside.contains(key.path) && !sections.contains(key.section()))
            << key.path;
    }
    const std::string yaml = "market: {symbols: [SPY]}\n";
    const Config plain = *parse_config(yaml, "job.yaml");
    const Config other = *parse_config(
        "title: other\nmarket: {symbols: [SPY], bars: elsewhere}\nlog: {level: debug}\n"
        "storage: {database: b.db}\nreplay: {speed: 3}\ntraining: {seed: 9}\n",
        "other.yaml", {.check_files = false});
    EXPECT_EQ(deciding_yaml(plain), deciding_yaml(other));
    EXPECT_NE(effective_yaml(plain), effective_yaml(other));
    EXPECT_NE(deciding_yaml(plain), deciding_yaml(*parse_config(yaml + "seed: 2\n", "job.yaml")));
    EXPECT_NE(deciding_yaml(plain).find("\n  starting_cash: "), std::string::npos);
    EXPECT_EQ(deciding_yaml(plain).find("training:"), std::string::npos);
}

TEST(AnnotatedYaml, ListsEveryKeyOfEveryJobWithItsUnitAndDefault) {
    for (const std::string& name : job_names()) {
        SCOPED_TRACE(name);
        const std::string path = support::source_path("config/" + name + ".yaml");
        const Config config = parsed(read_text_file(path), path);
        const std::string text = annotated_yaml(config);
        expect_same(parsed(text, path), config);
        const std::vector<std::string> lines = split_lines(text);
        for (const std::string& line : lines) {
            EXPECT_LE(line.size(), 100U) << line;
        }
        for (const Key& key : keys()) {
            const KeyLines at = find_lines(lines, key.path);
            ASSERT_LT(at.first, at.end) << key.path << " is missing";
            EXPECT_EQ(comment_of(lines, at), key.unit + "; default " + key.default_text())
                << key.path;
        }
    }
}

TEST(ReferenceYaml, IsAConfigOfAllDefaults) {
    Config defaults;
    defaults.path = "job.yaml";
    defaults.symbols = {"SPY"};
    expect_same(parsed(reference_yaml(), "job.yaml"), defaults);
}

TEST(ReferenceYaml, ExplainsEveryKey) {
    const std::string text = reference_yaml();
    const std::vector<std::string> lines = split_lines(text);
    for (const std::string& line : lines) {
        EXPECT_LE(line.size(), 100U) << line;
    }
    for (const Key& key : keys()) {
        const KeyLines at = find_lines(lines, key.path);
        ASSERT_LT(at.first, at.end) << key.path;
        std::string above;
        for (std::size_t i = at.first;
             i > 0 && lines[i - 1].find_first_not_of(' ') != std::string::npos &&
             lines[i - 1][lines[i - 1].find_first_not_of(' ')] == '#';
             --i) {
            above = lines[i - 1].substr(lines[i - 1].find('#') + 2) + " " + above;
        }
        above += comment_of(lines, at);
        EXPECT_NE(above.find(key.about), std::string::npos) << key.path << "\n" << above;
        EXPECT_NE(above.find(key.allowed), std::string::npos) << key.path << "\n" << above;
        EXPECT_NE(above.find(key.unit + "; default " + key.default_text()), std::string::npos)
            << key.path << "\n"
            << above;
    }
}

}  // namespace
}  // namespace paperd::config
