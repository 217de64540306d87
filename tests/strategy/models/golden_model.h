// Models whose weights, inputs and outputs the reference wrote
// (tests/golden/synthetic/model_*.json).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "strategy/models/bundle.h"
#include "strategy/models/model.h"

namespace paperd::test {

// Of a golden file, or of any path.
boost::json::value read_json(const std::string& path);

// {"name": {"shape": [...], "data": [...]}, ...}
std::vector<strategy::NamedTensor> read_weights(const boost::json::value& weights);

struct GoldenTensor {
    std::vector<std::int64_t> shape;
    std::vector<double> data;
};

GoldenTensor read_tensor(const boost::json::value& tensor);

struct GoldenModel {
    strategy::Bundle bundle;  // identity scalers: predictions are in scaled units
    GoldenTensor input;       // batch x steps x columns
    std::vector<GoldenTensor> outputs;
};

// The name is "attention" or "hybrid".
GoldenModel golden_model(const std::string& name);

// make_model, failing the test where there is none.
std::unique_ptr<strategy::Model> built(const strategy::Bundle& bundle, std::size_t slots);

// One step of a model whose columns are `columns` wide.
struct StepBuffers {
    explicit StepBuffers(const strategy::Model& model);

    // Fails the test where the model does.
    void step(strategy::Model& model);

    // The slot has had enough rows, whatever became of it in this slice.
    [[nodiscard]] bool enough_rows(std::size_t slot) const {
        return out.states[slot] != strategy::OutputState::warming_up;
    }

    // NaN where there is none.
    [[nodiscard]] double prediction(std::size_t slot) const { return out.value(slot, "return_1"); }

    // Every slot's row is made_up_feature(t, slot, column).
    void make_up(std::size_t t);

    std::vector<double> features;  // slots x columns
    std::vector<std::uint8_t> defined;
    strategy::ModelOutputs out;
};

// Features any test may use: smooth, and different for each slot and column.
double made_up_feature(std::size_t t, std::size_t slot, std::size_t column);

// A model saved before step `saved_at` and loaded into another goes on as the first one does, to
// the last bit, until `end`. has_row(t, slot): which slots have a row in a step.
void expect_the_same_after_save_and_load(
    const strategy::Bundle& bundle, std::size_t saved_at, std::size_t end,
    const std::function<bool(std::size_t, std::size_t)>& has_row);

}  // namespace paperd::test
