#include "daemon/engine/stored_replay.h"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

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
    engine_.adopt_outputs = [this](const Slice& slice, std::size_t model,
                                   strategy::ModelOutputs& outputs) {
        adopt_outputs(slice, model, outputs);
    };
    engine_.adopt_signals = [this](const Slice& slice, std::span<Signal> signals) {
        adopt_weights(slice, signals);
    };
    engine_.adopt_numbers = [this](const Slice& slice, std::span<Decision> decisions) {
        adopt_numbers(slice, decisions);
    };
    engine_.adopt_model_digest = [this](const Slice& slice, std::uint64_t& digest) {
        if (tolerance_.exact_model_state && digest != stored_->step.model_digest) {
            note_difference(fmt::format("slice {}: the model's state differs", slice.id));
        }
        digest = stored_->step.model_digest;
    };
}

StoredReplay::~StoredReplay() {
    engine_.adopt_outputs = nullptr;
    engine_.adopt_signals = nullptr;
    engine_.adopt_numbers = nullptr;
    engine_.adopt_model_digest = nullptr;
}

void StoredReplay::adopt_outputs(const Slice& slice, std::size_t model,
                                 strategy::ModelOutputs& outputs) {
    const strategy::OutputStorage& storage = engine_.output_storage()[model];
    for (std::size_t group = 0; group < storage.groups; ++group) {
        const std::vector<double> stored = stored_outputs(storage, model, group);
        const bool was = !std::isnan(stored.front());
        if (outputs.defined(group) != was) {
            note_difference(fmt::format("slice {}: an output of {} was {} and is {} here", slice.id,
                                        name_of(model, group), was ? "stored" : "missing",
                                        was ? "missing" : "made"));
            continue;
        }
        if (!was) {
            continue;
        }
        const auto numbers = outputs.of(group);
        const std::size_t per_member = outputs.names.size();
        std::size_t next = 0;
        const auto adopt = [&](std::size_t place) {
            const double here = std::exchange(numbers[place], stored[next]);
            const double error = std::abs(here - stored[next]);
            check_.prediction_error_max = std::fmax(check_.prediction_error_max, error);
            if (!(error <= tolerance_.prediction)) {
                note_difference(fmt::format("slice {} {}: {} was {} and is {} here", slice.id,
                                            name_of(model, group),
                                            outputs.names[place % per_member], stored[next], here));
            }
            ++next;
        };
        for (const auto& column : {storage.prediction, storage.uncertainty}) {
            if (column) {
                adopt(*column);
            }
        }
        std::ranges::for_each(storage.others, adopt);
    }
}

// Where the numbers of rows do not match, the comparison of rows says so.
void StoredReplay::adopt_weights(const Slice& slice, std::span<Signal> signals) {
    const auto adopt = [&](std::size_t symbol, double stored) {
        const double here = std::exchange(signals[symbol].weight, stored);
        const double error = same(stored, here) ? 0 : std::abs(stored - here);
        check_.weight_error_max = std::fmax(check_.weight_error_max, error);
        if (!(error <= tolerance_.weight)) {
            note_difference(fmt::format("slice {} {}: the signal weight was {} and is {} here",
                                        slice.id, symbols_[symbol], stored, here));
        }
    };
    for (const WarmupPrediction& row : stored_->step.warmup_predictions) {
        if (slice.warmup && index(row.symbol) < signals.size() && !std::isnan(row.weight)) {
            adopt(index(row.symbol), row.weight);
        }
    }
    const auto& decisions = stored_->step.decisions;
    for (std::size_t i = 0; i < signals.size() && decisions.size() == signals.size(); ++i) {
        adopt(i, decisions[i].signal.weight);
    }
}

void StoredReplay::adopt_numbers(const Slice& slice, std::span<Decision> decisions) {
    const auto& stored = stored_->step.decisions;
    for (std::size_t i = 0; i < decisions.size() && stored.size() == decisions.size(); ++i) {
        for (std::size_t n = 0; n <= static_cast<std::size_t>(DecisionNumber::position); ++n) {
            const auto number = static_cast<DecisionNumber>(n);
            const double was = stored[i].numbers.get(number);
            const double here = decisions[i].numbers.get(number);
            const double tolerance = tolerance_.weight * std::fmax(1, std::abs(was));
            if (!same(was, here) && !(std::abs(was - here) <= tolerance)) {
                note_difference(fmt::format("slice {} {}: {} was {} and is {} here", slice.id,
                                            symbols_[i], kDecisionNumberTexts.at(n).name, was,
                                            here));
            }
            decisions[i].numbers.set(number, was);
        }
    }
}

// The group's numbers: those of the decision's columns, then of its row; NaN where none are stored.
std::vector<double> StoredReplay::stored_outputs(const strategy::OutputStorage& storage,
                                                 std::size_t model, std::size_t group) const {
    const Step& step = stored_->step;
    std::vector<double> out;
    if (storage.prediction) {
        double prediction = kUnknown;
        double uncertainty = kUnknown;
        if (group < step.decisions.size()) {
            prediction = step.decisions[group].signal.prediction;
            uncertainty = step.decisions[group].signal.uncertainty;
        }
        for (const WarmupPrediction& warmup : step.warmup_predictions) {
            if (index(warmup.symbol) == group) {
                prediction = warmup.prediction;
                uncertainty = warmup.uncertainty;
            }
        }
        out.push_back(prediction);
        if (storage.uncertainty) {
            out.push_back(uncertainty);
        }
    }
    const auto key = std::pair(model, group);
    const auto key_of = [](const ModelOutputRow& r) {
        return std::pair<std::size_t, std::size_t>(r.model, r.group);
    };
    const auto row = std::ranges::lower_bound(step.model_outputs, key, {}, key_of);
    const bool found = row != step.model_outputs.end() && key_of(*row) == key &&
                       row->values.size() == storage.others.size();
    for (std::size_t i = 0; i < storage.others.size(); ++i) {
        out.push_back(found ? row->values[i] : kUnknown);
    }
    return out;
}

std::string StoredReplay::name_of(std::size_t model, std::size_t group) const {
    return engine_.output_storage()[model].prediction
               ? symbols_[group]
               : fmt::format("model {} group {}", model + 1, group + 1);
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
