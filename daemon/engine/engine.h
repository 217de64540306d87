// One slice's journey, run to completion: validate, broker, portfolio, market data, strategy, risk,
// execution. The same function live and replayed; what it returns is committed by
// daemon/engine/stepper.h. One thread, no queue, no clock, no file: everything comes in with the
// slice.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "config/config.h"
#include "daemon/engine/data_watch.h"
#include "execution/account_range.h"
#include "execution/broker.h"
#include "execution/delisting.h"
#include "execution/dividends.h"
#include "execution/execution_engine.h"
#include "execution/interest.h"
#include "execution/portfolio.h"
#include "execution/splits.h"
#include "execution/types/blob.h"
#include "execution/types/step.h"
#include "risk/risk_manager.h"
#include "strategy/strategy.h"
#include "strategy/wish_lengths.h"

namespace paperd::daemon {

// Bars of one symbol in a full day of the venue: 1 for daily bars, 390 or 1440 for minutes.
double bars_per_day(const config::Config& config);

// What a run's mode decides.
struct EngineOptions {
    // A replay of intraday files: where no symbol has a bar for more than market.join_days_max
    // days, positions are settled at the last close. A live run books the move.
    bool settle_after_gaps = false;
};

// When the models learned, for labels and expiry. Empty without a model.
struct ModelSpan {
    std::vector<strategy::DayRange> trained_days;  // of all of them, in no order
    std::optional<Day> trained_until;              // of the one whose training ended first
    [[nodiscard]] bool trained_on(Day day) const;
};

class Engine {
public:
    // `symbols`: the run's universe, resolved. The config is copied.
    Engine(const config::Config& config, std::size_t symbols,
           std::unique_ptr<strategy::Strategy> strategy, ModelSpan span,
           EngineOptions options = {});
    // Its parts point at each other.
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // What the slice does. Slices come in the order of their ids and times; a slice that is not
    // newer than the last, a bar that is not sane, or prices that could take the account beyond the
    // range of Money are an Error, which names slice and symbol and changes nothing. A model that
    // fails is an Error, too, which names the slice: then half of it has happened here, and every
    // later call gives that same Error.
    Result<Step> on_slice(const Slice& slice);

    // Replay from stored results, called with what was computed here
    // (daemon/engine/stored_replay.h): each model's outputs before the position rules, signals
    // before risk (in warm-up too, before they are counted as wishes), the numbers that the
    // strategy gave the decisions before execution adds its own, and the model's digest before
    // hashing.
    std::function<void(const Slice&, std::size_t model, strategy::ModelOutputs&)> adopt_outputs;
    std::function<void(const Slice&, std::span<Signal>)> adopt_signals;
    std::function<void(const Slice&, std::span<Decision>)> adopt_numbers;
    std::function<void(const Slice&, std::uint64_t&)> adopt_model_digest;

    [[nodiscard]] std::int64_t last_slice_id() const { return last_slice_id_; }

    [[nodiscard]] Timestamp last_closed_at() const { return last_closed_at_; }

    [[nodiscard]] std::uint64_t state_hash() const { return state_hash_; }

    [[nodiscard]] const execution::Portfolio& portfolio() const { return portfolio_; }

    [[nodiscard]] const execution::Broker& broker() const { return broker_; }

    [[nodiscard]] const risk::RiskManager& risk() const { return risk_; }

    [[nodiscard]] const strategy::MarketDataHandler& market() const { return market_; }

    // Where the models' outputs are stored, by model.
    [[nodiscard]] std::span<const strategy::OutputStorage> output_storage() const {
        return strategy_->output_storage();
    }

    // Bars that the strategy's wishes have lasted so far: what the next slice's cost gate knows of
    // them. Of a strategy without a forecast it is 1 for ever, and nothing asks.
    [[nodiscard]] double expected_holding_bars() const { return wishes_.expected_bars(); }

    [[nodiscard]] bool model_expired() const { return expired_; }

    // A versioned checkpoint of everything carried from slice to slice.
    [[nodiscard]] std::vector<std::byte> save() const;

    // Error when the blob is of another version or another run; the engine is then unusable.
    Result<void> load(std::span<const std::byte> blob);

private:
    [[nodiscard]] Result<void> validate(const Slice& slice) const;
    [[nodiscard]] Result<void> check_range(const Slice& slice);
    [[nodiscard]] std::string name(SymbolId symbol) const;
    void apply_commands(const Slice& slice, Step& step);
    void cancel_what_risk_stopped(const Slice& slice, Step& step);
    void trade_on(const Slice& slice, Step& step);
    void settle_after_gap(const Slice& slice, Step& step);
    void cancel_at_joins(const Slice& slice, Step& step);
    void show_account();
    [[nodiscard]] Result<void> infer(const Slice& slice, Step& step);
    void list_warmup(Step& step) const;
    void note_expiry(const Slice& slice, Step& step);
    void decide(const Slice& slice, Step& step);
    void sum_open_orders();
    void note_numbers(std::size_t i, DecisionNumbers& numbers) const;
    void name_reasons(const Slice& slice, Step& step);
    void list_positions(Step& step) const;

    config::Config config_;
    EngineOptions options_;
    ModelSpan span_;

    strategy::MarketDataHandler market_;
    std::unique_ptr<strategy::Strategy> strategy_;
    execution::Portfolio portfolio_;
    execution::AccountRange range_;
    execution::CostModel costs_;
    execution::Failures failures_;
    execution::Broker broker_;
    execution::ExecutionEngine execution_;
    execution::Dividends dividends_;
    execution::Delistings delistings_;
    risk::RiskManager risk_;
    DataWatch data_;
    strategy::WishLengths wishes_;  // told of strategies with a forecast only

    // Carried.
    std::optional<Error> broken_;  // the model's, which no later slice can mend
    std::int64_t last_slice_id_ = 0;
    Timestamp last_closed_at_;
    std::optional<Day> last_trading_day_;  // of the last slice that was no warm-up
    std::uint64_t state_hash_ = 0;
    std::int64_t slices_since_training_ = 0;
    bool expired_ = false;

    // Of one slice; members so that nothing is allocated anew.
    std::vector<Signal> signals_;
    std::vector<Price> closes_before_;
    std::vector<Price> closes_;
    std::vector<std::uint8_t> has_bar_;
    std::vector<std::uint8_t> taken_;  // with a position or an order at work
    std::vector<risk::Wanted> wanted_;
    std::vector<risk::Approved> approved_;
    std::vector<execution::Target> targets_;
    std::vector<execution::TargetOutcome> outcomes_;
    double band_ = 0;  // account currency
};

}  // namespace paperd::daemon
