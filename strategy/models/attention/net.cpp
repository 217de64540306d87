// The attention LSTM in training: mean squared error of the window's last next return, scaled.
#include <tuple>

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/rnn.h>

#include "strategy/models/attention/attention.h"

namespace paperd::strategy::attention {
namespace {

namespace nn = torch::nn;

class AttentionNet final : public nn::Module, public TrainingNet {
public:
    explicit AttentionNet(const TrainingNetSettings& s)
        : lstm_(register_module(
              "lstm", nn::LSTM(nn::LSTMOptions(s.columns, s.size("hidden")).batch_first(true)))),
          score_(register_module("score",
                                 nn::Linear(nn::LinearOptions(s.size("hidden"), 1).bias(false)))),
          fc_(register_module("fc", nn::Linear(s.size("hidden"), 1))) {}

    nn::Module& module() override { return *this; }

    at::Tensor loss(const TrainingBatch& batch) override {
        std::vector<float> target;
        for (std::int64_t i = 1; i <= batch.windows; ++i) {
            const double last = batch.returns[static_cast<std::size_t>(i * batch.steps - 1)];
            target.push_back(static_cast<float>((last - batch.target_mean) / batch.target_std));
        }
        return at::mse_loss(scaled(batch), at::tensor(target));
    }

    std::vector<double> predictions(const TrainingBatch& batch) override {
        const at::Tensor values = scaled(batch).to(at::kDouble).contiguous();
        std::vector<double> out;
        for (std::int64_t i = 0; i < batch.windows; ++i) {
            out.push_back(values.data_ptr<double>()[i] * batch.target_std + batch.target_mean);
        }
        return out;
    }

private:
    // B, in scaled units.
    at::Tensor scaled(const TrainingBatch& batch) {
        const at::Tensor x = at::tensor(batch.rows).view({-1, batch.steps, batch.columns});
        const at::Tensor out = std::get<0>(lstm_->forward(x));
        const at::Tensor weights = at::softmax(score_->forward(out).squeeze(-1), 1);
        return fc_->forward((out * weights.unsqueeze(-1)).sum(1)).squeeze(-1);
    }

    nn::LSTM lstm_;
    nn::Linear score_;
    nn::Linear fc_;
};

}  // namespace

std::unique_ptr<TrainingNet> make_net(const TrainingNetSettings& settings) {
    return std::make_unique<AttentionNet>(settings);
}

}  // namespace paperd::strategy::attention
