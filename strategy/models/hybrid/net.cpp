// The hybrid in training, unrolled over a window from the zero state.
#include <algorithm>
#include <cmath>

#include <torch/nn/module.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include "strategy/models/hybrid/hybrid.h"

namespace paperd::strategy::hybrid {
namespace {

namespace nn = torch::nn;

nn::LayerNorm layer_norm(std::int64_t width) {
    return nn::LayerNorm(nn::LayerNormOptions({width}));
}

class HybridNet final : public nn::Module, public TrainingNet {
public:
    explicit HybridNet(const TrainingNetSettings& s)
        : state_(s.size("state")),
          memory_(s.size("memory")),
          heads_(s.size("heads")),
          window_(s.size("window")),
          dt_(s.real_size("dt")) {
        const std::int64_t inputs = s.columns;
        const std::int64_t state = state_;
        const std::int64_t memory = memory_;
        const double dropout = s.real_size("dropout");
        const std::int64_t width = state + memory;
        dynamics_ = register_module("dynamics", nn::Linear(memory, state * state));
        input_proj_ = register_module("input_proj", nn::Linear(inputs, state));
        q_proj_ = register_module("q_proj", nn::Linear(state, memory));
        k_proj_ = register_module("k_proj", nn::Linear(state, memory));
        v_proj_ = register_module("v_proj", nn::Linear(state, memory));
        attn_drop_ = register_module("attn_drop", nn::Dropout(dropout));
        state_to_memory_ = register_module(
            "state_to_memory",
            nn::Sequential(nn::Linear(state, 2 * state), layer_norm(2 * state), nn::ReLU(),
                           nn::Linear(2 * state, memory), layer_norm(memory)));
        memory_to_state_ = register_module(
            "memory_to_state",
            nn::Sequential(nn::Linear(memory, 2 * memory), layer_norm(2 * memory), nn::ReLU(),
                           nn::Linear(2 * memory, state), layer_norm(state)));
        gate_ = register_module("gate", nn::Linear(memory + state, state));
        trunk_ = register_module(
            "trunk", nn::Sequential(nn::Linear(width, 2 * width), layer_norm(2 * width), nn::ReLU(),
                                    nn::Dropout(dropout), nn::Linear(2 * width, width),
                                    layer_norm(width), nn::ReLU(), nn::Dropout(dropout)));
        direction_ = register_module("direction", nn::Linear(width, 1));
        magnitude_ = register_module("magnitude", nn::Linear(width, 1));
        uncertainty_ = register_module("uncertainty", nn::Linear(width, 1));
    }

    nn::Module& module() override { return *this; }

    // 0.4 direction BCE + 0.4 asymmetric magnitude MSE (an under-estimate weighs twice) + 0.2
    // temporal coherence + 0.1 Gaussian NLL that trains the uncertainty alone.
    at::Tensor loss(const TrainingBatch& batch) override {
        std::vector<float> up;    // 1 where the next return is above zero, else 0
        std::vector<float> size;  // |next return| / target_std
        for (const double next : batch.returns) {
            up.push_back(next > 0 ? 1.0F : 0.0F);
            size.push_back(static_cast<float>(std::abs(next) / batch.target_std));
        }
        const Heads heads = forward(rows_of(batch));
        const at::Tensor error = heads.magnitude - at::tensor(size).view({-1, batch.steps});
        const at::Tensor bce = at::binary_cross_entropy_with_logits(
            heads.direction, at::tensor(up).view({-1, batch.steps}));
        const at::Tensor asymmetric =
            (at::where(error < 0, at::full({}, 2.0F), at::full({}, 1.0F)) * error.square()).mean();
        const at::Tensor p = at::sigmoid(heads.direction);
        const at::Tensor coherence = (p.slice(1, 1) - p.slice(1, 0, -1)).square().mean();
        const at::Tensor nll =
            (at::log(heads.uncertainty) + 0.5 * (error.detach() / heads.uncertainty).square())
                .mean();
        return 0.4 * bce + 0.4 * asymmetric + 0.2 * coherence + 0.1 * nll;
    }

    std::vector<double> predictions(const TrainingBatch& batch) override {
        const Heads heads = forward(rows_of(batch));
        const at::Tensor edge = at::tanh(heads.direction.select(1, -1) / 2) *
                                heads.magnitude.select(1, -1).clamp_min(0);
        const at::Tensor values = edge.to(at::kDouble).contiguous();
        std::vector<double> out;
        for (std::int64_t i = 0; i < batch.windows; ++i) {
            out.push_back(values.data_ptr<double>()[i] * batch.target_std);
        }
        return out;
    }

private:
    struct Heads {
        at::Tensor direction;  // each B x T
        at::Tensor magnitude;
        at::Tensor uncertainty;
    };

    static at::Tensor rows_of(const TrainingBatch& batch) {
        return at::tensor(batch.rows).view({-1, batch.steps, batch.columns});
    }

    // B x memory as B x heads x 1 x memory/heads.
    [[nodiscard]] at::Tensor split(const at::Tensor& t) const {
        return t.view({-1, heads_, 1, memory_ / heads_});
    }

    // From the zero state. Keys and values of a state are projected once, as they never change.
    Heads forward(const at::Tensor& x) {
        at::Tensor h = at::zeros({x.size(0), state_});
        at::Tensor keys;
        at::Tensor values;
        std::vector<at::Tensor> trunks;
        for (std::int64_t t = 0; t < x.size(1); ++t) {
            keys = remember(keys, k_proj_->forward(h));
            values = remember(values, v_proj_->forward(h));
            const at::Tensor m = attend(h, keys, values) + state_to_memory_->forward(h);
            h = advance(x.select(1, t), h, m);
            trunks.push_back(trunk_->forward(at::cat({h, m}, -1)));
        }
        const at::Tensor trunk = at::stack(trunks, 1);
        return {direction_->forward(trunk).squeeze(-1), magnitude_->forward(trunk).squeeze(-1),
                at::exp(uncertainty_->forward(trunk)).squeeze(-1)};
    }

    at::Tensor remember(const at::Tensor& past, const at::Tensor& projected) const {
        if (!past.defined()) {
            return split(projected);
        }
        const at::Tensor newest = split(projected);
        return at::cat(
            {past.slice(2, std::max<std::int64_t>(0, past.size(2) + 1 - window_)), newest}, 2);
    }

    // Products with one row are sums here: LibTorch's batched product of so small ones is slower.
    at::Tensor attend(const at::Tensor& h, const at::Tensor& keys, const at::Tensor& values) {
        const double scale = 1.0 / std::sqrt(memory_ / heads_);
        const at::Tensor scores = (keys * split(q_proj_->forward(h))).sum(-1) * scale;
        const at::Tensor attention = attn_drop_->forward(at::softmax(scores, -1));
        return (values * attention.unsqueeze(-1)).sum(2).reshape({h.size(0), memory_});
    }

    at::Tensor advance(const at::Tensor& x, const at::Tensor& h, const at::Tensor& m) {
        const at::Tensor influence =
            memory_to_state_->forward(m) * at::sigmoid(gate_->forward(at::cat({m, h}, -1)));
        const at::Tensor a = at::tanh(dynamics_->forward(m)).view({-1, state_, state_}) *
                             (0.9 / static_cast<double>(state_));
        const at::Tensor flow = (a * h.unsqueeze(1)).sum(-1);
        return h + dt_ * (flow - h + input_proj_->forward(x) + influence);
    }

    std::int64_t state_;
    std::int64_t memory_;
    std::int64_t heads_;
    std::int64_t window_;
    double dt_;
    nn::Linear dynamics_{nullptr};
    nn::Linear input_proj_{nullptr};
    nn::Linear q_proj_{nullptr};
    nn::Linear k_proj_{nullptr};
    nn::Linear v_proj_{nullptr};
    nn::Dropout attn_drop_{nullptr};
    nn::Sequential state_to_memory_{nullptr};
    nn::Sequential memory_to_state_{nullptr};
    nn::Linear gate_{nullptr};
    nn::Sequential trunk_{nullptr};
    nn::Linear direction_{nullptr};
    nn::Linear magnitude_{nullptr};
    nn::Linear uncertainty_{nullptr};
};

}  // namespace

std::unique_ptr<TrainingNet> make_net(const TrainingNetSettings& settings) {
    return std::make_unique<HybridNet>(settings);
}

}  // namespace paperd::strategy::hybrid
