#include "config/relations.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "config/key.h"
#include "config/values.h"
#include "execution/account_range.h"
#include "execution/fee_schedules.h"
#include "strategy/features/feature_set.h"
#include "strategy/models/architecture.h"

namespace paperd::config {
namespace {

using Paths = std::initializer_list<std::string_view>;

// The regime filter, which every model uses, needs columns of this set whatever the model's own is.
constexpr std::string_view kRegimeFeatures = "attention";

// A ninth of execution::kAccountMax: the cash, what a first slice holds, orders and comes to own
// (execution/account_range.h).
constexpr double kPositionsMax = execution::kAccountMax / 9;

class Relations {
public:
    Relations(const Config& config, const Reading& reading, Problems& problems)
        : config_(config), reading_(reading), problems_(problems) {}

    void check_market() const {
        const bool daily = !is_intraday(config_.interval);
        const bool new_york = config_.calendar == CalendarKind::new_york;
        const bool files = config_.feed == FeedKind::files;
        refuse(config_.interval == BarInterval::month_1, {"market.interval"},
               "market.interval is 1mo, but a job trades on bars of a day at most; set it to 1d (a "
               "model may live on monthly bars all the same)");
        refuse(config_.bar_files.extended_hours && daily,
               {"market.extended_hours", "market.interval"},
               "market.extended_hours is true, but daily bars have no hours; set it to false, or "
               "market.interval to 1m");
        refuse(config_.bar_files.extended_hours && !daily && !new_york,
               {"market.extended_hours", "market.calendar"},
               "market.extended_hours is true, but a venue that is always open has no other hours; "
               "set it to false");
        refuse(config_.symbols.size() == 1 && config_.symbols[0] == "*" && !files,
               {"market.symbols", "market.feed"},
               "market.symbols is [\"*\"], but a synthetic feed has no files to take them from; "
               "list their names");
        refuse(config_.broker.lot.raw() % kScale != 0 && new_york,
               {"account.lot", "market.calendar"},
               fmt::format("account.lot is {}, but New York's stocks trade in whole shares; give a "
                           "whole number, or set market.calendar to always_open",
                           config_.broker.lot.text()));
        refuse(daily && !config_.splits.empty(), {"market.splits", "market.interval"},
               "market.splits is given, but daily bars are adjusted for splits already; leave it "
               "out, or set market.interval to 1m");
        refuse(config_.feed == FeedKind::synthetic && config_.interval != BarInterval::minute_1,
               {"market.interval", "market.feed"},
               fmt::format("market.interval is {}, but a synthetic feed makes bars of a minute; "
                           "set it to 1m, or market.feed to files",
                           bar_interval_name(config_.interval)));
        check_calendar();
    }

    void check_calendar() const {
        const bool made_up = config_.feed == FeedKind::synthetic;
        if ((!made_up && config_.closures.empty()) ||
            doubted({"market.synthetic.first_day", "market.calendar", "market.closures"})) {
            return;
        }
        const auto calendar = Calendar::make(config_.calendar, config_.closures);
        const Day first = config_.synthetic.first_day;
        refuse(calendar.has_error(), {"market.closures", "market.calendar"},
               calendar.has_error() ? calendar.error().text : "");
        refuse(made_up && !calendar.has_error() && !calendar->is_session(first),
               {"market.synthetic.first_day", "market.calendar"},
               fmt::format("market.synthetic.first_day is {}, on which the venue is closed; give a "
                           "day of trading between 1990 and 2040",
                           day_text(first)));
    }

    void check_account() const {
        const std::string& currency = config_.currency;
        refuse(currency.size() < 3 || currency.size() > 5 ||
                   !std::all_of(currency.begin(), currency.end(),
                                [](char c) { return c >= 'A' && c <= 'Z'; }),
               {"account.currency"},
               fmt::format("account.currency is '{}', which is no currency's code; write 3 to 5 "
                           "capital letters, as USD",
                           currency));
        const double gross = std::max(config_.strategy.gross_budget, 1.0);
        const double most = config_.starting_cash.to_double() * gross;
        refuse(most > kPositionsMax, {"account.starting_cash", "strategy.gross_budget"},
               fmt::format("account.starting_cash x strategy.gross_budget is {}, above {}, from "
                           "where one bar could take the account beyond the range of money "
                           "(9.2e10); lower one of them",
                           number_text(most), number_text(kPositionsMax)));
    }

    void check_strategy() const {
        const strategy::StrategySettings& settings = config_.strategy;
        const bool model = needs_model();
        refuse(model && config_.model.path.empty(), {"model.path", "strategy.kind"},
               "model.path is missing, but strategy.kind needs a trained model; name one (made by "
               "'paperd train'), or choose buy_and_hold or sma_cross");
        refuse(!model && !config_.model.path.empty(), {"model.path", "strategy.kind"},
               "model.path is given, but strategy.kind uses no model, so that it would be ignored; "
               "remove it, or set strategy.kind to model");
        refuse(!model && !settings.overlay_models.empty(), {"strategy.overlays", "strategy.kind"},
               "strategy.overlays is given, but strategy.kind uses no model; remove it, or set "
               "strategy.kind to model");
        refuse(!model && !settings.pairs.empty(), {"strategy.pairs", "strategy.kind"},
               "strategy.pairs is given, but strategy.kind uses no model, so that it would be "
               "ignored; remove it, or set strategy.kind to model");
        refuse(
            settings.positions.revert_exit > settings.positions.revert_entry,
            {"strategy.revert_exit", "strategy.revert_entry"},
            fmt::format("strategy.revert_exit is {} and strategy.revert_entry {}, so that a pair "
                        "would be left as soon as it is entered; lower the one or raise the "
                        "other",
                        number_text(settings.positions.revert_exit),
                        number_text(settings.positions.revert_entry)));
        const bool crosses = settings.kind == strategy::StrategyKind::sma_cross;
        refuse(settings.sma_fast_bars >= settings.sma_slow_bars,
               {"strategy.sma_fast_bars", "strategy.sma_slow_bars"},
               fmt::format("strategy.sma_fast_bars is {} and strategy.sma_slow_bars {}, but the "
                           "fast mean must be of fewer bars; lower the one or raise the other",
                           settings.sma_fast_bars, settings.sma_slow_bars));
        const std::size_t lookback = config_.market_data.lookback_bars;
        refuse(crosses && lookback < static_cast<std::size_t>(settings.sma_slow_bars),
               {"market.lookback_bars", "strategy.sma_slow_bars", "strategy.kind"},
               fmt::format("market.lookback_bars is {}, but the slow mean needs {}; raise it",
                           lookback, settings.sma_slow_bars));
        const std::size_t needed =
            std::max(strategy::feature_warmup_bars(kRegimeFeatures),
                     strategy::feature_warmup_bars(config_.training.feature_set));
        refuse(model && lookback < needed,
               {"market.lookback_bars", "training.feature_set", "strategy.kind"},
               fmt::format("market.lookback_bars is {}, but the features of a model need {}; raise "
                           "it to {} or more",
                           lookback, needed, needed));
    }

    void check_risk() const {
        const risk::Limits& risk = config_.risk;
        at_most("risk.net_leverage_max", risk.net_leverage_max, "risk.gross_leverage_max",
                risk.gross_leverage_max, "net exposure never exceeds the gross one");
        at_most("risk.gross_leverage_before_var_max", risk.gross_leverage_before_var_max,
                "risk.gross_leverage_max", risk.gross_leverage_max,
                "it is the smaller limit, for the time before VaR is known");
        at_most("risk.var_returns_min", risk.var_returns_min, "risk.var_lookback_bars",
                risk.var_lookback_bars, "VaR never sees more returns than it looks back on");
        constexpr std::string_view kQuantiles =
            "the loss at 99% is never smaller than the one at 95%";
        constexpr std::string_view kTails = "the loss beyond a VaR is never smaller than the VaR";
        at_most("risk.var_historical_95_max", risk.var_historical_95_max,
                "risk.var_historical_99_max", risk.var_historical_99_max, kQuantiles);
        at_most("risk.es_historical_95_max", risk.es_historical_95_max, "risk.es_historical_99_max",
                risk.es_historical_99_max, kQuantiles);
        at_most("risk.var_ewma_95_max", risk.var_ewma_95_max, "risk.var_ewma_99_max",
                risk.var_ewma_99_max, kQuantiles);
        at_most("risk.es_ewma_95_max", risk.es_ewma_95_max, "risk.es_ewma_99_max",
                risk.es_ewma_99_max, kQuantiles);
        at_most("risk.var_historical_95_max", risk.var_historical_95_max,
                "risk.es_historical_95_max", risk.es_historical_95_max, kTails);
        at_most("risk.var_historical_99_max", risk.var_historical_99_max,
                "risk.es_historical_99_max", risk.es_historical_99_max, kTails);
        at_most("risk.var_ewma_95_max", risk.var_ewma_95_max, "risk.es_ewma_95_max",
                risk.es_ewma_95_max, kTails);
        at_most("risk.var_ewma_99_max", risk.var_ewma_99_max, "risk.es_ewma_99_max",
                risk.es_ewma_99_max, kTails);
    }

    void check_execution() const {
        const execution::ExecutionSettings& execution = config_.execution;
        refuse(
            execution.limit_offset_bps != 0 && execution.order_type != OrderType::limit,
            {"execution.limit_offset_bps", "execution.order_type"},
            "execution.limit_offset_bps is given, but execution.order_type is not limit, so that "
            "it would be ignored; set one or the other");
        refuse(execution.stop_offset_bps != 0 && execution.order_type != OrderType::stop,
               {"execution.stop_offset_bps", "execution.order_type"},
               "execution.stop_offset_bps is given, but execution.order_type is not stop, so that "
               "it would be ignored; set one or the other");
        refuse(execution.order_type == OrderType::market_on_close &&
                   execution.time_in_force == TimeInForce::immediate_or_cancel,
               {"execution.time_in_force", "execution.order_type"},
               "execution.time_in_force is ioc, but a market_on_close order has to wait for the "
               "close; use day or gtc");
        for (const execution::SpreadClass& spread : config_.costs.spread_classes) {
            refuse(spread.spread_bps > config_.costs.spread_bps_max,
                   {"costs.spread_bps_max", "costs.spread_classes"},
                   fmt::format("costs.spread_bps_max is {}, but costs.spread_classes has a spread "
                               "of {}, which could never be charged; raise it or lower the spread",
                               number_text(config_.costs.spread_bps_max),
                               number_text(spread.spread_bps)));
        }
        refuse(config_.dividends.step_min >= config_.dividends.step_max,
               {"dividends.step_min", "dividends.step_max"},
               fmt::format("dividends.step_min is {} and dividends.step_max {}, but a step "
                           "is a dividend only between the two; lower step_min",
                           number_text(config_.dividends.step_min),
                           number_text(config_.dividends.step_max)));
    }

    void check_costs() const {
        const execution::CostSettings& costs = config_.costs;
        const bool us_fees = execution::fee_terms(costs).section_31;
        refuse(us_fees && config_.calendar == CalendarKind::always_open,
               {"costs.fees", "costs.us_sale_fees", "market.calendar"},
               "costs has the fees on sells of US stocks (fees or us_sale_fees), but "
               "market.calendar is always_open, by which none trades; choose costs.fees "
               "crypto_taker, or custom without us_sale_fees");
        if (costs.fees == execution::FeeSchedule::custom) {
            return;
        }
        const execution::FeePreset& preset = execution::fee_preset(costs.fees);
        for (const char* path :
             {"costs.commission_bps", "costs.commission_maker_bps", "costs.commission_min",
              "costs.commission_max_bps", "costs.commission_per_share", "costs.us_sale_fees"}) {
            ignored_beside_fees(path, preset.name);
        }
        if (preset.slippage_bps) {
            ignored_beside_fees("costs.slippage_bps", preset.name);
        }
    }

    void check_training() const {
        const strategy::TrainingSettings& training = config_.training;
        const strategy::Architecture& architecture =
            strategy::architecture_named(training.architecture);
        for (const auto& [name, value] : training.sizes) {
            const bool known = std::ranges::any_of(
                architecture.sizes, [&](const auto& size) { return size.name == name; });
            const std::string path = fmt::format("training.{}", name);
            refuse(!known, {path, "training.architecture"},
                   fmt::format("{} is given, but training.architecture is {}, which has no such "
                               "size, so that it would be ignored; remove it, or choose another "
                               "architecture",
                               path, architecture.name));
        }
        const auto misfit =
            architecture.sizes_misfit == nullptr
                ? std::nullopt
                : architecture.sizes_misfit(strategy::complete_sizes(architecture, training.sizes));
        if (misfit) {
            const std::string path = fmt::format("training.{}", misfit->size);
            refuse(true, {path, "training.architecture"}, fmt::format("{} {}", path, misfit->what));
        }
        for (const std::string& column : training.columns) {
            const std::string trouble = trouble_with_column(column, training.feature_set);
            refuse(!trouble.empty(), {"training.columns", "training.feature_set"}, trouble);
            if (!trouble.empty() && !reading_.has("training.columns")) {
                break;  // the default columns are attention's: one word on them is enough
            }
        }
        // Days as text compare like days.
        refuse(!config_.train_from.empty() && !config_.train_to.empty() &&
                   config_.train_from > config_.train_to,
               {"training.from", "training.to"},
               fmt::format("training.from is {}, after training.to ({}); swap them",
                           config_.train_from, config_.train_to));
    }

    [[nodiscard]] bool needs_model() const { return strategy::needs_model(config_.strategy.kind); }

private:
    [[nodiscard]] bool doubted(Paths paths) const {
        return std::any_of(paths.begin(), paths.end(),
                           [this](std::string_view path) { return reading_.doubts(path); });
    }

    // Why the column cannot be a model's input; empty when it can.
    static std::string trouble_with_column(const std::string& column, const std::string& set) {
        const auto known = strategy::feature_columns(set);
        if (std::find(known.begin(), known.end(), column) == known.end()) {
            const std::string meant =
                nearest_name(column, std::vector<std::string>(known.begin(), known.end()));
            return fmt::format(
                "training.columns lists '{}', which the feature set {} does not "
                "have; {}",
                column, set,
                meant.empty() ? "choose among its columns ('paperd features')"
                              : fmt::format("did you mean '{}'?", meant));
        }
        return strategy::is_level_column(column)
                   ? fmt::format(
                         "training.columns lists '{}', which has units that change with "
                         "splits and prices, and a model needs scale-free inputs; remove "
                         "it",
                         column)
                   : std::string();
    }

    // A complaint at the first of the keys that is there, if it holds and all were read well.
    void refuse(bool contradiction, Paths paths, std::string text) const {
        if (contradiction && !doubted(paths)) {
            problems_.add(reading_.line_of(paths), std::move(text));
        }
    }

    // A key that the schedule of that name takes no notice of.
    void ignored_beside_fees(std::string_view path, std::string_view preset) const {
        const Key& key = *find_key(path);
        refuse(key.write(config_) != key.write(Config{}), {path, "costs.fees"},
               fmt::format("{} is given, but costs.fees is {}, which has its own, so that it would "
                           "be ignored; remove it, or set costs.fees to custom",
                           path, preset));
    }

    void at_most(std::string_view small_path, std::optional<double> small,
                 std::string_view large_path, std::optional<double> large,
                 std::string_view why) const {
        if (small && large && *small > *large) {
            refuse(
                true, {small_path, large_path},
                fmt::format("{} is {}, above {} ({}), but {}; lower the one or raise the other",
                            small_path, number_text(*small), large_path, number_text(*large), why));
        }
    }

    const Config& config_;
    const Reading& reading_;
    Problems& problems_;
};

}  // namespace

void check_relations(const Config& config, const Reading& reading, Problems& problems) {
    const Relations relations(config, reading, problems);
    relations.check_market();
    relations.check_account();
    relations.check_strategy();
    relations.check_risk();
    relations.check_execution();
    relations.check_costs();
    relations.check_training();
}

}  // namespace paperd::config
