#include "strategy/training/training_loop.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <span>

#include <fmt/format.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/modules/rnn.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adam.h>

#include "strategy/models/architectures.h"
#include "strategy/statistics.h"
#include "strategy/training/batches.h"
#include "strategy/training/metrics.h"

namespace paperd::strategy {
namespace {

namespace nn = torch::nn;

// BatchValues as tensors; undefined where the architecture has none.
struct Batch {
    at::Tensor x;
    at::Tensor target;
    at::Tensor up;
    at::Tensor size;
};

// A model in training. Parameter names are the reference's.
class Net : public nn::Module {
public:
    virtual at::Tensor loss(const Batch& batch) = 0;
    virtual at::Tensor predictions(const Batch& batch) = 0;  // B, in scaled units
};

class AttentionNet final : public Net {
public:
    explicit AttentionNet(const TrainingSettings& s)
        : lstm_(register_module(
              "lstm",
              nn::LSTM(nn::LSTMOptions(static_cast<std::int64_t>(s.columns.size()), s.hidden)
                           .batch_first(true)))),
          score_(register_module("score", nn::Linear(nn::LinearOptions(s.hidden, 1).bias(false)))),
          fc_(register_module("fc", nn::Linear(s.hidden, 1))) {}

    at::Tensor loss(const Batch& batch) override {
        return at::mse_loss(predictions(batch), batch.target);
    }

    at::Tensor predictions(const Batch& batch) override {
        const at::Tensor out = std::get<0>(lstm_->forward(batch.x));
        const at::Tensor weights = at::softmax(score_->forward(out).squeeze(-1), 1);
        return fc_->forward((out * weights.unsqueeze(-1)).sum(1)).squeeze(-1);
    }

private:
    nn::LSTM lstm_;
    nn::Linear score_;
    nn::Linear fc_;
};

nn::LayerNorm layer_norm(std::int64_t width) {
    return nn::LayerNorm(nn::LayerNormOptions({width}));
}

class HybridNet final : public Net {
public:
    explicit HybridNet(const TrainingSettings& s) : settings_(s) {
        const auto inputs = static_cast<std::int64_t>(s.columns.size());
        const std::int64_t state = s.state;
        const std::int64_t memory = s.memory;
        const std::int64_t width = state + memory;
        dynamics_ = register_module("dynamics", nn::Linear(memory, state * state));
        input_proj_ = register_module("input_proj", nn::Linear(inputs, state));
        q_proj_ = register_module("q_proj", nn::Linear(state, memory));
        k_proj_ = register_module("k_proj", nn::Linear(state, memory));
        v_proj_ = register_module("v_proj", nn::Linear(state, memory));
        attn_drop_ = register_module("attn_drop", nn::Dropout(s.dropout));
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
                                    nn::Dropout(s.dropout), nn::Linear(2 * width, width),
                                    layer_norm(width), nn::ReLU(), nn::Dropout(s.dropout)));
        direction_ = register_module("direction", nn::Linear(width, 1));
        magnitude_ = register_module("magnitude", nn::Linear(width, 1));
        uncertainty_ = register_module("uncertainty", nn::Linear(width, 1));
    }

    // 0.4 direction BCE + 0.4 asymmetric magnitude MSE (an under-estimate weighs twice) + 0.2
    // temporal coherence + 0.1 Gaussian NLL that trains the uncertainty alone.
    at::Tensor loss(const Batch& batch) override {
        const Heads heads = forward(batch.x);
        const at::Tensor error = heads.magnitude - batch.size;
        const at::Tensor bce = at::binary_cross_entropy_with_logits(heads.direction, batch.up);
        const at::Tensor asymmetric =
            (at::where(error < 0, at::full({}, 2.0F), at::full({}, 1.0F)) * error.square()).mean();
        const at::Tensor p = at::sigmoid(heads.direction);
        const at::Tensor coherence = (p.slice(1, 1) - p.slice(1, 0, -1)).square().mean();
        const at::Tensor nll =
            (at::log(heads.uncertainty) + 0.5 * (error.detach() / heads.uncertainty).square())
                .mean();
        return 0.4 * bce + 0.4 * asymmetric + 0.2 * coherence + 0.1 * nll;
    }

    at::Tensor predictions(const Batch& batch) override {
        const Heads heads = forward(batch.x);
        return at::tanh(heads.direction.select(1, -1) / 2) *
               heads.magnitude.select(1, -1).clamp_min(0);
    }

private:
    struct Heads {
        at::Tensor direction;  // each B x T
        at::Tensor magnitude;
        at::Tensor uncertainty;
    };

    // B x memory as B x heads x 1 x memory/heads.
    [[nodiscard]] at::Tensor split(const at::Tensor& t) const {
        return t.view({-1, settings_.heads, 1, settings_.memory / settings_.heads});
    }

    // From the zero state. Keys and values of a state are projected once, as they never change.
    Heads forward(const at::Tensor& x) {
        at::Tensor h = at::zeros({x.size(0), settings_.state});
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
            {past.slice(2, std::max<std::int64_t>(0, past.size(2) + 1 - settings_.window)), newest},
            2);
    }

    // Products with one row are sums here: LibTorch's batched product of so small ones is slower.
    at::Tensor attend(const at::Tensor& h, const at::Tensor& keys, const at::Tensor& values) {
        const double scale = 1.0 / std::sqrt(settings_.memory / settings_.heads);
        const at::Tensor scores = (keys * split(q_proj_->forward(h))).sum(-1) * scale;
        const at::Tensor attention = attn_drop_->forward(at::softmax(scores, -1));
        return (values * attention.unsqueeze(-1)).sum(2).reshape({h.size(0), settings_.memory});
    }

    at::Tensor advance(const at::Tensor& x, const at::Tensor& h, const at::Tensor& m) {
        const at::Tensor influence =
            memory_to_state_->forward(m) * at::sigmoid(gate_->forward(at::cat({m, h}, -1)));
        const at::Tensor a =
            at::tanh(dynamics_->forward(m)).view({-1, settings_.state, settings_.state}) *
            (0.9 / settings_.state);
        const at::Tensor flow = (a * h.unsqueeze(1)).sum(-1);
        return h + settings_.dt * (flow - h + input_proj_->forward(x) + influence);
    }

    TrainingSettings settings_;
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

std::unique_ptr<Net> make_net(const TrainingSettings& settings) {
    if (settings.architecture == Architecture::attention) {
        return std::make_unique<AttentionNet>(settings);
    }
    return std::make_unique<HybridNet>(settings);
}

class Loop {
public:
    Loop(const TrainingData& data, const TrainingSettings& settings)
        : data_(data), settings_(settings) {
        at::manual_seed(settings.seed);
        net_ = make_net(settings);
        optimizer_ = std::make_unique<torch::optim::Adam>(
            net_->parameters(),
            torch::optim::AdamOptions(settings.learning_rate).weight_decay(settings.weight_decay));
    }

    // Throws where a name or a shape is another.
    void begin_with(const std::vector<NamedTensor>& initial) {
        const at::NoGradGuard guard;
        auto parameters = net_->named_parameters();
        for (const NamedTensor& tensor : initial) {
            parameters[tensor.name].copy_(at::tensor(tensor.values).reshape(tensor.shape));
        }
    }

    Result<Fitted> run(const std::function<void(const EpochReport&)>& progress) {
        Fitted fitted;
        double best_loss = std::numeric_limits<double>::infinity();
        int best_epoch = 0;
        std::vector<NamedTensor> best;
        for (int epoch = 1; epoch <= settings_.epochs_max; ++epoch) {
            TRY_LET(const auto trained, train_epoch(epoch));
            EpochReport report{.epoch = epoch,
                               .epochs_max = settings_.epochs_max,
                               .training_loss = trained,
                               .validation_loss = std::numeric_limits<double>::quiet_NaN(),
                               .best = true};
            if (!data_.validation.empty()) {
                report.validation_loss = validate(nullptr);
                if (!std::isfinite(report.validation_loss)) {
                    return not_finite("validation", epoch, report.validation_loss);
                }
                report.best = report.validation_loss < best_loss;
            }
            if (report.best) {
                best_loss = report.validation_loss;
                best_epoch = epoch;
                best = weights();
            }
            fitted.epochs.push_back(report);
            if (progress) {
                progress(report);
            }
            if (epoch - best_epoch >= settings_.patience_epochs) {
                break;
            }
        }
        begin_with(best);
        fitted.weights = std::move(best);
        measure(fitted, best_epoch);
        return fitted;
    }

private:
    Result<double> train_epoch(int epoch) {
        net_->train();
        const std::vector<std::size_t> order = epoch_order(data_.training, settings_, epoch);
        double total = 0;
        std::size_t batches = 0;
        for (const auto& windows : batches_of(order, settings_.batch_size)) {
            optimizer_->zero_grad();
            const at::Tensor loss = net_->loss(make_batch(windows));
            const double value = loss.item<double>();
            if (!std::isfinite(value)) {
                return not_finite(fmt::format("training (batch {})", batches + 1), epoch, value);
            }
            loss.backward();
            nn::utils::clip_grad_norm_(net_->parameters(), settings_.gradient_clip);
            optimizer_->step();
            total += value;
            ++batches;
        }
        return total / static_cast<double>(batches);
    }

    // The mean over the windows, each counting once. Fills `predictions` (log returns) when given.
    double validate(std::vector<double>* predictions) {
        const at::NoGradGuard guard;
        net_->eval();
        double total = 0;
        for (const auto& windows : batches_of(data_.validation, settings_.batch_size)) {
            const Batch batch = make_batch(windows);
            total += net_->loss(batch).item<double>() * static_cast<double>(windows.size());
            if (predictions != nullptr) {
                const at::Tensor scaled = net_->predictions(batch).to(at::kDouble).contiguous();
                const bool centred = settings_.architecture == Architecture::attention;
                for (std::size_t i = 0; i < windows.size(); ++i) {
                    predictions->push_back(scaled.data_ptr<double>()[i] * data_.target_std +
                                           (centred ? data_.target_mean : 0.0));
                }
            }
        }
        return total / static_cast<double>(data_.validation.size());
    }

    void measure(Fitted& fitted, int best_epoch) {
        const auto number = [](auto n) { return static_cast<double>(n); };
        fitted.metrics = {{"best_epoch", best_epoch},
                          {"training_loss",
                           fitted.epochs[static_cast<std::size_t>(best_epoch - 1)].training_loss},
                          {"training_windows", number(data_.training.size())},
                          {"validation_windows", number(data_.validation.size())}};
        if (data_.validation.empty()) {
            return;
        }
        std::vector<double> predictions;
        fitted.metrics.emplace_back("validation_loss", validate(&predictions));
        std::vector<double> targets;
        const auto last_row = static_cast<std::size_t>(settings_.sequence_length - 1);
        for (const std::size_t first : data_.validation) {
            targets.push_back(data_.target[first + last_row]);
        }
        // Without a spread in the predictions there is no correlation to tell.
        if (const double ic = correlation(predictions, targets); std::isfinite(ic)) {
            fitted.metrics.emplace_back("validation_ic", ic);
        }
        fitted.metrics.emplace_back("validation_hit_rate", hit_rate(predictions, targets));
    }

    [[nodiscard]] Batch make_batch(std::span<const std::size_t> windows) const {
        const BatchValues values = gather(data_, settings_, windows);
        const std::int64_t steps = settings_.sequence_length;
        const auto tensor = [](const std::vector<float>& numbers, at::IntArrayRef shape) {
            return numbers.empty() ? at::Tensor() : at::tensor(numbers).view(shape);
        };
        return {tensor(values.x, {-1, steps, static_cast<std::int64_t>(settings_.columns.size())}),
                tensor(values.target, {-1}), tensor(values.up, {-1, steps}),
                tensor(values.size, {-1, steps})};
    }

    [[nodiscard]] std::vector<NamedTensor> weights() const {
        std::vector<NamedTensor> out;
        for (const auto& item : net_->named_parameters()) {
            const at::Tensor tensor = item.value().detach().contiguous();
            const float* const values = tensor.data_ptr<float>();
            out.push_back({item.key(), tensor.sizes().vec(),
                           std::vector<float>(values, values + tensor.numel())});
        }
        return out;
    }

    [[nodiscard]] Error not_finite(std::string_view part, int epoch, double loss) const {
        return fail(fmt::format(
            "the {} loss of epoch {} is {}, so nothing was learned; lower learning_rate (now {}) "
            "or look for absurd bars in the training data",
            part, epoch, loss, settings_.learning_rate));
    }

    const TrainingData& data_;
    const TrainingSettings& settings_;
    std::unique_ptr<Net> net_;
    std::unique_ptr<torch::optim::Adam> optimizer_;
};

}  // namespace

Result<Fitted> fit(const TrainingData& data, const TrainingSettings& settings,
                   const std::vector<NamedTensor>& initial,
                   const std::function<void(const EpochReport&)>& progress) {
    pin_inference_threads();
    try {
        Loop loop(data, settings);
        loop.begin_with(initial);
        return loop.run(progress);
    } catch (const std::exception& e) {
        return fail(fmt::format("LibTorch stopped the training: {}", e.what()));
    }
}

}  // namespace paperd::strategy
