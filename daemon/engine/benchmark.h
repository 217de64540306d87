// What holding the universe would have brought: the strategy buy_and_hold, run by the same engine
// over the bars that a run stored, warm-up included. Nothing is stored.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/config.h"
#include "execution/types/fixed.h"
#include "execution/types/result.h"
#include "execution/types/timestamp.h"

namespace paperd::daemon {

// The account after the last slice of a venue's day, and what that day's fills were.
struct DayEquity {
    Day day{};
    Money equity;
    Money gross;             // sum of |value of a position|
    std::int64_t fills = 0;  // of the day
    Money costs;             // of the day's fills: spread, slippage, impact and commission

    bool operator==(const DayEquity&) const = default;
};

// The config of the benchmark of a run with this one. A job that is buy_and_hold itself is its own
// benchmark, with the limits it has. Of any other the bars, the account, the costs, the lot, the
// simulated failures and the staleness limit stay as they are, and these change:
//   strategy and model: buy_and_hold without a model;
//   limits of one position, gross and net: the whole equity (1), also before VaR is known;
//   VaR and ES, turnover, order to volume, price collar, daily loss, drawdown: off. A yardstick
//     buys what the cash is worth, and does not sell on its losses;
//   orders: market, good until cancelled; rebalance_band 0.
// So a replay of a job that says buy_and_hold and these numbers gives the same equity, to the last
// integer.
config::Config benchmark_config(config::Config config);

// The run in the database at `db_path`, a day for each of its venue's days that traded, ascending.
// The operator's commands (halt, flatten, ...) are not carried out: they are the run's, not the
// market's. A run that is not complete ends where it stands. Errors: of the database and the stored
// config, and of the engine where a bar takes this account beyond its range.
Result<std::vector<DayEquity>> run_benchmark(const std::string& db_path);

}  // namespace paperd::daemon
