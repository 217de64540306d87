#include "config/loader.h"

#include <locale>

#include <gtest/gtest.h>

#include "execution/types/symbol.h"
#include "tests/config/yaml_lines.h"

namespace paperd::config {
namespace {

Config parsed(const std::string& yaml, const std::string& path = "jobs/job.yaml") {
    const auto config = parse_config(yaml, path, {.check_files = false});
    EXPECT_FALSE(config.has_error()) << (config.has_error() ? config.error().text : "");
    return config.has_error() ? Config{} : *config;
}

TEST(Loader, ReadsTheKeysOfEachTypeAndLeavesTheRestAsInitialised) {
    const Config config = parsed(R"(
title: "a job: with #signs"
seed: 18
market:
  symbols: [SPY, BRK.B, "ON"]
  interval: 1m
  on_bad_row: quarantine
  synthetic: {first_day: 2019-12-23}
account: {starting_cash: 250000.12345678, currency: EUR}
model: {path: models/a.pmb, expiry_days: 30}
strategy: {kind: model, gross_budget: 1.5, allow_short: true}
risk:
  var_historical_95_max: off
  position_notional_max: 1e5
execution: {order_type: market_on_close, time_in_force: day}
costs:
  spread_classes:
    - {dollar_volume_day_min: 1e8, spread_bps: 2}
    - {spread_bps: 9.5, dollar_volume_day_min: 0}
log: {level: debug, format: json}
replay: {speed: 60}
training: {columns: [momentum_10], to: 2014-12-31}
)");
    EXPECT_EQ(config.path, "jobs/job.yaml");
    EXPECT_EQ(config.title, "a job: with #signs");
    EXPECT_EQ(config.seed, 18U);
    EXPECT_EQ(config.symbols, (std::vector<std::string>{"SPY", "BRK.B", "ON"}));
    EXPECT_EQ(config.interval, BarInterval::minute_1);
    EXPECT_TRUE(config.market_data.cut_at_joins) << "intraday files are as traded";
    EXPECT_EQ(config.bar_files.on_bad_row, storage::OnBadRow::quarantine);
    EXPECT_EQ(day_text(config.synthetic.first_day), "2019-12-23");
    EXPECT_EQ(config.starting_cash.raw(), 25'000'012'345'678);
    EXPECT_EQ(config.currency, "EUR");
    EXPECT_EQ(config.model.path, "jobs/models/a.pmb") << "beside the YAML file";
    EXPECT_EQ(config.model.expiry_days, 30);
    EXPECT_EQ(config.strategy.kind, strategy::StrategyKind::model);
    EXPECT_EQ(config.strategy.gross_budget, 1.5);
    EXPECT_TRUE(config.strategy.allow_short);
    EXPECT_EQ(config.risk.var_historical_95_max, std::nullopt);
    EXPECT_EQ(config.risk.position_notional_max, 100'000);
    EXPECT_EQ(config.execution.order_type, OrderType::market_on_close);
    EXPECT_EQ(config.execution.time_in_force, TimeInForce::day);
    ASSERT_EQ(config.costs.spread_classes.size(), 2U);
    EXPECT_EQ(config.costs.spread_classes[0].dollar_volume_day_min, 1e8);
    EXPECT_EQ(config.costs.spread_classes[1].spread_bps, 9.5);
    EXPECT_EQ(config.log.level, "debug");
    EXPECT_EQ(config.log.format, LogFormat::json);
    EXPECT_EQ(config.speed, 60);
    EXPECT_EQ(config.training.architecture, "attention") << "does not follow the kind";
    EXPECT_EQ(config.training.columns, std::vector<std::string>{"momentum_10"});
    EXPECT_EQ(config.train_to, "2014-12-31");
    // Not spoken of.
    EXPECT_EQ(config.train_from, "");
    EXPECT_EQ(config.risk.var_ewma_95_max, risk::Limits{}.var_ewma_95_max);
    EXPECT_EQ(config.market_data.lookback_bars, 252U);
    EXPECT_EQ(config.broker.lot, Quantity::whole(1));
    EXPECT_FALSE(parsed("market: {symbols: [SPY]}").market_data.cut_at_joins);
}

TEST(Loader, TakesClosuresAsDaysAndTimes) {
    const Config config =
        parsed("market: {symbols: [SPY], closures: [2025-01-09, 2025-07-02 13:00]}");
    const std::vector<Closure> expected = {
        {.day = *parse_day("2025-01-09"), .closes = {}},
        {.day = *parse_day("2025-07-02"), .closes = std::chrono::hours{13}}};
    EXPECT_EQ(config.closures, expected);
    EXPECT_TRUE(parsed("market: {symbols: [SPY], closures: []}").closures.empty());
    for (const char* wrong : {"2025-02-30", "soon", "\"2025-07-02 25:00\"", "\"2025-07-02 1pm\"",
                              "\"2025-07-02T13:00\"", "[2025-07-02]"}) {
        const std::string said =
            complaints(std::string("market: {symbols: [SPY], closures: [") + wrong + "]}");
        EXPECT_NE(said.find("job.yaml:1: market.closures lists "), std::string::npos) << said;
    }
}

TEST(Loader, ReportsEverythingAtOnceSortedByLine) {
    EXPECT_EQ(
        complaints("sed: 1\n"
                   "market:\n"
                   "  symbols: [SPY, \"a b\", SPY]\n"
                   "  bars: data\n"
                   "  bars: more\n"
                   "strategy:\n"
                   "  kind: sma\n"
                   "  sma_fast_bars: 50\n"
                   "risk: {gross_leverage_max: -1, net_leverage_max: high}\n"),
        "job.yaml:1: sed is no key that paperd knows; did you mean 'seed'?\n"
        "job.yaml:3: market.symbols lists the text 'a b', which is no name of a symbol; use 1 to "
        "32 "
        "letters, digits and ._^=-\n"
        "job.yaml:3: market.symbols lists 'SPY' twice (before on line 3); remove one\n"
        "job.yaml:5: market.bars is given twice (before on line 4), and only one can hold; "
        "remove one\n"
        "job.yaml:7: strategy.kind is 'sma', but one of model, buy_and_hold, sma_cross is "
        "needed; did you mean 'sma_cross'?\n"
        "job.yaml:8: strategy.sma_fast_bars is 50 and strategy.sma_slow_bars 50, but the fast "
        "mean must be of fewer bars; lower the one or raise the other\n"
        "job.yaml:9: risk.gross_leverage_max is -1, outside what makes sense; give a value "
        "> 0 and <= 100 (sum |position| / equity)\n"
        "job.yaml:9: risk.net_leverage_max is 'high', but a number is needed; give one > 0 "
        "and <= 100 (|sum position| / equity)");
}

TEST(Loader, TakesPairsAndOverlaysAsListsThatMayBeEmpty) {
    const auto job = [](const std::string& pairs, const std::string& overlays) {
        return "market: {symbols: [A, B]}\nmodel: {path: a.pmb}\n"
               "strategy: {kind: model, pairs: " +
               pairs + ", overlays: " + overlays + "}\n";
    };
    const Config config = parsed(
        job("[A/B]", "[{rule: regime_veto, model: r.pmb}, {model: /s.ts, rule: regime_scale}]"));
    EXPECT_EQ(config.strategy.pairs, std::vector<std::string>{"A/B"});
    const std::vector<strategy::OverlayModel> expected = {
        {.rule = "regime_veto", .path = "jobs/r.pmb"}, {.rule = "regime_scale", .path = "/s.ts"}};
    EXPECT_EQ(config.strategy.overlay_models, expected);
    const Config again = parsed(effective_yaml(config));
    EXPECT_EQ(again.strategy.pairs, config.strategy.pairs);
    EXPECT_EQ(again.strategy.overlay_models, expected);
    const Config none = parsed(job("[]", "[]"));
    EXPECT_TRUE(none.strategy.pairs.empty() && none.strategy.overlay_models.empty());
    EXPECT_EQ(complaints(job("[]", "[{rule: regime_veto}]")),
              "job.yaml:3: strategy.overlays has an entry that is not clear; write each as {rule: "
              "regime_veto, model: models/regime.pmb}");
    EXPECT_NE(complaints(job("[]", "[{rule: magic, model: a.pmb}]")).find("regime_scale"),
              std::string::npos);
}

TEST(Loader, IsAUsageError) {
    const auto config = parse_config("nonsense: 1", "job.yaml", {});
    ASSERT_TRUE(config.has_error());
    EXPECT_EQ(config.error().kind, ErrorKind::usage);
}

TEST(Loader, KnowsWhereAMisplacedKeyBelongs) {
    EXPECT_EQ(complaints("market: {symbols: [SPY]}\nparticipation_cap: 0.1\n"),
              "job.yaml:2: participation_cap is no key that paperd knows; did you mean "
              "'execution.participation_cap'?");
    EXPECT_EQ(complaints("market: {symbols: [SPY]}\nweather: sunny\n"),
              "job.yaml:2: weather is no key that paperd knows; remove it ('paperd check "
              "--reference' prints every key)");
}

TEST(Loader, TakesASectionThatIsEmpty) {
    EXPECT_EQ(complaints("market: {symbols: [SPY]}\nrisk:\n  # gross_leverage_max: 1\n"), "");
}

TEST(Loader, WantsSymbols) {
    EXPECT_EQ(complaints("market:\n  interval: 1d\n"),
              "job.yaml:1: market.symbols is missing, and nothing can stand for it; add 'symbols:' "
              "(list of names, or [\"*\"])");
    EXPECT_NE(complaints("market: {symbols: []}"), "");
    EXPECT_NE(complaints("market: {symbols: SPY}"), "");
    EXPECT_NE(complaints("market: {symbols: [\"../SPY\"]}"), "") << "names become file names";
    EXPECT_NE(complaints("market: {symbols: [\"..\"]}"), "");
    EXPECT_NE(complaints("market: {symbols: [SPY, \"*\"]}"), "") << "the star stands alone";
    EXPECT_EQ(complaints("market: {symbols: [\"*\"]}"), "");
}

TEST(Loader, TakesAsManySymbolsAsThereIsRoomForAndNoMore) {
    std::string list;
    for (std::size_t i = 0; i < kMaxSymbols; ++i) {
        list += "S" + std::to_string(i) + ",\n ";
    }
    EXPECT_EQ(parsed("market: {symbols: [" + list + "]}").symbols.size(), kMaxSymbols);
    const std::string found = complaints("market: {symbols: [" + list + "ONE_MORE]}");
    EXPECT_TRUE(found.starts_with("job.yaml:1: market.symbols has 65536 entries")) << found;
}

TEST(Loader, WantsSpreadClassesThatCoverEverySymbol) {
    const auto said = [](const std::string& list) {
        return complaints("market: {symbols: [SPY]}\ncosts:\n  spread_classes: " + list + "\n");
    };
    EXPECT_EQ(said("[{dollar_volume_day_min: 0, spread_bps: 3}]"), "");
    EXPECT_NE(said("[{dollar_volume_day_min: 5, spread_bps: 3}]").find("begin at 0"),
              std::string::npos);
    EXPECT_NE(said("[{dollar_volume_day_min: 0, spread_bps: 3},\n    {dollar_volume_day_min: 9, "
                   "spread_bps: 1}]")
                  .find("job.yaml:4: costs.spread_classes goes up from 0 to 9"),
              std::string::npos);
    for (const char* bad :
         {"[{dollar_volume_day_min: 0}]", "[{dollar_volume_day_min: 0, spread_bps: 3, more: 1}]",
          "[{spread_bps: 3, spread_bps: 3}]", "[7]", "{dollar_volume_day_min: 0, spread_bps: 3}",
          "[{dollar_volume_day_min: 0, spread_bps: -3}]",
          "[{dollar_volume_day_min: 0, spread_bps: "
          "wide}]"}) {
        const std::string found = said(bad);
        EXPECT_TRUE(found.starts_with("job.yaml:3: costs.spread_classes")) << found;
        EXPECT_EQ(found.find('\n'), std::string::npos) << found;
    }
}

TEST(Loader, ReadsTheSameWhateverTheLocale) {
    struct Comma : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }

        char do_thousands_sep() const override { return '.'; }

        std::string do_grouping() const override { return "\3"; }
    };

    const std::string yaml =
        "market: {symbols: [SPY]}\naccount: {starting_cash: 1234567.5}\nseed: 1234567\n"
        "strategy: {vol_target: 0.0125}\n";
    const std::string before = effective_yaml(parsed(yaml));
    const std::locale old = std::locale::global(std::locale(std::locale(), new Comma));
    const std::string after = effective_yaml(parsed(yaml));
    const std::string twice = complaints("\n\nseed: x" + std::string(1200, '\n') + "sed: 2");
    std::locale::global(old);
    EXPECT_EQ(before, after);
    EXPECT_NE(after.find("starting_cash: 1234567.5\n"), std::string::npos);
    EXPECT_NE(twice.find("job.yaml:1203: sed"), std::string::npos) << twice;
}

TEST(Loader, ReadsLinesOfWindowsAndAByteOrderMark) {
    EXPECT_EQ(complaints("\xEF\xBB\xBFmarket:\r\n  symbols: [SPY]\r\nseed: 3\r\n"), "");
    EXPECT_EQ(complaints("market:\r\n  symbols: [SPY]\r\nseed: x\r\n").substr(0, 15),
              "job.yaml:3: see");
}

TEST(Loader, RefusesYamlThatHidesValues) {
    const auto starts = [](const std::string& yaml, const std::string& expected) {
        const std::string found = complaints(yaml);
        EXPECT_TRUE(found.starts_with(expected)) << found;
        EXPECT_EQ(found.find('\n'), std::string::npos) << found;
    };
    const std::string market = "market: {symbols: [SPY]}\n";
    starts(market + "seed: &a 5\n", "job.yaml:2: an anchor (&name)");
    starts(market + "risk: &a {gross_leverage_max: 2}\n", "job.yaml:2: an anchor (&name)");
    starts(market + "seed: !!int 5\n", "job.yaml:2: a tag (tag:yaml.org,2002:int)");
    starts(market + "? [a, b]\n: 5\n", "job.yaml:2: a key is not a plain word");
    starts(market + "\"two\\nlines\": 5\n", "job.yaml:2: a key is not a plain word");
    starts(market + std::string(200, 'k') + ": 5\n", "job.yaml:2: a key is not a plain word");
    starts(market + "---\nseed: 5\n", "job.yaml:2: a second YAML document");
    starts("market: {symbols: [*]}\n", "job.yaml:1: this is not YAML");
    EXPECT_EQ(complaints(market + "title: &t x\nstrategy:\n  <<: *t\n"),
              "job.yaml:2: an anchor (&name) stands here, and configs do without; remove it, and "
              "write values out where they are needed\n"
              "job.yaml:4: an alias (*name) stands here, and configs do without; write the value "
              "out, and text that begins with * in quotes");
}

TEST(Loader, RefusesWhatIsNotAConfigAtAll) {
    const auto starts = [](const std::string& yaml, const std::string& expected) {
        const std::string found = complaints(yaml);
        EXPECT_TRUE(found.starts_with(expected)) << found;
        EXPECT_EQ(found.find('\n'), std::string::npos) << found;
    };
    starts("", "job.yaml:1: the config is empty");
    starts("# nothing\n\n", "job.yaml:1: the config is empty");
    starts("---\n", "job.yaml:1: the config is empty");
    starts("just words\n", "job.yaml:1: the config is no group of keys");
    starts("\n- a\n- b\n", "job.yaml:2: the config is no group of keys");
    starts("market: {symbols: [SPY\n\nseed: 2", "job.yaml:");
    starts("market:\n  symbols: [SPY]\n interval: 1d\n", "job.yaml:3: this is not YAML");
    starts(std::string("seed: 1\ntitle: \0x", 17), "job.yaml:2: this is not text (byte 0x00)");
    starts("seed: 1\ntitle: \xE4h", "job.yaml:2: this is not text (byte 0xe4)");
    starts(std::string("\xFF\xFEm\0a\0", 6), "job.yaml:1: this is not text (byte 0xff)");
    starts(std::string(100'000, '['), "job.yaml:1: this is not YAML");
}

TEST(Loader, DoesNotSearchTheMeaningOfEndlessKeys) {
    std::string yaml = "market: {symbols: [SPY]}\n";
    for (int i = 0; i < 100'000; ++i) {
        yaml += "key_" + std::to_string(i) + ": 1\n";
    }
    EXPECT_EQ(complaints(yaml),
              "job.yaml:1: the top has 100001 keys, more than there are; is this a config?");
}

TEST(Loader, SurvivesEveryPrefixOfAConfig) {
    const std::string yaml = effective_yaml(parsed("market: {symbols: [SPY, QQQ]}"));
    int refused = 0;
    for (std::size_t size = 0; size < yaml.size(); size += 3) {
        const std::string found = complaints(yaml.substr(0, size));
        EXPECT_TRUE(found.empty() || found.starts_with("job.yaml:")) << found;
        refused += found.empty() ? 0 : 1;
    }
    EXPECT_GT(refused, 10);
}

}  // namespace
}  // namespace paperd::config
