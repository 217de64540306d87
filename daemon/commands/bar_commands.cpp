// They need no venue: a daily bar closes with its UTC day here, so that any market's files are
// accepted; only intraday files are held to the session (--always-open: none).
#include "daemon/commands/bar_commands.h"

#include <iostream>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "execution/types/bar_grid.h"
#include "storage/bars/bar_file.h"
#include "storage/bars/history.h"
#include "strategy/features/feature_set.h"
#include "strategy/features/table.h"
#include "strategy/models/predict.h"

namespace paperd::daemon {
namespace {

// What `features` reads every intraday file as: a file does not say how long its bars are, and no
// feature asks.
constexpr BarInterval kShortest = BarInterval::minute_1;
constexpr storage::BarFileOptions kOptions{.from_config = false};

struct Series {
    std::vector<Bar> bars;
    std::vector<Day> days;
    std::vector<std::string> times;
    bool intraday = false;

    [[nodiscard]] strategy::BarSeries view() const { return {bars, days}; }
};

Result<Series> read_series(const std::string& path, const FeaturesCommand& command) {
    Series series;
    TRY_LET(const auto kind, storage::bar_file_kind(path));
    series.intraday = kind == storage::BarFileKind::intraday;
    TRY_LET(auto calendar,
            Calendar::make(series.intraday && !command.always_open ? CalendarKind::new_york
                                                                   : CalendarKind::always_open));
    TRY_LET(auto read, series.intraday
                           ? storage::read_intraday_bars(path, kShortest, calendar, kOptions)
                           : storage::read_daily_bars(path, calendar, kOptions));
    for (const storage::ReadBar& bar : read.bars) {
        if ((command.from && bar.day < *command.from) || (command.to && bar.day > *command.to)) {
            continue;
        }
        series.bars.push_back(bar.bar);
        series.days.push_back(bar.day);
        series.times.push_back(series.intraday
                                   ? timestamp_text(bar.bar.closed_at - bar_length(kShortest))
                                   : day_text(bar.day));
    }
    if (series.bars.empty()) {
        return fail(path + ": has no bars in the span asked for; widen --from and --to",
                    ErrorKind::usage);
    }
    return series;
}

Result<strategy::FeatureTable> make_table(const FeaturesCommand& command, const Series& series,
                                          const std::optional<Series>& partner) {
    if (command.set != "pairs") {
        const strategy::BarSeries other = partner ? partner->view() : strategy::BarSeries{};
        return strategy::feature_table(command.set, series.view(), partner ? &other : nullptr, {},
                                       {.cut_at_joins = series.intraday});
    }
    if (!partner || !command.train_until) {
        return fail("--set pairs needs --partner FILE and --train-until DAY", ErrorKind::usage);
    }
    return strategy::pairs_table(series.view(), partner->view(),
                                 {.train_until = *command.train_until,
                                  .window = command.window,
                                  .threshold = command.threshold});
}

// "" where there is no value, else 17 significant digits.
std::string cell(double value) {
    return std::isnan(value) ? std::string() : fmt::format("{:.17g}", value);
}

}  // namespace

void declare(FeaturesCommand& command, Options& options) {
    options.required("--set", command.set,
                     fmt::format("{} or pairs", fmt::join(strategy::feature_set_names(), ", ")));
    options.required("--bars", command.bars, "one bar file, daily or intraday");
    options.text("--partner", command.partner, "the partner's file (pairs, market_corr)");
    options.span(command.from, command.to);
    options.day("--train-until", command.train_until, "pairs: last day of the training part");
    options.integer("--window", command.window, 2, 250, "pairs: bars");
    options.number("--threshold", command.threshold, "pairs: the spread counts as reverted within");
    options.flag("--always-open", command.always_open, "a 24-hour venue (crypto)");
}

Result<int> execute(const FeaturesCommand& command) {
    TRY_LET(auto series, read_series(command.bars, command));
    std::optional<Series> partner;
    if (command.partner) {
        TRY_LET(auto read, read_series(*command.partner, command));
        partner = std::move(read);
    }
    TRY_LET(auto table, make_table(command, series, partner));
    std::cout << strategy::table_csv(table, series.intraday ? "timestamp" : "date", series.times);
    return 0;
}

void declare(PredictCommand& command, Options& options) {
    options.required("--model", command.model, "a bundle, or NAME.ts with NAME.yaml beside it");
    options.required("--bars", command.bars, "directory of bar files, or one panel file");
    options.symbols(command.symbols);
    options.span(command.from, command.to);
    options.flag("--always-open", command.always_open, "a 24-hour venue (crypto)");
}

Result<int> execute(const PredictCommand& command) {
    auto bundle = strategy::read_bundle(command.model);
    if (bundle.has_error()) {
        return fail(bundle.error().text, ErrorKind::usage);
    }
    TRY_LET(auto facts, strategy::bundle_facts(*bundle));
    const bool intraday = is_intraday(facts.interval);
    TRY_LET(auto calendar,
            Calendar::make(intraday && !command.always_open ? CalendarKind::new_york
                                                            : CalendarKind::always_open));
    storage::HistoryRequest request;
    request.path = command.bars;
    request.interval = facts.interval;
    request.symbols = command.symbols;
    request.from = command.from;
    request.to = command.to;
    request.options = kOptions;
    TRY_LET(auto history, storage::read_history(request, calendar));
    auto model = strategy::make_model(*bundle, strategy::padded_slots(history.symbols.size()));
    if (model.has_error()) {
        return fail(command.model + ": " + model.error().text, model.error().kind);
    }
    bool begun = false;
    // With the first row, so that an error leaves nothing on stdout.
    const auto print_header = [&] {
        if (!std::exchange(begun, true)) {
            fmt::print("{},symbol", intraday ? "timestamp" : "date");
            for (const std::string& name : facts.outputs) {
                fmt::print(",{}", name == "return_1" ? "prediction" : name);
            }
            fmt::print("\n");
        }
    };
    const auto time_of = [&](const strategy::PredictionRow& row) {
        return intraday ? timestamp_text(
                              bar_start(row.closed_at, request.interval, calendar.session(row.day)))
                        : day_text(row.day);
    };
    const auto print_row = [&](const strategy::PredictionRow& row) {
        print_header();
        fmt::print("{},{}", time_of(row), history.symbols[index(row.symbol)]);
        for (const double value : row.values) {
            fmt::print(",{}", cell(value));
        }
        fmt::print("\n");
    };
    auto done = strategy::predict(history.symbols.size(), history.slices,
                                  {.cut_at_joins = intraday}, **model, print_row);
    if (done.has_error()) {
        return fail(command.model + ": " + done.error().text, done.error().kind);
    }
    print_header();
    return 0;
}

}  // namespace paperd::daemon
