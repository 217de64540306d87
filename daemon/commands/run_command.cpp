#include "daemon/commands/run_command.h"

#include <chrono>
#include <iostream>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "config/loader.h"
#include "daemon/commands/database_name.h"
#include "daemon/feeds/job_feed.h"
#include "daemon/process/logging.h"
#include "daemon/report/summary.h"
#include "daemon/run/run_loop.h"

namespace paperd::daemon {
namespace {

// How the paced feed waits (daemon/feeds/feed.h).
double slice_every_s(BarInterval interval, double speed) {
    const double real_s =
        is_intraday(interval) ? std::chrono::duration<double>(bar_length(interval)).count() : 1;
    return speed > 0 ? real_s / speed : 0;
}

// The report is for people: on a terminal. A journal or a pipe gets one line, and how to see it.
Result<void> say_complete(const std::string& db_path, const LoopEnd& end) {
    if (::isatty(STDOUT_FILENO) != 1) {
        log_info("complete",
                 {{"slices", end.counters.slices},
                  {"fills", end.counters.fills},
                  {"already", end.already_complete},
                  {"text", fmt::format("the run is complete; 'paperd report --db {0}' shows what "
                                       "it comes to, 'paperd trades --db {0}' its trades",
                                       db_path)}});
        return {};
    }
    if (end.already_complete) {
        fmt::print("{}: this run is complete; nothing was left to do\n", db_path);
    }
    TRY(print_report(db_path, std::cout));
    fmt::print(
        "\nNext: paperd trades --db {0} | sqlite3 {0} 'SELECT * FROM cost_breakdown' | "
        "paperd explain --db {0} 1 | paperd verify --db {0} --replay\n",
        db_path);
    return {};
}

}  // namespace

void declare(RunCommand& command, Options& options) {
    options.config(command.config);
    options.text("--db", command.db, "trade database (default: the config's)");
    options.speed(command.speed);
}

Result<int> execute(const RunCommand& command) {
    TRY_LET(const auto config, config::load_config(command.config, {.use = config::Use::run}));
    TRY(start_logging(config.log));
    TRY_LET(const std::string db_path, database_to_write(command.db, config, command.config));
    TRY_LET(auto calendar, Calendar::make(config.calendar, config.closures));
    TRY_LET(auto plan, plan_run(config, config.symbols, RunMode::run, "", ""));
    const double speed = command.speed.value_or(config.speed);
    TRY_LET(auto end, run_loop(plan,
                               {.db_path = db_path,
                                .serve = true,
                                // A journal gets lines with a level only.
                                .progress_label = ::isatty(STDERR_FILENO) == 1 ? "run" : "",
                                .slice_every_s = slice_every_s(config.interval, speed)},
                               [&]() -> Result<std::unique_ptr<Feed>> {
                                   return make_paced_feed(make_job_feed(config, calendar), speed,
                                                          bar_length(config.interval));
                               }));
    if (!end.complete) {
        log_info("stopped", {{"slices", end.counters.slices},
                             {"in_sample_slices", end.counters.in_sample_slices},
                             {"fills", end.counters.fills}});
        return 0;
    }
    TRY(say_complete(db_path, end));
    return 0;
}

}  // namespace paperd::daemon
