// A user's TorchScript module of the hybrid, stepped through its exported
// `step(x, h, history, dt) -> (direction, magnitude, uncertainty, h, ...)` in groups of equal
// history length, because it has no mask.
#include "strategy/models/script.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include <torch/script.h>

#include "execution/types/section_tag.h"
#include "strategy/models/hybrid/hybrid.h"
#include "strategy/models/last_rows.h"
#include "strategy/models/step_values.h"

namespace paperd::strategy::hybrid {
namespace {

constexpr std::uint32_t kTag = section_tag("SCRP");

class ScriptHybrid final : public Model {
public:
    ScriptHybrid(const torch::jit::Module& module, const ModelFacts& facts, std::size_t slots)
        : Model(facts, slots),
          columns_(facts_.columns.size()),
          state_width_(static_cast<std::size_t>(facts_.size("state"))),
          step_size_(facts_.real_size("dt")),
          module_(module),
          past_(slots, static_cast<std::size_t>(facts_.size("window")), state_width_),
          rows_(slots * columns_) {}

    // Throws when the module does not fit the facts. A run may meet any group of 1 to all slots and
    // any history of 1 to `window` states; tried are the ends of both, and two slots, the first
    // size that a module which mixes or broadcasts its rows takes for more than one. Every call's
    // shapes are checked besides.
    void try_all() {
        if (!module_.find_method("step")) {
            throw std::runtime_error("it has no exported method 'step'");
        }
        for (const std::size_t length : std::set<std::size_t>{1, past_.capacity()}) {
            for (const std::size_t size :
                 std::set<std::size_t>{1, std::min<std::size_t>(2, slots_), slots_}) {
                LastRows past(size, past_.capacity(), state_width_);
                std::vector<std::size_t> members;
                for (std::size_t slot = 0; slot < size; ++slot) {
                    members.push_back(slot);
                    for (std::size_t i = 0; i < length; ++i) {
                        past.push(slot, std::vector<float>(state_width_));
                    }
                }
                run(members, std::vector<float>(size * columns_), past);
            }
        }
    }

    Result<void> step(std::span<const double> features, std::span<const std::uint8_t> defined,
                      ModelOutputs& out) override {
        check_step(*this, features, defined, out);
        std::map<std::size_t, std::vector<std::size_t>> groups;  // slots by history length
        for (std::size_t slot = 0; slot < slots_; ++slot) {
            const bool taken = defined[slot] != 0 &&
                               scale_row(facts_, features.subspan(slot * columns_, columns_),
                                         std::span(rows_).subspan(slot * columns_, columns_));
            out.clear(slot, past_.count(slot) > 0 ? OutputState::no_row : OutputState::warming_up);
            if (taken) {
                if (past_.count(slot) == 0) {
                    past_.push(slot, std::vector<float>(state_width_));  // h = 0, attended to first
                }
                groups[past_.count(slot)].push_back(slot);
            }
        }
        try {
            for (const auto& [length, members] : groups) {
                step_group(members, out);
            }
        } catch (const std::exception& thrown) {
            return script_failed(thrown);
        }
        return {};
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
    struct Stepped {
        at::Tensor direction;  // a number each member, as the next two
        at::Tensor magnitude;
        at::Tensor uncertainty;
        at::Tensor state;  // members x state
    };

    // The slots `members`, all with the same number of past states in `past`. Throws when the
    // module does, or gives another shape.
    Stepped run(const std::vector<std::size_t>& members, const std::vector<float>& rows,
                const LastRows& past) {
        const auto batch = static_cast<std::int64_t>(members.size());
        const auto length = static_cast<std::int64_t>(past.count(members.front()));
        const auto width = static_cast<std::int64_t>(state_width_);
        const c10::InferenceMode inference;
        const at::Tensor x = at::empty({batch, static_cast<std::int64_t>(columns_)});
        const at::Tensor history = at::empty({batch, length, width});
        for (std::size_t i = 0; i < members.size(); ++i) {
            std::copy_n(rows.data() + members[i] * columns_, columns_,
                        x.data_ptr<float>() + i * columns_);
            const auto states = past.rows(members[i]);
            std::ranges::copy(states, history.data_ptr<float>() + i * states.size());
        }
        const at::Tensor h = history.select(1, length - 1).contiguous();
        const c10::IValue result = call_script(module_, "step", {x, h, history, step_size_});
        if (!result.isTuple() || result.toTupleRef().elements().size() < 4) {
            throw std::runtime_error("its step gives no (direction, magnitude, uncertainty, h)");
        }
        const auto& parts = result.toTupleRef().elements();
        return {.direction = checked_rows(parts[0], members.size(), 1, "its step's direction"),
                .magnitude = checked_rows(parts[1], members.size(), 1, "its step's magnitude"),
                .uncertainty = checked_rows(parts[2], members.size(), 1, "its step's uncertainty"),
                .state = checked_rows(parts[3], members.size(), state_width_, "its step's state")};
    }

    void step_group(const std::vector<std::size_t>& members, ModelOutputs& out) {
        const Stepped result = run(members, rows_, past_);
        const auto at = [](const at::Tensor& head, std::size_t i) {
            return static_cast<double>(head.data_ptr<float>()[i]);
        };
        for (std::size_t i = 0; i < members.size(); ++i) {
            const std::span<const float> state(result.state.data_ptr<float>() + i * state_width_,
                                               state_width_);
            if (!all_finite(state)) {
                // An absurd row broke the state; it would never heal, so the slot begins anew.
                past_.forget(members[i]);
                out.clear(members[i], OutputState::warming_up);
                continue;
            }
            past_.push(members[i], state);
            put_outputs(facts_,
                        {.direction = at(result.direction, i),
                         .magnitude = at(result.magnitude, i),
                         .uncertainty = at(result.uncertainty, i)},
                        members[i], out);
        }
    }

    std::size_t columns_;
    std::size_t state_width_;
    double step_size_;
    torch::jit::Module module_;
    LastRows past_;  // states, the newest last
    std::vector<float> rows_;
};

}  // namespace

Result<std::unique_ptr<Model>> make_scripted(const Bundle& bundle, std::size_t slots) {
    try {
        const torch::jit::Module module = load_script(bundle);
        check_input_width(module, bundle.facts, "input_proj.weight");
        auto model = std::make_unique<ScriptHybrid>(module, bundle.facts, slots);
        model->try_all();
        return std::unique_ptr<Model>(std::move(model));
    } catch (const std::exception& thrown) {
        return script_misfit(thrown);
    }
}

}  // namespace paperd::strategy::hybrid
