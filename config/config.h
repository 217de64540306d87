// A run's settings: one struct a part, each beside the code it sets; this page only gathers them.
// Parsed from YAML by config/loader.h, strictly: unknown keys, wrong types, impossible values and
// missing files are reported all at once as "path:line: what, why, remedy".
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "execution/broker.h"
#include "execution/costs.h"
#include "execution/delisting.h"
#include "execution/dividends.h"
#include "execution/execution_engine.h"
#include "execution/failures.h"
#include "execution/types/calendar.h"
#include "risk/limits.h"
#include "storage/bars/history.h"
#include "strategy/market_data_handler.h"
#include "strategy/strategy.h"
#include "strategy/training/train.h"

namespace paperd::config {

enum class FeedKind : std::uint8_t { files, synthetic };

// By FeedKind.
inline constexpr std::array<std::string_view, 2> kFeedKindNames = {"files", "synthetic"};

enum class OnExpired : std::uint8_t { warn, stop };
enum class LogFormat : std::uint8_t { text, json };

// The market inside the daemon (daemon/feeds/synthetic_market.h).
struct SyntheticSettings {
    std::uint64_t seed = 7;
    Day first_day{std::chrono::year{2024} / 1 / 2};  // a session of the calendar
    int days = 10;                                   // sessions; 0: without end
    double gap_probability = 0.0005;                 // a bar: a jump of several standard deviations
    double missing_probability = 0.002;              // a minute without a trade in a symbol
};

struct ModelSettings {
    std::string path;  // bundle or NAME.ts, ready to open; empty for model-free strategies
    std::optional<int> expiry_days;  // calendar days since the last training day
    std::optional<int> expiry_bars;  // slices since the last training day
    OnExpired on_expired = OnExpired::warn;
};

struct ServerSettings {
    bool enabled = true;
    int port = 0;        // loopback only; 0: any free one
    std::string socket;  // relative to the current folder; empty: DATABASE-socket; "off": none
    // Ready to open; empty: DATABASE-token, created 0600 when missing.
    std::string token_file;
};

struct LogSettings {
    std::string level = "info";
    LogFormat format = LogFormat::text;
    std::string file;  // relative to the current folder; empty: stderr
};

// Times real time. Slower, a minute's bar would come after most of a day, and a wait of years would
// overflow the clock; faster nobody could tell from max.
inline constexpr double kSpeedMin = 0.001;
inline constexpr double kSpeedMax = 1e9;

struct Config {
    std::string path;  // of the YAML file
    std::string title;
    std::uint64_t seed = 1;

    // Market
    std::vector<std::string> symbols;  // ["*"]: every symbol the files have
    BarInterval interval = BarInterval::day_1;
    CalendarKind calendar = CalendarKind::new_york;
    std::vector<Closure> closures;  // days that the calendar did not foresee
    FeedKind feed = FeedKind::files;
    std::string bars;    // directory or panel file, ready to open; `--bars` overrides
    std::string splits;  // file (storage/bars/splits_file.h), ready to open; empty: none
    SyntheticSettings synthetic;
    storage::BarFileOptions bar_files;  // on_bad_row, extended_hours
    int warmup_bars = 504;
    int warmup_days = 5;
    int gap_bars =
        15;  // missing in a row, of open market: an incident (daemon/engine/data_watch.h)
    strategy::MarketDataSettings market_data;  // lookback_bars; joins cut for intraday

    // Account
    Money starting_cash = Money::whole(1'000'000);
    std::string currency = "USD";

    ModelSettings model;
    strategy::StrategySettings strategy;
    risk::Limits risk;
    execution::ExecutionSettings execution;
    execution::BrokerSettings broker;  // participation_cap, lot
    execution::CostSettings costs;
    execution::DividendSettings dividends;
    execution::DelistingSettings delisting;
    execution::FailureSettings failures;

    // Process
    std::string database;  // relative to the current folder; `--db` overrides
    int checkpoint_slices = 250;
    double speed = 0;  // 0: as fast as it goes ("max" in the file); N: N times real time
    ServerSettings server;
    LogSettings log;

    // `paperd train`
    strategy::TrainingSettings training;
    std::string train_from;  // venue's days
    std::string train_to;
    double research_cost_bps =
        5;  // of turnover, in the research accounting shown beside the engine's result
};

}  // namespace paperd::config
