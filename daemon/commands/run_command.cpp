#include "daemon/commands/run_command.h"

#include <iostream>
#include <utility>

#include <fmt/format.h>

#include "config/loader.h"
#include "daemon/feeds/synthetic_feed.h"
#include "daemon/process/logging.h"
#include "daemon/report/summary.h"
#include "daemon/run/run_loop.h"

namespace paperd::daemon {

void declare(RunCommand& command, Options& options) {
    options.config(command.config);
    options.text("--db", command.db, "trade database (default: the config's)");
    options.speed(command.speed);
}

Result<int> execute(const RunCommand& command) {
    TRY_LET(const auto config, config::load_config(command.config, {.use = config::Use::run}));
    TRY(start_logging(config.log));
    const std::string db_path = command.db.value_or(config.database);
    if (db_path.empty()) {
        return fail(
            "there is no database to write: name it with --db FILE or storage.database in " +
                command.config,
            ErrorKind::usage);
    }
    TRY_LET(auto calendar, Calendar::make(config.calendar));
    TRY_LET(auto plan, plan_run(config, config.symbols, RunMode::run, "", ""));
    const double speed = command.speed.value_or(config.speed);
    TRY_LET(auto end,
            run_loop(plan, {.db_path = db_path, .serve = true, .progress_label = "run"},
                     [&]() -> Result<std::unique_ptr<Feed>> {
                         return make_paced_feed(
                             make_synthetic_feed(config.synthetic, config.symbols, calendar), speed,
                             bar_length(config.interval));
                     }));
    if (end.already_complete) {
        fmt::print("{}: this run is complete; nothing was left to do\n", db_path);
    }
    if (!end.complete) {
        log_info("stopped", {{"slices", end.counters.slices},
                             {"in_sample_slices", end.counters.in_sample_slices},
                             {"fills", end.counters.fills}});
        return 0;
    }
    TRY(print_summary(db_path, config, std::cout));
    fmt::print(
        "\nNext: paperd trades --db {0} | sqlite3 {0} 'SELECT * FROM cost_breakdown' | "
        "paperd explain --db {0} 1 | paperd verify --db {0} --replay\n",
        db_path);
    return 0;
}

}  // namespace paperd::daemon
