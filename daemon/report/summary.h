// What a run comes to, for people: at the end of a replay, and `paperd report`. One text, made of
// the database alone.
#pragma once

#include <ostream>
#include <span>
#include <string>

#include "config/config.h"
#include "execution/types/result.h"
#include "storage/run_summary.h"
#include "strategy/research/day_series.h"

namespace paperd::daemon {

// First, in words, what can be said of the run; then its numbers with their units, lines of at most
// 100 columns. `config` is the run's own; `benchmark`: the account at each day's end of what the
// run is compared with, empty where there is none. A number that needs more days or trades than the
// run has is not shown; the line says so.
std::string summary_text(const storage::RunSummary& summary, const config::Config& config,
                         std::span<const strategy::DayValue> benchmark);

// The text of the run in `db_path`, and research accounting beside the engine's result. Works on a
// run that goes on, too. Errors: the database's, and of a stored config that this version cannot
// read; what was printed until then stays.
Result<void> print_report(const std::string& db_path, std::ostream& out);

}  // namespace paperd::daemon
