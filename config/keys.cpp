// The table, a list a section. Longer than a page because it is one: a line or three a key, nothing
// else.
#include <algorithm>
#include <array>
#include <iterator>
#include <map>

#include "config/closures.h"
#include "config/key.h"
#include "config/key_types.h"
#include "config/overlay_models.h"
#include "config/spread_classes.h"
#include "execution/fee_schedules.h"
#include "execution/types/symbol.h"
#include "execution/types/symbol_name.h"
#include "strategy/models/architecture.h"
#include "strategy/positions/position_rules.h"

// The setting a key stands for, found the same way for reading and for writing.
// NOLINTNEXTLINE(bugprone-macro-parentheses): the name of a member cannot stand in any.
#define AT(setting) [](auto& config) -> auto& { return config.setting; }

namespace paperd::config {
namespace {

using key_types::boolean;
using key_types::choice;
using key_types::day;
using key_types::input_path;
using key_types::integer;
using key_types::names;
using key_types::number;
using key_types::number_or_word;
using key_types::optional_day;
using key_types::optional_integer;
using key_types::optional_number;
using key_types::scaled;
using key_types::text;

constexpr Range kSeeds{.low = 0};  // the type ends it at 2^63 - 1
constexpr double kBarsMax = 100'000;
constexpr double kSizeMax = 4096;
constexpr const char* kBar = "bars";
constexpr const char* kDefault = "default";
constexpr const char* kBeforeSizes = "training.sequence_length";

// One that no result depends on (Key::decides), in a section of those that do.
Key aside(Key key) {
    key.decides = false;
    return key;
}

// A position rule of the table, or the one that the model is meant for.
Key position_rule_key() {
    std::vector<std::string> names = strategy::position_rule_names();
    names.emplace(names.begin(), strategy::kDefaultPositions);
    return choice("strategy.positions", names,
                  "How a model's outputs become positions; default: as the model's facts say.",
                  AT(strategy.position_rule));
}

// A list of pairs, which may be empty.
Key pairs_key() {
    Key key =
        names({"strategy.pairs", "list of pairs, or []"}, "pair", fmt::format("{}/", kSymbolMarks),
              kMaxSymbols, "For a model of pairs: those that are traded, as [AAA/BBB].",
              AT(strategy.pairs));
    key.read = [listed = key.read](const Entry& entry, Config& config, Problems& problems) {
        if (entry.value.kind == Node::Kind::list && entry.value.items.empty()) {
            config.strategy.pairs.clear();
        } else {
            listed(entry, config, problems);
        }
    };
    return key;
}

// A list of symbols, or "*" alone.
Key symbols_key() {
    const Field field{"market.symbols", "list of names, or [\"*\"]"};
    Key key = names(field, "symbol", std::string(kSymbolMarks), kMaxSymbols,
                    "What is traded: symbols as the files or the feed name them, in the order that "
                    "all output keeps. [\"*\"] takes every symbol that the files have.",
                    AT(symbols));
    key.required = true;
    key.allowed = fmt::format("1 to {} different names", kMaxSymbols);
    key.read = [listed = key.read](const Entry& entry, Config& config, Problems& problems) {
        const std::vector<Node>& items = entry.value.items;
        if (items.size() == 1 && items[0].kind == Node::Kind::text && items[0].text == "*") {
            config.symbols = {"*"};
        } else {
            listed(entry, config, problems);
        }
    };
    return key;
}

// A size of one or more architectures, unset by the word `default`.
// owners: "attention, hybrid"; defaults: "attention: 32, hybrid: 64".
Key size_key(const strategy::ArchitectureSize& size, const std::string& owners,
             const std::string& defaults) {
    const Field field{fmt::format("training.{}", size.name), std::string(size.unit)};
    const Range range{
        .low = size.low, .high = size.high, .low_open = size.low_open, .high_open = size.high_open};
    const std::string name(size.name);
    const bool whole = size.whole;
    Key key{.path = field.path,
            .unit = field.unit,
            .allowed = fmt::format("{}, or {} ({})", range.text(), kDefault, defaults),
            .about = fmt::format("{}: {}", owners, size.about),
            .read = {},
            .write = {}};
    key.read = [=](const Entry& entry, Config& config, Problems& problems) {
        strategy::NamedNumbers& sizes = config.training.sizes;
        std::erase_if(sizes, [&](const auto& set) { return set.first == name; });
        if (is_word(entry.value, kDefault)) {
            return;
        }
        if (whole) {
            if (const auto value = read_integer(entry, field, range, problems)) {
                sizes.emplace_back(name, static_cast<double>(*value));
            }
        } else if (const auto value = read_number(entry, field, range, problems)) {
            sizes.emplace_back(name, *value);
        }
    };
    key.write = [=](const Config& config) {
        const auto value = strategy::number_named(config.training.sizes, name);
        return key_types::one(value ? number_text(*value) : std::string(kDefault));
    };
    return key;
}

// One key a name, in the order of the table, however many architectures share it.
std::vector<Key> size_keys() {
    std::vector<const strategy::ArchitectureSize*> sizes;
    std::map<std::string_view, std::string> owners;
    std::map<std::string_view, std::string> defaults;
    for (const strategy::Architecture& architecture : strategy::architectures()) {
        for (const strategy::ArchitectureSize& size : architecture.sizes) {
            std::string& named = owners[size.name];
            if (named.empty()) {
                sizes.push_back(&size);
            }
            const std::string_view comma = named.empty() ? "" : ", ";
            named += fmt::format("{}{}", comma, architecture.name);
            defaults[size.name] +=
                fmt::format("{}{}: {}", comma, architecture.name, number_text(size.otherwise));
        }
    }
    std::vector<Key> keys;
    for (const strategy::ArchitectureSize* size : sizes) {
        keys.push_back(size_key(*size, owners[size->name], defaults[size->name]));
    }
    return keys;
}

std::vector<Key> run_keys() {
    return {
        aside(
            text({"title", "text"}, "What people call the job, in reports and lists.", AT(title))),
        integer({"seed", "seed"}, kSeeds,
                "Of every random draw of the run that has no seed of its own.", AT(seed)),
    };
}

std::vector<Key> market_keys() {
    return {
        symbols_key(),
        choice("market.interval", {kBarIntervalNames.begin(), kBarIntervalNames.end()},
               "The length of a bar; 1mo is for models, which may live on longer bars than they "
               "trade on.",
               AT(interval)),
        choice("market.calendar", {"new_york", "always_open"},
               "When the venue trades: New York's stock sessions, or around the clock in UTC days.",
               AT(calendar)),
        closures_key("market.closures",
                     "Days on which the venue was closed, or closed early at that time of its own, "
                     "and which the calendar does not know; their bars outside are set aside."),
        choice("market.feed", {kFeedKindNames.begin(), kFeedKindNames.end()},
               "Where `run` gets bars: files, or the market made up inside the daemon.", AT(feed)),
        aside(input_path(
            {"market.bars", "folder or panel file"},
            "Bars to replay: SYMBOL.csv or SYMBOL/DAY.csv files, or one panel. Relative to "
            "this file's folder; --bars on the command line goes before.",
            AT(bars))),
        aside(input_path(
            {"market.splits", "file"},
            "Splits of intraday bars, which are as traded: lines of symbol,ex_date,ratio, "
            "the ratio new shares for one old (2, 3/2, 1/10). Relative to this file's "
            "folder; without it, no split is known.",
            AT(splits))),
        boolean("market.extended_hours",
                "Whether intraday bars outside the session are kept; else they are set aside and "
                "counted.",
                AT(bar_files.extended_hours)),
        choice("market.on_bad_row", {"stop", "quarantine"},
               "A row that cannot be a bar stops the run, or is set aside as an incident.",
               AT(bar_files.on_bad_row)),
        integer({"market.warmup_bars", "bars before --from; 1d"}, between(0, kBarsMax),
                "Slices that warm features, model and gate up, without orders; a model on longer "
                "bars counts its own, made from them.",
                AT(warmup_bars)),
        integer({"market.warmup_days", "days of files before --from; 1m"}, between(0, 7),
                "Intraday: at most so many files of the 7 calendar days before warm up.",
                AT(warmup_days)),
        integer({"market.gap_bars", "missing bars of open market"}, between(1, kBarsMax),
                "So many in a row, of one symbol or of all, are an incident when data returns.",
                AT(gap_bars)),
        integer({"market.lookback_bars", kBar}, between(2, kBarsMax),
                "Bars of each symbol that are kept for features and statistics.",
                AT(market_data.lookback_bars)),
        number({"market.join_move_max", "fraction of the close before; 1m"}, above(0, 10),
               "A larger move from bar to bar is a join of two series: the symbol warms up anew, "
               "and its orders are cancelled; a position has the move.",
               AT(market_data.join_move_max)),
        integer({"market.join_days_max", "calendar days; 1m"}, between(1, 3650),
                "A longer pause between two bars is such a join, too; where a replay has no bar of "
                "any symbol for longer, positions are settled at the last close.",
                AT(market_data.join_days_max)),
        optional_integer({"market.assume_delisted_after_sessions", "sessions without a bar"},
                         between(1, 10'000),
                         "Replay only: a position whose symbol had no bar for so many sessions, "
                         "while others traded, is settled; off: it stays at its last close, stale.",
                         AT(delisting.after_sessions)),
        number({"market.delisting_loss", "fraction of the last close"}, between(0, 1),
               "What a long loses then; a short is settled at the last close.", AT(delisting.loss)),
    };
}

std::vector<Key> synthetic_keys() {
    return {
        integer({"market.synthetic.seed", "seed"}, kSeeds,
                "Of the made-up market; the same seed makes the same bars.", AT(synthetic.seed)),
        day({"market.synthetic.first_day", "a session of the calendar"}, "The first day it trades.",
            AT(synthetic.first_day)),
        integer({"market.synthetic.days", "sessions; 0: without end"}, between(0, kBarsMax),
                "How many sessions it trades.", AT(synthetic.days)),
        number({"market.synthetic.gap_probability", "a bar"}, between(0, 1),
               "Chance of a jump of several standard deviations.", AT(synthetic.gap_probability)),
        number({"market.synthetic.missing_probability", "a bar"}, below(0, 1),
               "Chance of a minute without a trade in a symbol.",
               AT(synthetic.missing_probability)),
    };
}

std::vector<Key> account_keys() {
    return {
        scaled({"account.starting_cash", "account currency"}, above(0, 1e10),
               "Cash before the first trade.", AT(starting_cash)),
        text({"account.currency", "3 to 5 capital letters"},
             "The one currency of cash, prices and results.", AT(currency)),
        scaled({"account.lot", "shares or coins"}, above(0, 1e6),
               "Orders and positions are whole multiples of it; whole shares in New York.",
               AT(broker.lot)),
    };
}

std::vector<Key> model_keys() {
    return {
        aside(
            input_path({"model.path", "bundle, or NAME.ts"},
                       "The trained model, required by strategy.kind model alone. Relative to this "
                       "file's folder; NAME.ts needs NAME.yaml beside it.",
                       AT(model.path))),
        optional_integer({"model.expiry_days", "calendar days, or off"}, between(1, 36'500),
                         "The model is expired when its last training day is longer ago.",
                         AT(model.expiry_days)),
        optional_integer({"model.expiry_bars", "slices, or off"}, between(1, 1e9),
                         "The same, counted in slices.", AT(model.expiry_bars)),
        number({"model.return_max", "|log return| a bar"}, above(0, 1000),
               "A prediction beyond it is implausible: shown, and never traded.",
               AT(strategy.return_max)),
        choice("model.on_expired", {"warn", "stop"},
               "An expired model is reported, or may trade towards flat only.",
               AT(model.on_expired)),
    };
}

std::vector<Key> strategy_keys() {
    return {
        choice("strategy.kind",
               {strategy::kStrategyKindNames.begin(), strategy::kStrategyKindNames.end()},
               "What makes target weights: a trained model (model.path), or a rule without one.",
               AT(strategy.kind)),
        position_rule_key(),
        pairs_key(),
        aside(overlay_models_key()),  // the run's key has each one's rule and hash
        number({"strategy.veto_above", "probability"}, between(0, 1),
               "regime_veto: flat where P(bear) + P(high volatility) is above.",
               AT(strategy.overlays.veto_above)),
        number({"strategy.gross_budget", "multiple of equity"}, above(0, 100),
               "Weight of a symbol = this / number of symbols x its position in [-1, 1]; not of "
               "buy_and_hold, which spends its cash.",
               AT(strategy.gross_budget)),
        boolean("strategy.allow_short",
                "Whether targets below zero are traded; else they are flat.",
                AT(strategy.allow_short)),
        integer({"strategy.sma_fast_bars", kBar}, between(1, kBarsMax),
                "sma_cross: long while the mean close of so many bars is above the slow one.",
                AT(strategy.sma_fast_bars)),
        integer({"strategy.sma_slow_bars", kBar}, between(2, kBarsMax),
                "sma_cross: bars of the slow mean.", AT(strategy.sma_slow_bars)),
        number({"strategy.trend_floor", "fraction of the price, a bar"}, between(0, 1),
               "Regime filter: trade only further than this from the mean of 50 bars. Scale it by "
               "1 / sqrt(bars a day) for intraday bars.",
               AT(strategy.positions.trend_floor)),
        number({"strategy.vol_ratio_max", "multiple of the median"}, above(0, 100),
               "Regime filter: trade only while the volatility of 20 bars is below this multiple "
               "of its median over 60.",
               AT(strategy.positions.vol_ratio_max)),
        number({"strategy.regime_exit", "factor"}, above(0, 1),
               "Regime filter: once open it closes only below trend_floor x this, or above "
               "vol_ratio_max / this; 1: it closes where it opens.",
               AT(strategy.positions.regime_exit)),
        integer({"strategy.regime_pause", "predictions"}, between(0, 10'000),
                "Regime filter: once it closed it stays closed for so many.",
                AT(strategy.positions.regime_pause)),
        number({"strategy.vol_target", "standard deviation of a bar"}, above(0, 1),
               "Positions are scaled to it. Scale it by 1 / sqrt(bars a day) for intraday bars.",
               AT(strategy.positions.vol_target)),
        number({"strategy.gate_percentile", "percentile"}, below(0, 100),
               "attention: a smoothed prediction must be stronger than this percentile of its "
               "trailing window.",
               AT(strategy.positions.gate_percentile)),
        integer({"strategy.gate_window", "predictions"}, between(1, kBarsMax),
                "attention: length of that window.", AT(strategy.positions.gate_window)),
        integer({"strategy.smoothing", "predictions"}, between(1, kBarsMax),
                "attention: the mean of so many predictions is traded.",
                AT(strategy.positions.smoothing)),
        integer({"strategy.confidence_window", "predictions"}, between(1, kBarsMax),
                "hybrid: uncertainty is measured against its median over so many predictions.",
                AT(strategy.positions.confidence_window)),
        number({"strategy.revert_entry", "probability"}, between(0, 1),
               "pair: the probability of reverting at which the spread is entered.",
               AT(strategy.positions.revert_entry)),
        number({"strategy.revert_exit", "probability"}, between(0, 1),
               "pair: the probability below which it is left; at most revert_entry.",
               AT(strategy.positions.revert_exit)),
        boolean("strategy.use_regime_filter", "Whether a closed regime filter makes targets flat.",
                AT(strategy.positions.use_regime_filter)),
    };
}

std::vector<Key> risk_keys() {
    return {
        number({"risk.position_fraction_max", "|position| / equity, each symbol"}, above(0, 100),
               "Largest position.", AT(risk.position_fraction_max)),
        optional_number({"risk.position_notional_max", "account currency, each symbol"},
                        above(0, 1e10), "Largest position in money.",
                        AT(risk.position_notional_max)),
        number({"risk.gross_leverage_max", "sum |position| / equity"}, above(0, 100),
               "Largest gross exposure.", AT(risk.gross_leverage_max)),
        number({"risk.net_leverage_max", "|sum position| / equity"}, above(0, 100),
               "Largest net exposure; at most the gross one.", AT(risk.net_leverage_max)),
        number({"risk.gross_leverage_before_var_max", "sum |position| / equity"}, above(0, 100),
               "Largest gross exposure while VaR is not yet known.",
               AT(risk.gross_leverage_before_var_max)),
        optional_number(
            {"risk.var_historical_95_max", "fraction of equity, a bar"}, above(0, 1),
            "Largest 95% VaR of the portfolio from its past returns; off: measured, not "
            "limited.",
            AT(risk.var_historical_95_max)),
        optional_number({"risk.var_historical_99_max", "fraction of equity, a bar"}, above(0, 1),
                        "The same at 99%.", AT(risk.var_historical_99_max)),
        optional_number({"risk.es_historical_95_max", "fraction of equity, a bar"}, above(0, 1),
                        "Largest expected shortfall beyond the 95% VaR.",
                        AT(risk.es_historical_95_max)),
        optional_number({"risk.es_historical_99_max", "fraction of equity, a bar"}, above(0, 1),
                        "The same at 99%.", AT(risk.es_historical_99_max)),
        optional_number({"risk.var_ewma_95_max", "fraction of equity, a bar"}, above(0, 1),
                        "Largest 95% VaR from an exponentially weighted variance.",
                        AT(risk.var_ewma_95_max)),
        optional_number({"risk.var_ewma_99_max", "fraction of equity, a bar"}, above(0, 1),
                        "The same at 99%.", AT(risk.var_ewma_99_max)),
        optional_number({"risk.es_ewma_95_max", "fraction of equity, a bar"}, above(0, 1),
                        "Largest expected shortfall from that variance at 95%.",
                        AT(risk.es_ewma_95_max)),
        optional_number({"risk.es_ewma_99_max", "fraction of equity, a bar"}, above(0, 1),
                        "The same at 99%.", AT(risk.es_ewma_99_max)),
        number({"risk.ewma_lambda", "weight of the past"}, inside(0, 1),
               "Decay of the exponentially weighted variance.", AT(risk.ewma_lambda)),
        integer({"risk.var_lookback_bars", kBar}, between(2, kBarsMax),
                "Returns that historical VaR and expected shortfall look back on.",
                AT(risk.var_lookback_bars)),
        integer({"risk.var_returns_min", "returns"}, between(2, kBarsMax),
                "With fewer, VaR is not yet known.", AT(risk.var_returns_min)),
        optional_number({"risk.turnover_day_max", "traded / equity, a venue's day"},
                        above(0, 10'000), "Increases stop for the day when it is used up.",
                        AT(risk.turnover_day_max)),
        optional_number({"risk.order_to_volume_max", "order / median volume of a bar"},
                        above(0, 10'000), "Largest order that increases a position.",
                        AT(risk.order_to_volume_max)),
        optional_number({"risk.price_collar", "|close / close before - 1|"}, above(0, 10),
                        "No increase on a bar that moved further.", AT(risk.price_collar)),
        number({"risk.stale_after_bars", "bars of open market"}, above(0, 1e6),
               "Data is stale when the symbol's last real bar is older, be it that others trade "
               "without it, that bars are made up, or that they come late. Then nothing increases "
               "its position: no new order does, and a working one that would is cancelled. A "
               "position that is held meanwhile is an incident.",
               AT(risk.stale_after_bars)),
        optional_number({"risk.daily_loss_max", "fraction of the day's first equity"}, above(0, 1),
                        "A larger loss lets trades towards flat only (daily_loss_latch).",
                        AT(risk.daily_loss_max)),
        choice("risk.daily_loss_latch", {"day", "until_resume"},
               "How long: for the rest of the venue's day, or until `resume`.",
               AT(risk.daily_loss_latch)),
        number({"risk.maintenance_margin_long", "equity / value of longs"}, between(0, 1),
               "Maintenance margin: equity below this x longs + maintenance_margin_short x shorts "
               "scales every position down to what it carries.",
               AT(risk.maintenance_margin_long)),
        number({"risk.maintenance_margin_short", "equity / value of shorts"}, between(0, 10),
               "The same of shorts.", AT(risk.maintenance_margin_short)),
        optional_number({"risk.drawdown_max", "fraction of the peak equity"}, above(0, 1),
                        "A deeper drawdown closes every position, until `resume`.",
                        AT(risk.drawdown_max)),
    };
}

std::vector<Key> execution_keys() {
    return {
        number(
            {"execution.edge_to_cost_min", "multiple of the round trip"}, between(0, 1000),
            "An increase by a model must promise at least this multiple of its estimated cost; 0: "
            "no gate.",
            AT(execution.edge_to_cost_min)),
        number(
            {"execution.holding_bars", kBar}, above(0, 1e6),
            "Bars that one prediction is expected to be earned over, at most: the gate takes the "
            "mean length of the strategy's own wishes where that is shorter.",
            AT(execution.holding_bars)),
        number(
            {"execution.rebalance_band", "fraction of the symbol's share"}, between(0, 1),
            "A smaller change is not traded; the share is strategy.gross_budget x equity / number "
            "of symbols. Closing, and decreases that risk forces, are traded whatever their size.",
            AT(execution.rebalance_band)),
        choice("execution.order_type", {"market", "market_on_close", "limit", "stop"},
               "How targets are ordered.", AT(execution.order_type)),
        choice("execution.time_in_force", {"day", "gtc", "ioc"},
               "How long they work: the venue's day, until replaced, or on one bar.",
               AT(execution.time_in_force)),
        number({"execution.limit_offset_bps", "bp of the close"}, between(-5000, 5000),
               "limit orders: how far against us from the close the limit lies.",
               AT(execution.limit_offset_bps)),
        number({"execution.stop_offset_bps", "bp of the close"}, between(0, 5000),
               "stop orders: how far in the trade's direction the stop lies.",
               AT(execution.stop_offset_bps)),
        number({"execution.participation_cap", "fraction of a bar's volume"}, above(0, 1),
               "Most that the symbol's orders together fill of one bar.",
               AT(broker.participation_cap)),
    };
}

// The ready-made schedules, and what the two dated fees are now.
Key fees_key() {
    std::vector<std::string> names = {"custom"};
    std::string about = "Who charges what: custom, as the keys from commission_bps to us_sale_fees";
    for (const execution::FeePreset& preset : execution::fee_presets()) {
        names.emplace_back(preset.name);
        about += fmt::format("; {}: {}", preset.name, preset.about);
    }
    const execution::Section31Rate& section_31 = execution::section_31_rates().back();
    const execution::TafRate& taf = execution::taf_rates().back();
    about += fmt::format(
        ". Section 31 ({} rates since {}) is {} a million since {}; the trading activity fee ({} "
        "since {}) is {} a share, at most {} a fill, since {}.",
        execution::section_31_rates().size(),
        day_text(execution::section_31_rates().front().first_day),
        number_text(static_cast<double>(section_31.rate_e8) / 100), day_text(section_31.first_day),
        execution::taf_rates().size(), day_text(execution::taf_rates().front().first_day),
        taf.per_share.text(), taf.fill_max.text(), day_text(taf.first_day));
    return choice("costs.fees", names, about, AT(costs.fees));
}

std::vector<Key> costs_keys() {
    return {
        spread_classes_key({"costs.spread_classes", "full spread by turnover"},
                           AT(costs.spread_classes)),
        number({"costs.spread_bps_max", "bp, full spread"}, between(0, 10'000),
               "No spread is charged above it.", AT(costs.spread_bps_max)),
        number({"costs.slippage_bps", "bp, one way"}, between(0, 10'000),
               "Charged on every market and stop fill.", AT(costs.slippage_bps)),
        number({"costs.impact_coefficient", "Y of Y sigma sqrt(Q / V)"}, between(0, 100),
               "Square-root impact of a fill of Q in a bar's volume V; 0 switches it off.",
               AT(costs.impact_coefficient)),
        number({"costs.impact_volatility_default", "standard deviation of a bar"}, above(0, 1),
               "Used while a symbol's volatility is unknown. Scale it by 1 / sqrt(bars a day) for "
               "intraday bars.",
               AT(costs.impact_volatility_default)),
        fees_key(),
        number({"costs.commission_bps", "bp of the traded value"}, between(0, 10'000),
               "Commission.", AT(costs.commission_bps)),
        optional_number({"costs.commission_maker_bps", "bp of the traded value"},
                        between(0, 10'000),
                        "Commission of a fill at its resting limit; off: commission_bps.",
                        AT(costs.commission_maker_bps)),
        number({"costs.commission_min", "account currency a fill"}, between(0, 1e6),
               "Least commission of a fill.", AT(costs.commission_min)),
        optional_number({"costs.commission_max_bps", "bp of the traded value"}, between(0, 10'000),
                        "Most commission of a fill; it goes before the least one.",
                        AT(costs.commission_max_bps)),
        number({"costs.commission_per_share", "account currency"}, between(0, 1000),
               "Added for each share. Off with daily bars, which are split-adjusted.",
               AT(costs.commission_per_share)),
        boolean("costs.us_sale_fees",
                "Whether sells pay the SEC's section 31 fee and, but for daily bars, FINRA's "
                "trading activity fee.",
                AT(costs.us_sale_fees)),
        number({"costs.tick_size", "account currency"}, between(0, 1000),
               "The spread is at least one tick; 0: none. Off with daily bars, which are "
               "split-adjusted.",
               AT(costs.tick_size)),
        number({"costs.borrow_rate_year", "fraction a year, act/360"}, between(0, 10),
               "Charged daily on the market value of short positions.", AT(costs.borrow_rate_year)),
        number({"costs.margin_rate", "fraction a year, act/360"}, between(0, 10),
               "Charged daily on what cash less the value of shorts is below zero.",
               AT(costs.margin_rate)),
        number({"costs.cash_rate", "fraction a year, act/360"}, between(-1, 1),
               "Credited daily on what cash less the value of shorts is above zero.",
               AT(costs.cash_rate)),
        number({"costs.short_rebate_rate", "fraction a year, act/360"}, between(-1, 1),
               "Credited daily on the market value of short positions.",
               AT(costs.short_rebate_rate)),
    };
}

std::vector<Key> dividends_keys() {
    return {
        number({"dividends.step_min", "step of adj_close / close"}, inside(0, 1),
               "A smaller step up is rounding, not a dividend.", AT(dividends.step_min)),
        number({"dividends.step_max", "step of adj_close / close"}, above(0, 1),
               "A larger one is not credited, but stored as an incident with its amount.",
               AT(dividends.step_max)),
        number({"dividends.undo_tolerance", "fraction of the credit"}, between(0, 1),
               "A step this near to the opposite one of the bar before undoes it: down, it takes "
               "the credit back; up, it is not credited.",
               AT(dividends.undo_tolerance)),
    };
}

std::vector<Key> failures_keys() {
    return {
        number({"failures.data_delay_probability", "a bar"}, between(0, 1),
               "Chance that a bar comes too late to decide on in its slice.",
               AT(failures.data_delay_probability)),
        number({"failures.execution_failure_probability", "a fill"}, between(0, 1),
               "Chance that the venue loses an order at a bar that would fill it.",
               AT(failures.execution_failure_probability)),
        number({"failures.price_gap_probability", "a fill"}, between(0, 1),
               "Chance that the price moves towards the bar's far end before the fill.",
               AT(failures.price_gap_probability)),
        number({"failures.price_gap_fraction_max", "of the way to the bar's far end"},
               between(0, 1), "How far it moves at most.", AT(failures.price_gap_fraction_max)),
        integer({"failures.seed", "seed"}, kSeeds, "Of these three chances.", AT(failures.seed)),
    };
}

std::vector<Key> storage_keys() {
    return {
        text({"storage.database", "file"},
             "The trade database, relative to the current folder; --db goes before.", AT(database)),
        integer({"storage.checkpoint_slices", "slices"}, between(1, 1e6),
                "A checkpoint of the engine is stored every so many slices.",
                AT(checkpoint_slices)),
    };
}

std::vector<Key> server_keys() {
    return {
        boolean("server.enabled", "Whether `run` listens for `paperd ctl` and dashboards.",
                AT(server.enabled)),
        integer({"server.port", "TCP port on loopback; 0: any free one"}, between(0, 65'535),
                "Where dashboards ask; the log and `paperd ctl status` name the one taken.",
                AT(server.port)),
        text({"server.socket", "file, or off"},
             "Where `paperd ctl` asks, without a token: it is the owner's alone. Relative to the "
             "current folder; without it, DATABASE-socket.",
             AT(server.socket)),
        input_path({"server.token_file", "file"},
                   "Holds the token that commands to the port need. Relative to this file's "
                   "folder; without it, DATABASE-token, made when missing.",
                   AT(server.token_file)),
    };
}

std::vector<Key> log_keys() {
    return {
        choice("log.level", {"trace", "debug", "info", "warning", "error"},
               "The least that is logged.", AT(log.level)),
        choice("log.format", {"text", "json"}, "Lines for people or for machines.", AT(log.format)),
        text({"log.file", "file"},
             "Where lines are appended, relative to the current folder; without it, stderr.",
             AT(log.file)),
    };
}

std::vector<Key> replay_keys() {
    return {
        number_or_word({"replay.speed", "times real time, or max"}, between(kSpeedMin, kSpeedMax),
                       "max", "How fast history is replayed; --speed goes before.", AT(speed)),
    };
}

std::vector<Key> training_keys() {
    return {
        choice("training.architecture", strategy::trainable_architectures(),
               "What `train` builds. Its sizes are the next keys; those of others do nothing.",
               AT(training.architecture)),
        choice("training.feature_set", strategy::trained_feature_set_names(),
               "The set the columns are taken from.", AT(training.feature_set)),
        names({"training.columns", "inputs, in this order"}, "column", "_", 1000,
              "The model's inputs: scale-free columns of the feature set.", AT(training.columns)),
        integer({"training.sequence_length", kBar}, between(2, kSizeMax),
                "Length of a training window, and of what an attention model looks at.",
                AT(training.sequence_length)),
        integer({"training.epochs_max", "epochs"}, between(1, 10'000), "Longest training.",
                AT(training.epochs_max)),
        integer({"training.batch_size", "windows"}, between(1, 65'536), "Windows a step.",
                AT(training.batch_size)),
        number({"training.learning_rate", "Adam's"}, above(0, 1), "Step size of the optimiser.",
               AT(training.learning_rate)),
        number({"training.weight_decay", "Adam's"}, between(0, 1), "L2 penalty.",
               AT(training.weight_decay)),
        number({"training.gradient_clip", "norm"}, above(0, 1e6), "Longer gradients are shortened.",
               AT(training.gradient_clip)),
        number({"training.validation_fraction", "the last part, by time"}, inside(0, 1),
               "Kept apart to choose the best epoch by.", AT(training.validation_fraction)),
        integer({"training.patience_epochs", "epochs"}, between(1, 10'000),
                "Without a better validation loss for so long, training stops.",
                AT(training.patience_epochs)),
        boolean("training.shuffle", "Whether windows come in a new seeded order each epoch.",
                AT(training.shuffle)),
        integer({"training.seed", "seed"}, kSeeds, "Of weights, dropout and order.",
                AT(training.seed)),
        optional_day({"training.from", "venue's day, or off"},
                     "First day trained on; off: the first of the bars. --from goes before.",
                     AT(train_from)),
        optional_day({"training.to", "venue's day, or off"},
                     "Last day trained on; off: the last of the bars. --to goes before.",
                     AT(train_to)),
    };
}

std::vector<Key> research_keys() {
    return {
        number({"research.cost_bps", "bp of turnover"}, between(0, 10'000),
               "Cost in the research accounting that is shown beside the engine's.",
               AT(research_cost_bps)),
    };
}

// A list a section, and not one for all: a compiler takes a minute over an initialiser that long.
std::vector<Key> all_keys() {
    std::vector<Key> all;
    for (const auto section :
         {run_keys, market_keys, synthetic_keys, account_keys, model_keys, strategy_keys, risk_keys,
          execution_keys, costs_keys, dividends_keys, failures_keys, storage_keys, server_keys,
          log_keys, replay_keys, training_keys, research_keys}) {
        std::ranges::move(section(), std::back_inserter(all));
    }
    std::vector<Key> sizes = size_keys();
    const auto before = std::ranges::find(all, kBeforeSizes, &Key::path);
    all.insert(std::next(before), std::make_move_iterator(sizes.begin()),
               std::make_move_iterator(sizes.end()));
    for (Key& key : all) {
        const Section* const section = find_section(key.section());
        key.decides = key.decides && (section == nullptr || section->decides);
    }
    return all;
}

}  // namespace

const std::vector<Key>& keys() {
    static const std::vector<Key> kKeys = all_keys();
    return kKeys;
}

std::span<const Section> sections() {
    static const std::array kSections = {
        Section{"market", "Which bars come in."},
        Section{"market.synthetic", "The market inside the daemon, for feed: synthetic."},
        Section{"account", "What is traded with."},
        Section{"model", "The trained model, of strategy.kind model."},
        Section{"strategy", "From predictions to target weights."},
        Section{"risk", "What the targets may not exceed; `off` lifts an optional limit."},
        Section{"execution", "From approved targets to orders and fills."},
        Section{"costs", "What trades cost; they are scale-free unless their unit is money."},
        Section{"dividends", "Read from the steps of adj_close / close."},
        Section{"failures", "What paper trading usually flatters away; 0 is never."},
        Section{"storage", "Where everything is kept.", false},
        Section{"server", "The daemon's doors: HTTP on a port and on a Unix socket.", false},
        Section{"log", "What the process says.", false},
        Section{"replay", "History through the same engine.", false},
        Section{"training", "What `paperd train` makes.", false},
        Section{"research", "Research accounting: weight x close-to-close return less a cost.",
                false},
    };
    return kSections;
}

}  // namespace paperd::config

#undef AT
