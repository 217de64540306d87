#include "daemon/engine/stored_replay.h"

#include <cmath>

#include <fmt/format.h>

namespace paperd::daemon {
namespace {

constexpr std::size_t kSentencesMax = 10;

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool same_decision(const Decision& a, const Decision& b) {
    return a.symbol == b.symbol && same(a.signal.prediction, b.signal.prediction) &&
           same(a.signal.uncertainty, b.signal.uncertainty) &&
           same(a.signal.weight, b.signal.weight) && a.signal.reason == b.signal.reason &&
           same(a.approved_weight, b.approved_weight) && a.target_quantity == b.target_quantity &&
           a.reason == b.reason && a.in_sample == b.in_sample;
}

bool same_adjustment(const RiskAdjustment& a, const RiskAdjustment& b) {
    return a.symbol == b.symbol && a.rule == b.rule && same(a.limit, b.limit) &&
           same(a.before, b.before) && same(a.after, b.after);
}

bool same_prediction(const WarmupPrediction& a, const WarmupPrediction& b) {
    return a.symbol == b.symbol && same(a.prediction, b.prediction) &&
           same(a.uncertainty, b.uncertainty);
}

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
        if (tolerance_.exact_model_state && digest != stored_->slice.model_digest) {
            note_difference(fmt::format("slice {}: the model's state differs", slice.id));
        }
        digest = stored_->slice.model_digest;
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
    TRY_LET(const Step* const step, stepper_.take(stored.slice.slice));
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
    const auto rows = [&](const char* what, const auto& was, const auto& is, const auto& equal) {
        if (was.size() != is.size()) {
            note_difference(fmt::format("slice {}: {} {} rows were stored and {} are made here", id,
                                        was.size(), what, is.size()));
            return;
        }
        for (std::size_t i = 0; i < was.size(); ++i) {
            if (!equal(was[i], is[i])) {
                note_difference(fmt::format("slice {}: {} row {} differs", id, what, i + 1));
                return;
            }
        }
    };
    const auto equal = [](const auto& a, const auto& b) { return a == b; };
    rows("decision", stored.step.decisions, step.decisions, same_decision);
    rows("risk adjustment", stored.step.adjustments, step.adjustments, same_adjustment);
    rows("fill", stored.step.fills, step.fills, equal);
    rows("position", stored.step.positions, step.positions, equal);
    rows("warm-up prediction", stored.step.warmup_predictions, step.warmup_predictions,
         same_prediction);
    if (tolerance_.incidents) {
        rows("incident", stored.step.incidents, step.incidents, equal);
    }
    rows("ledger", stored.step.ledger, step.ledger, equal);
    rows("corporate action", stored.step.corporate_actions, step.corporate_actions, equal);
    if (!(stored.step.equity == step.equity)) {
        note_difference(fmt::format("slice {}: equity was {} and is {} here", id,
                                    stored.step.equity.equity.text(), step.equity.equity.text()));
    }
    if (stored.step.trading_state != step.trading_state ||
        stored.step.trading_state_reason != step.trading_state_reason) {
        note_difference(fmt::format("slice {}: trading was {} and is {} here", id,
                                    trading_state_name(stored.step.trading_state),
                                    trading_state_name(step.trading_state)));
    }
    if (stored.slice.state_hash != step.state_hash) {
        note_difference(fmt::format("slice {}: the state hash differs", id));
    }
}

}  // namespace paperd::daemon
