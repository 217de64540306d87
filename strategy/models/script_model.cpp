// A user's TorchScript module: attention modules read windows, hybrid ones are stepped through
// their exported `step`, in groups of equal history length because it has no mask.
#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include "execution/types/section_tag.h"
#include "strategy/models/architectures.h"
#include "strategy/models/last_rows.h"
#include "strategy/models/step_values.h"
#include "strategy/models/windowed_model.h"

namespace paperd::strategy {
namespace {

constexpr std::uint32_t kTag = section_tag("SCRP");

// TorchScript's optimiser specialises a module in its first runs, so that a run that was restarted
// would compute with other kernels than one that was not. Without it every run is the same.
class Unoptimised {
public:
    Unoptimised() : guard_(false) {}

private:
    c10::InferenceMode inference_;
    torch::jit::GraphOptimizerEnabledGuard guard_;
};

// LibTorch's message without its stack trace.
std::string reason(const std::exception& e) {
    const auto* const error = dynamic_cast<const c10::Error*>(&e);
    const std::string text = error != nullptr ? error->what_without_backtrace() : e.what();
    return text.substr(0, text.find('\n'));
}

// The value itself, or the first of a tuple.
at::Tensor first_tensor(const torch::jit::IValue& value) {
    const torch::jit::IValue first = value.isTuple() ? value.toTupleRef().elements().at(0) : value;
    return first.toTensor().to(at::kFloat).contiguous();
}

class ScriptAttention final : public WindowedModel {
public:
    ScriptAttention(const torch::jit::Module& module, const ModelFacts& facts, std::size_t slots)
        : WindowedModel(facts, slots, kTag),
          module_(module),
          batch_(at::zeros({static_cast<std::int64_t>(slots), facts_.sequence_length,
                            static_cast<std::int64_t>(columns_)})) {}

    // Throws when the module does not fit the facts.
    void try_once() {
        const at::Tensor out = run();
        if (out.numel() != static_cast<std::int64_t>(slots_)) {
            throw std::runtime_error(
                fmt::format("its forward gives {} values for {} windows", out.numel(), slots_));
        }
    }

    void step(std::span<const double> features, std::span<const std::uint8_t> defined,
              std::span<ModelOutput> out) override {
        if (!take_rows(features, defined, out)) {
            return;
        }
        for (std::size_t slot = 0; slot < slots_; ++slot) {
            float* const window = batch_.data_ptr<float>() + slot * steps_ * columns_;
            if (out[slot].defined) {
                std::ranges::copy(rows_.rows(slot), window);
            } else {
                std::fill_n(window, steps_ * columns_, 0.0F);
            }
        }
        const at::Tensor scaled = run();
        for (std::size_t slot = 0; slot < slots_; ++slot) {
            if (out[slot].defined) {
                out[slot] =
                    attention_output(facts_, static_cast<double>(scaled.data_ptr<float>()[slot]));
            }
        }
    }

private:
    at::Tensor run() {
        const Unoptimised guard;
        return first_tensor(module_.forward({batch_}));
    }

    torch::jit::Module module_;
    at::Tensor batch_;  // slots x steps x columns; zeros where absent
};

class ScriptHybrid final : public Model {
public:
    ScriptHybrid(const torch::jit::Module& module, const ModelFacts& facts, std::size_t slots)
        : Model(facts, slots),
          columns_(facts_.columns.size()),
          state_width_(static_cast<std::size_t>(facts_.state)),
          module_(module),
          past_(slots, static_cast<std::size_t>(facts_.window), state_width_),
          rows_(slots * columns_) {}

    // Throws when the module does not fit the facts.
    void try_once() {
        if (!module_.find_method("step")) {
            throw std::runtime_error("it has no exported method 'step'");
        }
        LastRows one(1, past_.capacity(), state_width_);
        one.push(0, std::vector<float>(state_width_));
        const Heads heads = run({0}, std::vector<float>(columns_), one);
        if (heads.state.numel() != facts_.state || heads.direction.numel() != 1 ||
            heads.magnitude.numel() != 1 || heads.uncertainty.numel() != 1) {
            throw std::runtime_error(
                fmt::format("its step gives a state of {} values where its facts say {}",
                            heads.state.numel(), facts_.state));
        }
    }

    void step(std::span<const double> features, std::span<const std::uint8_t> defined,
              std::span<ModelOutput> out) override {
        check_step(*this, features, defined, out);
        std::map<std::size_t, std::vector<std::size_t>> groups;  // slots by history length
        for (std::size_t slot = 0; slot < slots_; ++slot) {
            const bool taken = defined[slot] != 0 &&
                               scale_row(facts_, features.subspan(slot * columns_, columns_),
                                         std::span(rows_).subspan(slot * columns_, columns_));
            out[slot] = ModelOutput{.enough_rows = past_.count(slot) > 0};
            if (taken) {
                if (past_.count(slot) == 0) {
                    past_.push(slot, std::vector<float>(state_width_));  // h = 0, attended to first
                }
                groups[past_.count(slot)].push_back(slot);
            }
        }
        for (const auto& [length, members] : groups) {
            step_group(members, out);
        }
    }

    void forget(std::size_t slot) override { past_.forget(slot); }

    [[nodiscard]] std::uint64_t state_digest() const override { return past_.digest(kTag); }

    void save(BlobWriter& out) const override {
        out.put(kTag);
        past_.save(out);
    }

    void load(BlobReader& in) override {
        in.expect(kTag);
        past_.load(in);
    }

private:
    struct Heads {
        at::Tensor direction;
        at::Tensor magnitude;
        at::Tensor uncertainty;
        at::Tensor state;
    };

    // The slots `members`, all with the same number of past states in `past`.
    Heads run(const std::vector<std::size_t>& members, const std::vector<float>& rows,
              const LastRows& past) {
        const Unoptimised guard;
        const auto batch = static_cast<std::int64_t>(members.size());
        const auto length = static_cast<std::int64_t>(past.count(members.front()));
        const at::Tensor x = at::empty({batch, static_cast<std::int64_t>(columns_)});
        const at::Tensor history = at::empty({batch, length, facts_.state});
        for (std::size_t i = 0; i < members.size(); ++i) {
            std::copy_n(rows.data() + members[i] * columns_, columns_,
                        x.data_ptr<float>() + i * columns_);
            const auto states = past.rows(members[i]);
            std::ranges::copy(states, history.data_ptr<float>() + i * states.size());
        }
        const at::Tensor h = history.select(1, length - 1).contiguous();
        const auto result = module_.get_method("step")({x, h, history, facts_.dt});
        const auto& parts = result.toTupleRef().elements();
        const auto part = [&parts](std::size_t i) {
            return parts.at(i).toTensor().to(at::kFloat).contiguous();
        };
        return {part(0), part(1), part(2), part(3)};
    }

    void step_group(const std::vector<std::size_t>& members, std::span<ModelOutput> out) {
        const Heads heads = run(members, rows_, past_);
        const auto at = [](const at::Tensor& head, std::size_t i) {
            return static_cast<double>(head.data_ptr<float>()[i]);
        };
        for (std::size_t i = 0; i < members.size(); ++i) {
            const std::span<const float> state(heads.state.data_ptr<float>() + i * state_width_,
                                               state_width_);
            if (!all_finite(state)) {
                // An absurd row broke the state; it would never heal, so the slot begins anew.
                past_.forget(members[i]);
                out[members[i]] = ModelOutput{};
                continue;
            }
            past_.push(members[i], state);
            out[members[i]] = hybrid_output(facts_, at(heads.direction, i), at(heads.magnitude, i),
                                            at(heads.uncertainty, i));
        }
    }

    std::size_t columns_;
    std::size_t state_width_;
    torch::jit::Module module_;
    LastRows past_;  // states, the newest last
    std::vector<float> rows_;
};

// A wrong width does not fail in every LibTorch, it may read beside the row: so the weights are
// asked.
void check_input_width(const torch::jit::Module& module, const ModelFacts& facts) {
    for (const auto& parameter : module.named_parameters()) {
        const bool takes_inputs =
            parameter.name == "lstm.weight_ih_l0" || parameter.name == "input_proj.weight";
        const auto width = static_cast<std::int64_t>(facts.columns.size());
        if (takes_inputs && parameter.value.size(1) != width) {
            throw std::invalid_argument(fmt::format("it takes {} inputs and the facts name {}",
                                                    parameter.value.size(1), width));
        }
    }
}

template <class Script>
std::unique_ptr<Model> tried(const torch::jit::Module& module, const ModelFacts& facts,
                             std::size_t slots) {
    auto model = std::make_unique<Script>(module, facts, slots);
    model->try_once();
    return model;
}

}  // namespace

Result<std::unique_ptr<Model>> make_script_model(const Bundle& bundle, std::size_t slots) {
    try {
        std::istringstream bytes(
            std::string(reinterpret_cast<const char*>(bundle.module.data()), bundle.module.size()));
        torch::jit::Module module = torch::jit::load(bytes, at::kCPU);
        module.eval();
        check_input_width(module, bundle.facts);
        return bundle.facts.architecture == Architecture::attention
                   ? tried<ScriptAttention>(module, bundle.facts, slots)
                   : tried<ScriptHybrid>(module, bundle.facts, slots);
    } catch (const std::exception& e) {
        return fail(
            fmt::format(
                "the TorchScript module does not run as its facts say: {}; check that it was saved "
                "whole and that its columns, sequence_length and state are those of the .yaml",
                reason(e)),
            ErrorKind::usage);
    }
}

}  // namespace paperd::strategy
