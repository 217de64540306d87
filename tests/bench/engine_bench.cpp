// The engine with its journal, as the daemon runs it: bars a second over a panel of 505 symbols,
// slice latency up to the durable commit, start-up with a million fills, and resident memory over
// ten million bars. Printed, never asserted. What needs the real panel is skipped where it is
// absent.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "config/loader.h"
#include "daemon/engine/recovery.h"
#include "daemon/engine/run_plan.h"
#include "daemon/engine/stepper.h"
#include "daemon/feeds/synthetic_market.h"
#include "daemon/process/machine.h"
#include "daemon/process/wall_clock.h"
#include "storage/bars/history.h"
#include "storage/stored_run.h"
#include "strategy/models/model.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

namespace paperd::daemon {
namespace {

config::Config config_of(const std::string& yaml) {
    auto config = config::parse_config(yaml, support::source_path("config/bench.yaml"),
                                       {.check_files = false});
    if (config.has_error()) {
        std::fprintf(stderr, "%s\n", config.error().text.c_str());
        std::abort();
    }
    return std::move(*config);
}

config::Config shipped(const std::string& name) {
    auto config =
        config::load_config(support::source_path("config/" + name), {.check_files = false});
    if (config.has_error()) {
        std::fprintf(stderr, "%s\n", config.error().text.c_str());
        std::abort();
    }
    return std::move(*config);
}

template <class T>
T value_or_die(Result<T> result) {
    if (result.has_error()) {
        std::fprintf(stderr, "%s\n", result.error().text.c_str());
        std::abort();
    }
    return std::move(*result);
}

void die_on_error(const Result<void>& result) {
    if (result.has_error()) {
        std::fprintf(stderr, "%s\n", result.error().text.c_str());
        std::abort();
    }
}

// The panel's slices, read once.
const storage::History& panel() {
    static const storage::History history = [] {
        const auto calendar = value_or_die(Calendar::make(CalendarKind::new_york));
        storage::HistoryRequest request;
        request.path = support::shared_path("data/sp500_5yr.csv.gz");
        request.options.on_bad_row = storage::OnBadRow::quarantine;
        return value_or_die(storage::read_history(request, calendar));
    }();
    return history;
}

// One run on a new database.
struct Job {
    explicit Job(const config::Config& config, const Universe& symbols)
        : plan(value_or_die(plan_run(config, symbols, RunMode::replay, "", ""))),
          journal(value_or_die(storage::Journal::open(dir.path("bench.db"), plan.header, {}))),
          engine(value_or_die(make_engine(plan))),
          stepper(*engine, *journal, plan.config.checkpoint_slices) {}

    // Seconds from the slice's arrival to its durable commit.
    double process(const Slice& slice) {
        const Stopwatch watch;
        fills += static_cast<std::int64_t>(value_or_die(stepper.take(slice))->fills.size());
        return watch.seconds();
    }

    // As a replay at full speed: in groups of 50 ms, and what is left at the end.
    void replay(const std::vector<Slice>& slices) {
        Stopwatch since_commit;
        for (const Slice& slice : slices) {
            die_on_error(stepper.gather(slice));
            fills += static_cast<std::int64_t>(stepper.last_step().fills.size());
            if (stepper.pending() || since_commit.seconds() >= 0.05) {
                die_on_error(stepper.commit());
                since_commit = Stopwatch();
            }
        }
        die_on_error(stepper.commit());
    }

    support::TempDir dir;
    RunPlan plan;
    std::unique_ptr<storage::Journal> journal;
    std::unique_ptr<Engine> engine;
    Stepper stepper;
    std::int64_t fills = 0;
};

void run_panel(benchmark::State& state, const char* config_name, double gross_budget = 0) {
    if (support::shared_path("data/sp500_5yr.csv.gz").empty()) {
        state.SkipWithError("needs the real panel, which is not here");
        return;
    }
    config::Config config = shipped(config_name);
    if (gross_budget > 0) {
        config.strategy.gross_budget = gross_budget;
    }
    const storage::History& history = panel();
    std::int64_t bars = 0;
    std::int64_t fills = 0;
    for (auto _ : state) {
        Job job(config, history.symbols);
        job.replay(history.slices);
        for (const Slice& slice : history.slices) {
            bars += static_cast<std::int64_t>(slice.bars.size());
        }
        fills = job.fills;
    }
    state.counters["bars_per_s"] =
        benchmark::Counter(static_cast<double>(bars), benchmark::Counter::kIsRate);
    state.counters["fills"] = static_cast<double>(fills);
}

void PanelSmaCross(benchmark::State& state) { run_panel(state, "sma-panel.yaml"); }

// Twice the budget: the leverage limit scales every weight at every slice, which is a row of its
// own a symbol and six times the fills.
void PanelSmaCrossAtItsLimits(benchmark::State& state) { run_panel(state, "sma-panel.yaml", 4); }

void PanelAttention(benchmark::State& state) { run_panel(state, "attention-panel.yaml"); }

// The model alone, 505 symbols, every row defined: the limit of the job above.
void AttentionForward(benchmark::State& state) {
    const auto bundle = value_or_die(
        strategy::read_bundle(support::source_path("config/models/attention-daily.pmb")));
    const std::size_t slots = strategy::padded_slots(505);
    const auto model = value_or_die(strategy::make_model(bundle, slots));
    const std::size_t columns = model->facts().columns.size();
    std::vector<double> features(slots * columns);
    std::vector<std::uint8_t> defined(slots, 0);
    std::fill_n(defined.begin(), 505, std::uint8_t{1});
    strategy::ModelOutputs out = model->make_outputs();
    std::int64_t steps = 0;
    for (auto _ : state) {
        for (std::size_t i = 0; i < features.size(); ++i) {
            features[i] =
                0.01 * static_cast<double>((i * 7 + static_cast<std::size_t>(steps) * 13) % 11);
        }
        if (model->step(features, defined, out).has_error()) {
            std::abort();
        }
        benchmark::DoNotOptimize(out.values.data());
        ++steps;
    }
    state.counters["bars_per_s"] =
        benchmark::Counter(static_cast<double>(steps) * 505, benchmark::Counter::kIsRate);
}

// A synthetic market of many symbols. `strategy`: the strategy section's lines.
config::Config synthetic_config(const std::string& strategy) {
    return config_of(
        "market:\n  symbols: [ALFA]\n  interval: 1m\n  feed: synthetic\n  warmup_days: 0\n"
        "  synthetic:\n    first_day: 2015-01-02\n    days: 0\n" +
        strategy + "server:\n  enabled: false\n");
}

Universe many_symbols(std::size_t count) {
    Universe symbols;
    for (std::size_t i = 0; i < count; ++i) {
        symbols.push_back("S" + std::to_string(1000 + i));
    }
    return symbols;
}

double percentile(std::vector<double>& seconds, double q) {
    const auto rank = static_cast<std::ptrdiff_t>(q * static_cast<double>(seconds.size() - 1));
    std::nth_element(seconds.begin(), seconds.begin() + rank, seconds.end());
    return seconds[static_cast<std::size_t>(rank)];
}

void slice_latency(benchmark::State& state, const std::string& strategy) {
    constexpr int kWarmSlices = 150;
    constexpr int kSlices = 600;
    const auto symbols = many_symbols(static_cast<std::size_t>(state.range(0)));
    const config::Config config = synthetic_config(strategy);
    const auto calendar = value_or_die(Calendar::make(CalendarKind::new_york));
    std::vector<double> seconds;
    for (auto _ : state) {
        Job job(config, symbols);
        SyntheticMarket market(config.synthetic, symbols, calendar);
        for (int i = 1; i <= kWarmSlices + kSlices; ++i) {
            auto slice = market.next();
            slice->id = i;
            const double spent = job.process(*slice);
            if (i > kWarmSlices) {
                seconds.push_back(spent);
            }
        }
    }
    state.counters["p50_ms"] = percentile(seconds, 0.50) * 1e3;
    state.counters["p99_ms"] = percentile(seconds, 0.99) * 1e3;
}

void SliceSmaCross(benchmark::State& state) {
    slice_latency(state, "strategy:\n  kind: sma_cross\n");
}

void SliceAttention(benchmark::State& state) {
    slice_latency(state, "model:\n  path: models/attention-minute.pmb\nstrategy:\n  kind: model\n");
}

void SliceHybrid(benchmark::State& state) {
    slice_latency(state, "model:\n  path: models/hybrid-minute.pmb\nstrategy:\n  kind: model\n");
}

// Positions flip with every other bar: without limits, about half of the symbols fill in each
// slice. (With them the day's turnover is used up within minutes, and a million fills take years.)
constexpr const char* kFlipping =
    "strategy:\n  kind: sma_cross\n  sma_fast_bars: 1\n  sma_slow_bars: 2\n  allow_short: true\n"
    "execution:\n  rebalance_band: 0\n"
    "risk:\n  gross_leverage_max: 10\n  gross_leverage_before_var_max: 10\n"
    "  net_leverage_max: 10\n  turnover_day_max: off\n  daily_loss_max: off\n"
    "  drawdown_max: off\n  order_to_volume_max: off\n  price_collar: off\n"
    "  var_historical_95_max: off\n  es_historical_99_max: off\n  var_ewma_95_max: off\n"
    "costs:\n  spread_bps_max: 0\n  spread_classes: [{dollar_volume_day_min: 0, spread_bps: 0}]\n  "
    "slippage_bps: 0\n"
    "  impact_coefficient: 0\n  commission_bps: 0.01\n";

// Opening a database that holds a million fills, up to the engine being ready to trade on. Every
// row is what engine and journal made of the market; the last slice is the worst place to stop at,
// a slice before the next checkpoint.
void StartUpWithAMillionFills(benchmark::State& state) {
    constexpr std::int64_t kFills = 1'000'000;
    const auto symbols = many_symbols(500);
    const config::Config config = synthetic_config(kFlipping);
    const auto calendar = value_or_die(Calendar::make(CalendarKind::new_york));
    Job job(config, symbols);
    SyntheticMarket market(config.synthetic, symbols, calendar);
    std::int64_t slices = 0;
    const Stopwatch making;
    while (job.fills < kFills || (slices + 1) % config.checkpoint_slices != 0) {
        auto slice = market.next();
        slice->id = ++slices;
        job.process(*slice);
    }
    state.counters["made_in_s"] = making.seconds();
    job.journal.reset();
    for (auto _ : state) {
        const Stopwatch opening;
        auto journal =
            value_or_die(storage::Journal::open(job.dir.path("bench.db"), job.plan.header, {}));
        auto engine = value_or_die(make_engine(job.plan));
        state.counters["opened_ms"] = opening.seconds() * 1e3;
        const auto recovered =
            value_or_die(recover(*engine, job.plan, job.dir.path("bench.db"), journal->state()));
        state.counters["slices_replayed"] = static_cast<double>(recovered.slices_replayed);
    }
    // The limit: what recovery reads, and nothing done with it.
    const auto stored = value_or_die(storage::StoredRun::open(job.dir.path("bench.db")));
    const Stopwatch reading;
    const auto steps = value_or_die(stored->steps(slices - config.checkpoint_slices + 2, slices));
    state.counters["reading_alone_ms"] = reading.seconds() * 1e3;
    benchmark::DoNotOptimize(steps.data());
    state.counters["fills"] = static_cast<double>(job.fills);
}

// Resident memory while ten million bars pass: at a tenth of the way and at the end.
void ResidentMemoryOverTenMillionBars(benchmark::State& state) {
    constexpr std::int64_t kBars = 10'000'000;
    const auto symbols = many_symbols(500);
    const config::Config config = synthetic_config("strategy:\n  kind: sma_cross\n");
    const auto calendar = value_or_die(Calendar::make(CalendarKind::new_york));
    for (auto _ : state) {
        const auto before = static_cast<double>(resident_bytes());
        Job job(config, symbols);
        SyntheticMarket market(config.synthetic, symbols, calendar);
        std::int64_t bars = 0;
        std::int64_t slices = 0;
        double early = 0;
        while (bars < kBars) {
            auto slice = market.next();
            slice->id = ++slices;
            job.process(*slice);
            bars += static_cast<std::int64_t>(slice->bars.size());
            if (early == 0 && bars > kBars / 10) {
                early = static_cast<double>(resident_bytes());
            }
        }
        state.counters["rss_at_10M_MB"] = static_cast<double>(resident_bytes()) / 1e6;
        state.counters["rss_before_MB"] = before / 1e6;
        state.counters["state_MB"] = static_cast<double>(job.engine->save().size()) / 1e6;
        state.counters["rss_at_1M_MB"] = early / 1e6;
        state.counters["bars_per_s"] =
            benchmark::Counter(static_cast<double>(bars), benchmark::Counter::kIsRate);
    }
}

}  // namespace

BENCHMARK(PanelSmaCross)->Iterations(3)->Unit(benchmark::kSecond)->UseRealTime();
BENCHMARK(PanelSmaCrossAtItsLimits)->Iterations(3)->Unit(benchmark::kSecond)->UseRealTime();
BENCHMARK(PanelAttention)->Iterations(1)->Unit(benchmark::kSecond)->UseRealTime();
BENCHMARK(AttentionForward)->Iterations(200)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(SliceSmaCross)->Arg(1)->Arg(100)->Arg(500)->Iterations(1)->UseRealTime();
BENCHMARK(SliceAttention)->Arg(1)->Arg(100)->Arg(500)->Iterations(1)->UseRealTime();
BENCHMARK(SliceHybrid)->Arg(1)->Arg(100)->Arg(500)->Iterations(1)->UseRealTime();
BENCHMARK(StartUpWithAMillionFills)->Iterations(5)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(ResidentMemoryOverTenMillionBars)->Iterations(1)->Unit(benchmark::kSecond)->UseRealTime();

}  // namespace paperd::daemon
