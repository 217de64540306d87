// Runs stored slices through an engine again and compares, step by step, with what was stored. Used
// by recovery (the slices since the last checkpoint) and by `paperd verify --replay` (all of them).
//
// The models' outputs, the weights (those of warm-up too) and the strategy's numbers of the
// decisions start from the stored ones: what was inferred again is compared within a tolerance
// (exact on the same fingerprint, else 1e-6 for predictions; 1e-12 for weights and numbers, as log
// and tanh differ between C libraries) and then replaced. From there on all is integers and must be
// equal to the last one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/engine/engine.h"
#include "daemon/engine/stepper.h"
#include "storage/stored_run.h"

namespace paperd::daemon {

struct ReplayTolerance {
    double prediction = 0;          // absolute
    double weight = 1e-12;          // absolute; of a decision's numbers relative where above 1
    bool exact_model_state = true;  // compare the model's digest; false: take the stored one
    bool incidents = false;         // compare them too: another version may word them differently
};

// Exact when both fingerprints are the same. Without incidents.
ReplayTolerance tolerance_for(const std::string& stored_fingerprint, const std::string& here);

struct ReplayCheck {
    std::int64_t slices = 0;
    std::int64_t differences = 0;
    std::vector<std::string> first;  // sentences, the first few
    double prediction_error_max = 0;
    double weight_error_max = 0;
};

class StoredReplay {
public:
    // Sets the engine's adopt hooks and clears them when it ends. `engine` outlives this.
    StoredReplay(Engine& engine, const Universe& symbols, ReplayTolerance tolerance);
    ~StoredReplay();
    StoredReplay(const StoredReplay&) = delete;
    StoredReplay& operator=(const StoredReplay&) = delete;

    // Runs the slice and compares. Error only where the engine refuses the slice.
    Result<void> run(const storage::StoredStep& stored);

    // Also keeps every order as it ended, for a comparison at the end.
    [[nodiscard]] const std::vector<Order>& orders() const { return orders_; }

    [[nodiscard]] const ReplayCheck& check() const { return check_; }

    void note_difference(const std::string& sentence);

private:
    void adopt_outputs(const Slice& slice, std::size_t model, strategy::ModelOutputs& outputs);
    void adopt_weights(const Slice& slice, std::span<Signal> signals);
    void adopt_numbers(const Slice& slice, std::span<Decision> decisions);
    [[nodiscard]] std::vector<double> stored_outputs(const strategy::OutputStorage& storage,
                                                     std::size_t model, std::size_t group) const;
    // For people: the symbol, or which group of which model.
    [[nodiscard]] std::string name_of(std::size_t model, std::size_t group) const;
    void compare(const storage::StoredStep& stored, const Step& step);

    Engine& engine_;
    Stepper stepper_;
    const Universe& symbols_;
    ReplayTolerance tolerance_;
    const storage::StoredStep* stored_ = nullptr;
    std::vector<Order> orders_;  // index = id - 1
    ReplayCheck check_;
};

}  // namespace paperd::daemon
