#include "daemon/engine/stored_replay.h"

#include <cmath>
#include <type_traits>

#include <fmt/format.h>

#include "storage/rows.h"

namespace paperd::daemon {
namespace {

constexpr std::size_t kSentencesMax = 10;

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace

ReplayTolerance tolerance_for(const std::string& stored_fingerprint, const std::string& here) {
    if (stored_fingerprint == here) {
        return {};
    }
    return {.prediction = 1e-6, .weight = 1e-12, .exact_model_state = false, .incidents = false};
}

StoredReplay::StoredReplay(Engine& engine, const Universe& symbols, ReplayTolerance tolerance)
    : engine_(engine), stepper_(engine), symbols_(symbols), tolerance_(tolerance) {
    engine_.adopt_predictions = [this](const Slice& slice, strategy::ModelOutputs& outputs) {
        for (std::size_t i = 0; i < symbols_.size(); ++i) {
            double prediction = kUnknown;
            double uncertainty = kUnknown;
            if (slice.warmup) {
                for (const WarmupPrediction& stored : stored_->step.warmup_predictions) {
                    if (index(stored.symbol) == i) {
                        prediction = stored.prediction;
                        uncertainty = stored.uncertainty;
                    }
                }
            } else if (i < stored_->step.decisions.size()) {
                prediction = stored_->step.decisions[i].signal.prediction;
                uncertainty = stored_->step.decisions[i].signal.uncertainty;
            }
            if (outputs.defined(i) == std::isnan(prediction)) {
                note_difference(fmt::format("slice {} {}: a prediction was {} and is {} here",
                                            slice.id, symbols_[i],
                                            outputs.defined(i) ? "missing" : "stored",
                                            outputs.defined(i) ? "made" : "missing"));
                continue;
            }
            if (!outputs.defined(i)) {
                continue;
            }
            const double error =
                adopt("prediction", slice, i, prediction, outputs, outputs.place("return_1"));
            check_.prediction_error_max = std::max(check_.prediction_error_max, error);
            if (!std::isnan(uncertainty)) {  // a model with one
                adopt("uncertainty", slice, i, uncertainty, outputs, outputs.place("uncertainty"));
            }
        }
    };
    engine_.adopt_signals = [this](const Slice& slice, std::span<Signal> signals) {
        const auto& decisions = stored_->step.decisions;
        if (slice.warmup || decisions.size() != signals.size()) {
            return;
        }
        for (std::size_t i = 0; i < signals.size(); ++i) {
            const double stored = decisions[i].signal.weight;
            const double here = signals[i].weight;
            const double error = same(stored, here) ? 0 : std::abs(stored - here);
            check_.weight_error_max = std::fmax(check_.weight_error_max, error);
            if (!(error <= tolerance_.weight)) {
                note_difference(fmt::format("slice {} {}: the signal weight was {} and is {} here",
                                            slice.id, symbols_[i], stored, here));
            }
            signals[i].weight = stored;
        }
    };
    engine_.adopt_model_digest = [this](const Slice& slice, std::uint64_t& digest) {
        if (tolerance_.exact_model_state && digest != stored_->step.model_digest) {
            note_difference(fmt::format("slice {}: the model's state differs", slice.id));
        }
        digest = stored_->step.model_digest;
    };
}

StoredReplay::~StoredReplay() {
    engine_.adopt_predictions = nullptr;
    engine_.adopt_signals = nullptr;
    engine_.adopt_model_digest = nullptr;
}

double StoredReplay::adopt(std::string_view what, const Slice& slice, std::size_t symbol,
                           double stored, strategy::ModelOutputs& outputs,
                           std::optional<std::size_t> place) {
    if (!place) {
        note_difference(fmt::format("slice {} {}: a {} was stored, and the model gives none",
                                    slice.id, symbols_[symbol], what));
        return 0;
    }
    double& here = outputs.of(symbol)[*place];
    const double error = std::abs(here - stored);
    if (!(error <= tolerance_.prediction)) {
        note_difference(fmt::format("slice {} {}: the {} was {} and is {} here", slice.id,
                                    symbols_[symbol], what, stored, here));
    }
    here = stored;
    return error;
}

void StoredReplay::note_difference(const std::string& sentence) {
    ++check_.differences;
    if (check_.first.size() < kSentencesMax) {
        check_.first.push_back(sentence);
    }
}

Result<void> StoredReplay::run(const storage::StoredStep& stored) {
    stored_ = &stored;
    TRY_LET(const Step* const step, stepper_.take(stored.slice));
    ++check_.slices;
    for (const Order& order : step->orders) {
        const auto at = static_cast<std::size_t>(order.id - 1);
        if (at >= orders_.size()) {
            orders_.resize(at + 1);
        }
        orders_[at] = order;
    }
    compare(stored, *step);
    return {};
}

void StoredReplay::compare(const storage::StoredStep& stored, const Step& step) {
    const std::int64_t id = step.slice_id;
    storage::each_table(storage::kStepTables, [&](const auto& rows) {
        const auto& was = rows.of(stored.step);
        const auto& is = rows.of(step);
        using Row = typename std::remove_cvref_t<decltype(was)>::value_type;
        // Orders are stored as they ended: they are compared at the end.
        if (std::is_same_v<Row, Order> ||
            (std::is_same_v<Row, Incident> && !tolerance_.incidents)) {
            return;
        }
        const char* const table = rows.table.facts.name;
        if (was.size() != is.size()) {
            note_difference(fmt::format("slice {}: {} rows of {} were stored and {} are made here",
                                        id, was.size(), table, is.size()));
            return;
        }
        for (std::size_t i = 0; i < was.size(); ++i) {
            const std::string difference = rows.table.difference(was[i], is[i]);
            if (!difference.empty()) {
                note_difference(
                    fmt::format("slice {}: row {} of {}: {}", id, i + 1, table, difference));
                return;
            }
        }
    });
    const std::string equity = storage::kEquity.difference(stored.step.equity, step.equity);
    if (!equity.empty()) {
        note_difference(fmt::format("slice {}: equity: {}", id, equity));
    }
    if (stored.step.trading_state != step.trading_state ||
        stored.step.trading_state_reason != step.trading_state_reason) {
        note_difference(fmt::format("slice {}: trading was {} and is {} here", id,
                                    trading_state_name(stored.step.trading_state),
                                    trading_state_name(step.trading_state)));
    }
    if (stored.step.state_hash != step.state_hash) {
        note_difference(fmt::format("slice {}: the state hash differs", id));
    }
}

}  // namespace paperd::daemon
