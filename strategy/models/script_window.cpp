#include "strategy/models/script_window.h"

#include <algorithm>

#include <torch/script.h>

#include "execution/types/section_tag.h"
#include "strategy/models/script.h"
#include "strategy/models/step_values.h"
#include "strategy/models/windowed_model.h"

namespace paperd::strategy {
namespace {

constexpr std::uint32_t kTag = section_tag("SCRP");

class ScriptWindow final : public WindowedModel {
public:
    ScriptWindow(const torch::jit::Module& module, const ModelFacts& facts, std::size_t slots)
        : WindowedModel(facts, slots, kTag),
          module_(module),
          width_(make_outputs().width()),
          batch_(at::zeros({static_cast<std::int64_t>(slots), facts_.sequence_length,
                            static_cast<std::int64_t>(columns_)})) {}

    // One row of raw numbers a slot. Throws when the module does, or gives another shape.
    at::Tensor run() {
        const c10::IValue out = call_script(module_, "forward", {batch_});
        const c10::IValue& first = out.isTuple() ? out.toTupleRef().elements().at(0) : out;
        return checked_rows(first, slots_, width_, "what its forward gives");
    }

    Result<void> step(std::span<const double> features, std::span<const std::uint8_t> defined,
                      ModelOutputs& out) override {
        if (!take_rows(features, defined, out)) {
            return {};
        }
        for (std::size_t slot = 0; slot < slots_; ++slot) {
            float* const window = batch_.data_ptr<float>() + slot * steps_ * columns_;
            if (out.defined(slot)) {
                std::ranges::copy(rows_.rows(slot), window);
            } else {
                std::fill_n(window, steps_ * columns_, 0.0F);
            }
        }
        try {
            const at::Tensor raw = run();
            for (std::size_t slot = 0; slot < slots_; ++slot) {
                if (out.defined(slot)) {
                    put_transformed(facts_, {raw.data_ptr<float>() + slot * width_, width_}, slot,
                                    out);
                }
            }
        } catch (const std::exception& thrown) {
            return script_failed(thrown);
        }
        return {};
    }

private:
    torch::jit::Module module_;
    std::size_t width_;  // numbers a slot
    at::Tensor batch_;   // slots x steps x columns; zeros where absent
};

}  // namespace

Result<std::unique_ptr<Model>> make_script_window(const Bundle& bundle, std::size_t slots) {
    try {
        const torch::jit::Module module = load_script(bundle);
        check_input_width(module, bundle.facts, "weight_ih_l0");
        auto model = std::make_unique<ScriptWindow>(module, bundle.facts, slots);
        model->run();
        return std::unique_ptr<Model>(std::move(model));
    } catch (const std::exception& thrown) {
        return script_misfit(thrown);
    }
}

}  // namespace paperd::strategy
