#include "daemon/engine/benchmark.h"

#include <algorithm>

#include "daemon/engine/run_plan.h"
#include "storage/stored_run.h"

namespace paperd::daemon {
namespace {

constexpr std::int64_t kChunkSlices = 256;  // read at a time: bounds the memory of a long run

constexpr double kWholeEquity = 1;

void add_day(const Slice& slice, const Step& step, std::vector<DayEquity>& days) {
    if (days.empty() || days.back().day != slice.day) {
        days.push_back({.day = slice.day, .equity = {}, .gross = {}, .fills = 0, .costs = {}});
    }
    DayEquity& day = days.back();
    day.equity = step.equity.equity;
    day.gross = step.equity.gross;
    day.fills += static_cast<std::int64_t>(step.fills.size());
    for (const Fill& fill : step.fills) {
        day.costs += fill.spread_cost + fill.slippage_cost + fill.impact_cost + fill.commission;
    }
}

}  // namespace

config::Config benchmark_config(config::Config config) {
    if (config.strategy.kind == strategy::StrategyKind::buy_and_hold) {
        return config;
    }
    config.strategy = {};
    config.strategy.kind = strategy::StrategyKind::buy_and_hold;
    config.model = {};
    risk::Limits& limits = config.risk;
    limits.position_fraction_max = kWholeEquity;
    limits.gross_leverage_max = kWholeEquity;
    limits.net_leverage_max = kWholeEquity;
    limits.gross_leverage_before_var_max = kWholeEquity;
    for (auto* limit :
         {&limits.position_notional_max, &limits.var_historical_95_max,
          &limits.var_historical_99_max, &limits.es_historical_95_max, &limits.es_historical_99_max,
          &limits.var_ewma_95_max, &limits.var_ewma_99_max, &limits.es_ewma_95_max,
          &limits.es_ewma_99_max, &limits.turnover_day_max, &limits.order_to_volume_max,
          &limits.price_collar, &limits.daily_loss_max, &limits.drawdown_max}) {
        limit->reset();
    }
    config.execution.order_type = OrderType::market;
    config.execution.time_in_force = TimeInForce::good_til_cancelled;
    config.execution.rebalance_band = 0;
    return config;
}

Result<std::vector<DayEquity>> run_benchmark(const std::string& db_path) {
    TRY_LET(auto stored, storage::StoredRun::open(db_path));
    storage::RunHeader header = stored->header();
    header.models.clear();
    TRY_LET(auto plan, plan_of_stored(header));
    plan.config = benchmark_config(std::move(plan.config));
    TRY_LET(const auto engine, make_engine(plan));
    const std::int64_t last = stored->state().last_slice_id;
    std::vector<DayEquity> days;
    for (std::int64_t first = 1; first <= last; first += kChunkSlices) {
        TRY_LET(auto slices, stored->slices(first, std::min(first + kChunkSlices - 1, last)));
        for (Slice& slice : slices) {
            slice.commands.clear();
            TRY_LET(const Step step, engine->on_slice(slice));
            if (!slice.warmup) {
                add_day(slice, step, days);
            }
        }
    }
    return days;
}

}  // namespace paperd::daemon
