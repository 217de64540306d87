#include "tests/strategy/models/golden_model.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include <boost/json/value_to.hpp>
#include <gtest/gtest.h>

#include "execution/types/check.h"
#include "strategy/models/architecture.h"
#include "strategy/models/exact_json.h"
#include "tests/support/paths.h"

namespace paperd::test {

using strategy::Bundle;
using strategy::NamedTensor;

boost::json::value read_json(const std::string& path) {
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    const auto value = strategy::parse_exact_json(text.str());
    CHECK(!value.has_error(), path);
    return *value;
}

GoldenTensor read_tensor(const boost::json::value& tensor) {
    return {boost::json::value_to<std::vector<std::int64_t>>(tensor.at("shape")),
            boost::json::value_to<std::vector<double>>(tensor.at("data"))};
}

std::vector<NamedTensor> read_weights(const boost::json::value& weights) {
    std::vector<NamedTensor> out;
    for (const auto& item : weights.as_object()) {
        const GoldenTensor tensor = read_tensor(item.value());
        out.push_back({std::string(item.key()), tensor.shape,
                       std::vector<float>(tensor.data.begin(), tensor.data.end())});
    }
    return out;
}

GoldenModel golden_model(const std::string& name) {
    const auto json = read_json(support::golden_path("synthetic/model_" + name + ".json"));
    GoldenModel golden;
    golden.bundle.weights = read_weights(json.at("weights"));
    golden.input = read_tensor(json.at("input"));
    for (const auto& output : json.at("outputs").as_array()) {
        golden.outputs.push_back(read_tensor(output));
    }
    auto& facts = golden.bundle.facts;
    facts = strategy::facts_of(strategy::architecture_named(name));
    facts.feature_set = "attention";
    const auto columns = static_cast<std::size_t>(golden.input.shape[2]);
    for (std::size_t i = 0; i < columns; ++i) {
        facts.columns.push_back("column_" + std::to_string(i));
    }
    facts.feature_mean.assign(columns, 0.0);
    facts.feature_std.assign(columns, 1.0);
    facts.sequence_length = static_cast<int>(golden.input.shape[1]);
    facts.trained_symbols = {"SYNTH_A"};
    const auto width = [&json](std::string_view weight, std::size_t dimension) {
        return static_cast<double>(read_tensor(json.at("weights").at(weight)).shape.at(dimension));
    };
    if (name == "attention") {
        facts.sizes = {{"hidden", width("lstm.weight_hh_l0", 1)}};
        return golden;
    }
    const auto& settings = json.at("settings");
    facts.sizes = {{"state", width("q_proj.weight", 1)},
                   {"memory", width("q_proj.weight", 0)},
                   {"heads", settings.at("heads").to_number<double>()},
                   {"window", settings.at("window").to_number<double>()},
                   {"dt", settings.at("dt").to_number<double>()}};
    return golden;
}

std::unique_ptr<strategy::Model> built(const Bundle& bundle, std::size_t slots) {
    auto model = strategy::make_model(strategy::encode_bundle(bundle), slots);
    CHECK(!model.has_error(), model.has_error() ? model.error().text : "");
    return std::move(*model);
}

StepBuffers::StepBuffers(const strategy::Model& model)
    : features(model.slots() * model.facts().columns.size()),
      defined(model.slots()),
      out(model.make_outputs()) {}

void StepBuffers::step(strategy::Model& model) {
    const auto done = model.step(features, defined, out);
    ASSERT_FALSE(done.has_error()) << done.error().text;
}

void StepBuffers::make_up(std::size_t t) {
    const std::size_t columns = features.size() / defined.size();
    for (std::size_t i = 0; i < features.size(); ++i) {
        features[i] = made_up_feature(t, i / columns, i % columns);
    }
}

double made_up_feature(std::size_t t, std::size_t slot, std::size_t column) {
    const auto x = static_cast<double>(t + 1);
    return 2 * std::sin(0.37 * x * static_cast<double>(column + 1) + static_cast<double>(slot));
}

void expect_the_same_after_save_and_load(
    const strategy::Bundle& bundle, std::size_t saved_at, std::size_t end,
    const std::function<bool(std::size_t, std::size_t)>& has_row) {
    constexpr std::size_t kSlots = 16;
    const auto first = built(bundle, kSlots);
    StepBuffers a(*first);
    const auto run = [&](strategy::Model& model, StepBuffers& buffers, std::size_t t) {
        buffers.make_up(t);
        for (std::size_t slot = 0; slot < kSlots; ++slot) {
            buffers.defined[slot] = has_row(t, slot) ? 1 : 0;
        }
        buffers.step(model);
    };
    for (std::size_t t = 0; t < saved_at; ++t) {
        run(*first, a, t);
    }
    BlobWriter blob;
    first->save(blob);
    const auto second = built(bundle, kSlots);
    BlobReader reader(blob.bytes());
    second->load(reader);
    ASSERT_FALSE(reader.failed());
    ASSERT_TRUE(reader.at_end());
    EXPECT_EQ(first->state_digest(), second->state_digest());
    StepBuffers b(*second);
    for (std::size_t t = saved_at; t < end; ++t) {
        run(*first, a, t);
        run(*second, b, t);
        for (std::size_t slot = 0; slot < kSlots; ++slot) {
            ASSERT_EQ(a.out.states[slot], b.out.states[slot]);
            if (a.out.defined(slot)) {
                ASSERT_TRUE(std::ranges::equal(a.out.of(slot), b.out.of(slot)));
            }
        }
        ASSERT_EQ(first->state_digest(), second->state_digest());
    }
}

}  // namespace paperd::test
