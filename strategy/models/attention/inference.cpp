// The attention LSTM: unrolled over the window with one matrix product and one sigmoid a step for
// all slots at once. Against at::lstm this measures more than twice as fast at 512 slots, because
// - everything is transposed (gates x slots), so that each gate's values are contiguous;
// - inputs, bias and hidden state are one operand, so a step is one product;
// - tanh(x) = 2 sigmoid(2x) - 1: LibTorch's sigmoid is four times as fast as its tanh.
#include <ATen/ATen.h>
#include <fmt/format.h>

#include "execution/types/section_tag.h"
#include "strategy/models/attention/attention.h"
#include "strategy/models/step_values.h"
#include "strategy/models/torch_tools.h"
#include "strategy/models/windowed_model.h"

namespace paperd::strategy::attention {
namespace {

constexpr std::uint32_t kTag = section_tag("ATTN");

// PyTorch's gates i, f, g, o (rows) as i, f, o, 2g.
at::Tensor reordered(const at::Tensor& gates) {
    const auto parts = gates.chunk(4, 0);
    return at::cat({parts[0], parts[1], parts[3], parts[2] * 2}, 0);
}

class AttentionModel final : public WindowedModel {
public:
    AttentionModel(const Bundle& bundle, std::size_t slots)
        : WindowedModel(bundle.facts, slots, kTag) {
        const c10::InferenceMode inference;
        const auto hidden = static_cast<std::int64_t>(facts_.size("hidden"));
        const auto inputs = static_cast<std::int64_t>(columns_);
        const auto batch = static_cast<std::int64_t>(slots);
        const at::Tensor bias =
            weight_tensor(bundle, "lstm.bias_ih_l0") + weight_tensor(bundle, "lstm.bias_hh_l0");
        gate_weights_ = at::cat({reordered(weight_tensor(bundle, "lstm.weight_ih_l0")),
                                 reordered(bias).unsqueeze(1),
                                 reordered(weight_tensor(bundle, "lstm.weight_hh_l0"))},
                                1)
                            .contiguous();
        head_weights_ =
            at::cat({weight_tensor(bundle, "score.weight"), weight_tensor(bundle, "fc.weight")}, 0)
                .contiguous();
        output_bias_ = weight_tensor(bundle, "fc.bias").item<float>();

        inputs_ = at::zeros({facts_.sequence_length, inputs, batch});
        operand_ = at::zeros({inputs + 1 + hidden, batch});
        operand_.select(0, inputs).fill_(1);
        gates_ = at::zeros({4 * hidden, batch});
        cell_ = at::zeros({hidden, batch});
        squashed_ = at::zeros({hidden, batch});
        heads_ = at::zeros({facts_.sequence_length, 2, batch});
    }

    Result<void> step(std::span<const double> features, std::span<const std::uint8_t> defined,
                      ModelOutputs& out) override {
        if (!take_rows(features, defined, out)) {
            return {};
        }
        for (std::size_t slot = 0; slot < slots_; ++slot) {
            if (out.defined(slot)) {
                place(slot);
            }
        }
        infer(out);
        return {};
    }

private:
    // The slot's window into its column of the batch. Columns do not mix: what an absent slot's
    // column holds from before changes nothing elsewhere and is not read.
    void place(std::size_t slot) {
        float* const column = inputs_.data_ptr<float>() + slot;
        const auto rows = rows_.rows(slot);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            column[i * slots_] = rows[i];
        }
    }

    void infer(ModelOutputs& out) {
        const c10::InferenceMode inference;
        const auto hidden = static_cast<std::int64_t>(facts_.size("hidden"));
        const auto inputs = static_cast<std::int64_t>(columns_);
        const at::Tensor input = operand_.slice(0, 0, inputs);
        at::Tensor state = operand_.slice(0, inputs + 1);
        const at::Tensor in_gate = gates_.slice(0, 0, hidden);
        const at::Tensor forget_gate = gates_.slice(0, hidden, 2 * hidden);
        const at::Tensor out_gate = gates_.slice(0, 2 * hidden, 3 * hidden);
        const at::Tensor candidate = gates_.slice(0, 3 * hidden);
        state.zero_();
        cell_.zero_();
        for (std::int64_t t = 0; t < facts_.sequence_length; ++t) {
            input.copy_(inputs_.select(0, t));
            at::mm_out(gates_, gate_weights_, operand_);
            gates_.sigmoid_();
            candidate.mul_(2).sub_(1);
            cell_.mul_(forget_gate).addcmul_(in_gate, candidate);
            at::add_out(squashed_, cell_, cell_);
            squashed_.sigmoid_().mul_(2).sub_(1);
            at::mul_out(state, squashed_, out_gate);
            at::Tensor heads = heads_.select(0, t);
            at::mm_out(heads, head_weights_, state);
        }
        // fc(sum of w h) = sum of w fc(h): each step's score and output are all that is kept.
        const at::Tensor attention = at::softmax(heads_.select(1, 0), 0);
        const at::Tensor scaled = (attention * heads_.select(1, 1)).sum(0).contiguous();
        const float* const value = scaled.data_ptr<float>();
        for (std::size_t slot = 0; slot < slots_; ++slot) {
            if (out.defined(slot)) {
                const float raw = value[slot] + output_bias_;
                put_transformed(facts_, {&raw, 1}, slot, out);
            }
        }
    }

    at::Tensor gate_weights_;  // 4 hidden x (inputs, bias, hidden)
    at::Tensor head_weights_;  // score and output, 2 x hidden
    float output_bias_ = 0;

    at::Tensor inputs_;    // steps x inputs x slots
    at::Tensor operand_;   // (inputs, one, hidden) x slots: the hidden state lives in it
    at::Tensor gates_;     // 4 hidden x slots: in, forget, out, candidate
    at::Tensor cell_;      // hidden x slots
    at::Tensor squashed_;  // tanh(cell)
    at::Tensor heads_;     // steps x 2 x slots
};

}  // namespace

Result<std::unique_ptr<Model>> make_model(const Bundle& bundle, std::size_t slots) {
    try {
        return std::unique_ptr<Model>(std::make_unique<AttentionModel>(bundle, slots));
    } catch (const std::exception& e) {
        return fail(fmt::format("LibTorch cannot build the attention model: {}", e.what()));
    }
}

}  // namespace paperd::strategy::attention
