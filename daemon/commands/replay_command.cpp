#include "daemon/commands/replay_command.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <utility>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "config/loader.h"
#include "daemon/commands/database_name.h"
#include "daemon/engine/resumed_bars.h"
#include "daemon/process/logging.h"
#include "daemon/report/summary.h"
#include "daemon/run/run_loop.h"
#include "storage/bars/history.h"
#include "storage/bars/splits_file.h"

namespace paperd::daemon {
namespace {

// At full speed: of the 100 ms that a commit may hold, what remains is for storing it, which takes
// about as long as making it.
constexpr std::chrono::milliseconds kGroup{50};

storage::HistoryRequest history_request(const ReplayCommand& command,
                                        const config::Config& config) {
    storage::HistoryRequest request;
    request.path = command.bars.value_or(config.bars);
    request.interval = config.interval;
    const bool all = config.symbols.size() == 1 && config.symbols[0] == "*";
    request.symbols = !command.symbols.empty() ? command.symbols
                      : all                    ? std::vector<std::string>()
                                               : config.symbols;
    request.from = command.date ? command.date : command.from;
    request.to = command.date ? command.date : command.to;
    request.warmup_bars = is_intraday(config.interval) ? 0 : config.warmup_bars;
    request.warmup_days = is_intraday(config.interval) ? config.warmup_days : 0;
    request.options = config.bar_files;
    return request;
}

// What was set aside while reading is noted with the first slice, so that it is stored once,
// however often the run is made.
void note_set_aside(storage::History& history) {
    std::vector<Incident>& notes = history.slices.front().notes;
    for (const storage::BadRow& row : history.bad_rows) {
        notes.push_back({Severity::warning, "bad_row", kNoSymbol, row.text});
    }
    if (history.out_of_session > 0) {
        notes.push_back(
            {Severity::info, "out_of_session", kNoSymbol,
             fmt::format("{} bars outside the session were set aside", history.out_of_session)});
    }
    for (const std::string& text : history.foreign) {
        notes.push_back({Severity::info, "foreign_bars", kNoSymbol, text});
    }
    for (const std::string& symbol : history.missing) {
        notes.push_back(
            {Severity::warning, "no_bars", kNoSymbol, symbol + " has no bar in the span"});
    }
}

void warn_in_sample(const RunPlan& plan, const std::vector<Slice>& slices) {
    const strategy::ModelFacts* const facts = plan.forecaster();
    if (facts == nullptr) {
        return;
    }
    const auto trained = [&](const Slice& slice) {
        return !slice.warmup && facts->trained_on(slice.day);
    };
    const auto count = std::count_if(slices.begin(), slices.end(), trained);
    if (count > 0) {
        log_warn("in_sample", {{"slices", static_cast<std::int64_t>(count)},
                               {"trained_until", day_text(facts->trained_until())}});
    }
}

}  // namespace

void declare(ReplayCommand& command, Options& options) {
    options.config(command.config);
    options.day("--date", command.date, "one day, the venue's");
    options.span(command.from, command.to);
    options.text("--bars", command.bars, "directory of bar files, or one panel file");
    options.symbols(command.symbols);
    options.text("--db", command.db, "trade database (default: the config's)");
    options.speed(command.speed);
    options.check([&command]() -> Result<void> {
        if (command.date && (command.from || command.to)) {
            return fail("--date stands for one day; leave --from and --to out, or use them alone",
                        ErrorKind::usage);
        }
        return {};
    });
}

Result<int> execute(const ReplayCommand& command) {
    TRY_LET(auto config,
            config::load_config(command.config, {.use = config::Use::replay,
                                                 .bars_given = command.bars.has_value()}));
    TRY(start_logging(config.log));
    TRY_LET(auto calendar, Calendar::make(config.calendar, config.closures));
    const storage::HistoryRequest request = history_request(command, config);
    if (request.path.empty()) {
        return fail("there are no bars to replay: name them with --bars DIR or market.bars in " +
                        command.config,
                    ErrorKind::usage);
    }
    TRY_LET(const std::string db_path, database_to_write(command.db, config, command.config));
    const double speed = command.speed.value_or(config.speed);
    TRY_LET(auto history, storage::read_history(request, calendar));
    note_set_aside(history);
    if (!config.splits.empty()) {
        TRY_LET(auto splits, storage::read_splits(config.splits));
        storage::attach_splits(std::move(splits), history.symbols, history.slices);
    }
    TRY_LET(auto plan, plan_run(config, history.symbols, RunMode::replay,
                                request.from ? day_text(*request.from) : "",
                                request.to ? day_text(*request.to) : ""));
    warn_in_sample(plan, history.slices);
    TRY_LET(auto end,
            run_loop(plan,
                     {.db_path = db_path,
                      .progress_label = "replay",
                      .group = speed > 0 ? std::chrono::milliseconds{0} : kGroup},
                     [&]() -> Result<std::unique_ptr<Feed>> {
                         TRY(check_resumed_bars(db_path, history.slices, history.symbols));
                         return make_paced_feed(make_history_feed(std::move(history.slices)), speed,
                                                bar_length(config.interval));
                     }));
    if (end.already_complete) {
        fmt::print("{}: this run is complete; nothing was left to do\n", db_path);
    }
    if (!end.complete) {
        fmt::print("stopped after {} slices; the same command goes on from there\n",
                   end.counters.slices);
        return 0;
    }
    TRY(print_report(db_path, std::cout));
    fmt::print(
        "\nNext: paperd trades --db {0} | paperd explain --db {0} 1 | paperd verify --db {0} "
        "--replay\n",
        db_path);
    return 0;
}

}  // namespace paperd::daemon
