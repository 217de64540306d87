// The hybrid: a state steered by attention over its own past, one step a bar for all slots at once.
#include <algorithm>
#include <cmath>
#include <string>

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <xxhash.h>

#include "execution/types/section_tag.h"
#include "strategy/models/hybrid/hybrid.h"
#include "strategy/models/key_value_ring.h"
#include "strategy/models/step_values.h"
#include "strategy/models/torch_tools.h"

namespace paperd::strategy::hybrid {
namespace {

constexpr std::uint32_t kTag = section_tag("HYBR");
constexpr double kNormEpsilon = 1e-5;  // PyTorch's LayerNorm

struct Linear {
    at::Tensor weight;
    at::Tensor bias;

    [[nodiscard]] at::Tensor operator()(const at::Tensor& x) const {
        return at::linear(x, weight, bias);
    }
};

Linear linear(const Bundle& bundle, const std::string& name) {
    return {weight_tensor(bundle, name + ".weight"), weight_tensor(bundle, name + ".bias")};
}

// Several linear maps of one input as one product.
Linear stacked(const Bundle& bundle, const std::vector<std::string>& names) {
    std::vector<at::Tensor> weights;
    std::vector<at::Tensor> biases;
    for (const std::string& name : names) {
        weights.push_back(weight_tensor(bundle, name + ".weight"));
        biases.push_back(weight_tensor(bundle, name + ".bias"));
    }
    return {at::cat(weights, 0), at::cat(biases, 0)};
}

struct Norm {
    at::Tensor weight;
    at::Tensor bias;

    [[nodiscard]] at::Tensor operator()(const at::Tensor& x) const {
        return at::layer_norm(x, weight.sizes(), weight, bias, kNormEpsilon);
    }
};

// Linear, LayerNorm, ReLU, Linear, LayerNorm.
struct TwoLayers {
    Linear first;
    Norm first_norm;
    Linear second;
    Norm second_norm;

    [[nodiscard]] at::Tensor operator()(const at::Tensor& x) const {
        return second_norm(second(first_norm(first(x)).relu_()));
    }
};

TwoLayers two_layers(const Bundle& bundle, const std::string& name, int second) {
    const auto norm = [&bundle, &name](int index) {
        const std::string at = fmt::format("{}.{}", name, index);
        return Norm{weight_tensor(bundle, at + ".weight"), weight_tensor(bundle, at + ".bias")};
    };
    return {linear(bundle, name + ".0"), norm(1),
            linear(bundle, fmt::format("{}.{}", name, second)), norm(second + 1)};
}

AttentionShape attention_shape(const ModelFacts& facts, std::size_t slots) {
    return {.slots = slots,
            .window = static_cast<std::size_t>(facts.size("window")),
            .memory = static_cast<std::size_t>(facts.size("memory")),
            .heads = static_cast<std::size_t>(facts.size("heads"))};
}

class HybridModel final : public Model {
public:
    HybridModel(const Bundle& bundle, std::size_t slots)
        : Model(bundle.facts, slots),
          columns_(facts_.columns.size()),
          state_width_(static_cast<std::size_t>(facts_.size("state"))),
          memory_width_(static_cast<std::size_t>(facts_.size("memory"))),
          step_size_(facts_.real_size("dt")),
          past_(attention_shape(facts_, slots)),
          started_(slots),
          taken_(slots) {
        const c10::InferenceMode inference;
        const auto batch = static_cast<std::int64_t>(slots);
        query_key_value_ = stacked(bundle, {"q_proj", "k_proj", "v_proj"});
        state_to_memory_ = two_layers(bundle, "state_to_memory", 3);
        memory_to_state_ = two_layers(bundle, "memory_to_state", 3);
        gate_ = linear(bundle, "gate");
        dynamics_ = linear(bundle, "dynamics");
        input_ = linear(bundle, "input_proj");
        trunk_ = two_layers(bundle, "trunk", 4);
        heads_ = stacked(bundle, {"direction", "magnitude", "uncertainty"});
        rows_ = at::zeros({batch, static_cast<std::int64_t>(columns_)});
        state_ = at::zeros({batch, static_cast<std::int64_t>(state_width_)});
        attended_ = at::zeros({batch, static_cast<std::int64_t>(memory_width_)});
    }

    Result<void> step(std::span<const double> features, std::span<const std::uint8_t> defined,
                      ModelOutputs& out) override {
        check_step(*this, features, defined, out);
        bool any = false;
        for (std::size_t slot = 0; slot < slots_; ++slot) {
            const std::span row(rows_.data_ptr<float>() + slot * columns_, columns_);
            const bool taken = defined[slot] != 0 &&
                               scale_row(facts_, features.subspan(slot * columns_, columns_), row);
            if (!taken) {
                std::ranges::fill(row, 0.0F);
            }
            taken_[slot] = taken ? 1 : 0;
            any = any || taken;
            out.clear(slot, started_[slot] != 0 ? OutputState::no_row : OutputState::warming_up);
        }
        if (any) {
            infer(out);
        }
        return {};
    }

    void forget(std::size_t slot) override {
        past_.forget(slot);
        started_[slot] = 0;
        std::ranges::fill(state(slot), 0.0F);
    }

    [[nodiscard]] std::uint64_t state_digest() const override {
        return past_.digest(XXH3_64bits_withSeed(state_.data_ptr<float>(),
                                                 slots_ * state_width_ * sizeof(float), kTag));
    }

    void save(BlobWriter& out) const override {
        out.put(kTag);
        out.put_vector(started_);
        out.put_span(std::span<const float>(state_.data_ptr<float>(), slots_ * state_width_));
        past_.save(out);
    }

    void load(BlobReader& in) override {
        in.expect(kTag);
        const auto started = in.get_vector<std::uint8_t>();
        const auto states = in.get_vector<float>();
        if (started.size() != slots_ || states.size() != slots_ * state_width_) {
            in.fail();
            return;
        }
        started_ = started;
        std::ranges::copy(states, state_.data_ptr<float>());
        past_.load(in);
    }

private:
    [[nodiscard]] std::span<float> state(std::size_t slot) {
        return {state_.data_ptr<float>() + slot * state_width_, state_width_};
    }

    // The state joins its own past, then attends to it: the first step sees h = 0 alone.
    void attend() {
        const at::Tensor projected = query_key_value_(state_).contiguous();
        const float* const row = projected.data_ptr<float>();
        attended_.zero_();
        for (std::size_t slot = 0; slot < slots_; ++slot) {
            if (taken_[slot] == 0) {
                continue;
            }
            const float* const query = row + slot * 3 * memory_width_;
            past_.push(slot, {query + memory_width_, memory_width_},
                       {query + 2 * memory_width_, memory_width_});
            past_.attend(slot, {query, memory_width_},
                         {attended_.data_ptr<float>() + slot * memory_width_, memory_width_});
        }
    }

    void infer(ModelOutputs& out) {
        const c10::InferenceMode inference;
        const auto width = static_cast<std::int64_t>(state_width_);
        attend();
        const at::Tensor memory = attended_ + state_to_memory_(state_);
        const at::Tensor influence =
            memory_to_state_(memory) * gate_(at::cat({memory, state_}, 1)).sigmoid_();
        // 0.9 tanh(W m) / state, row by row times h: never larger than 0.9 |h|.
        const at::Tensor flow = dynamics_(memory)
                                    .tanh_()
                                    .view({-1, width, width})
                                    .mul_(state_.unsqueeze(1))
                                    .sum(2)
                                    .mul_(0.9 / static_cast<double>(width));
        const at::Tensor next =
            (state_ + (flow - state_ + input_(rows_) + influence).mul_(step_size_)).contiguous();
        const at::Tensor heads = heads_(trunk_(at::cat({next, memory}, 1)).relu_()).contiguous();
        for (std::size_t slot = 0; slot < slots_; ++slot) {
            if (taken_[slot] != 0) {
                take_state(slot, next.data_ptr<float>() + slot * state_width_,
                           heads.data_ptr<float>() + slot * 3, out);
            }
        }
    }

    // Takes the slot's next state and its heads.
    void take_state(std::size_t slot, const float* next, const float* heads, ModelOutputs& out) {
        if (!all_finite({next, state_width_})) {
            // An absurd row broke the state; it would never heal, so the slot begins anew.
            forget(slot);
            out.clear(slot, OutputState::warming_up);
            return;
        }
        std::copy(next, next + state_width_, state(slot).begin());
        started_[slot] = 1;
        put_outputs(facts_,
                    {.direction = static_cast<double>(heads[0]),
                     .magnitude = static_cast<double>(heads[1]),
                     .uncertainty = static_cast<double>(std::exp(heads[2]))},
                    slot, out);
    }

    std::size_t columns_;
    std::size_t state_width_;
    std::size_t memory_width_;
    double step_size_;

    Linear query_key_value_;
    TwoLayers state_to_memory_;
    TwoLayers memory_to_state_;
    Linear gate_;
    Linear dynamics_;
    Linear input_;
    TwoLayers trunk_;
    Linear heads_;

    at::Tensor state_;                   // slots x state: carried
    KeyValueRing past_;                  // carried
    std::vector<std::uint8_t> started_;  // carried: the slot has stepped at least once

    at::Tensor rows_;      // slots x columns, scaled; zeros where absent
    at::Tensor attended_;  // slots x memory
    std::vector<std::uint8_t> taken_;
};

}  // namespace

Result<std::unique_ptr<Model>> make_model(const Bundle& bundle, std::size_t slots) {
    try {
        return std::unique_ptr<Model>(std::make_unique<HybridModel>(bundle, slots));
    } catch (const std::exception& e) {
        return fail(fmt::format("LibTorch cannot build the hybrid model: {}", e.what()));
    }
}

}  // namespace paperd::strategy::hybrid
