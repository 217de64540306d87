// One architecture: everything the program knows of it. Each lives in a folder of its own and has
// one entry in the table (architectures.cpp); nothing else names an architecture.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "execution/types/result.h"
#include "strategy/models/bundle.h"
#include "strategy/models/facts.h"
#include "strategy/models/model.h"
#include "strategy/models/training_net.h"

namespace paperd::strategy {

// One number that shapes an architecture or its training: a key of `training`, a fact of a bundle.
// Architectures that share a name share its unit and range.
struct ArchitectureSize {
    std::string_view name;   // "hidden"
    std::string_view unit;   // "units"
    std::string_view about;  // a sentence
    double low = 1;
    double high = 4096;
    bool low_open = false;  // low itself is not allowed; likewise high
    bool high_open = false;
    bool whole = true;
    double otherwise = 0;    // where a config does not set it
    bool of_bundle = true;   // false: a setting of training alone, and no fact
    bool of_module = false;  // a TorchScript module's YAML must state it

    [[nodiscard]] bool allows(double value) const;
};

// A weight by PyTorch's name.
struct WeightShape {
    std::string name;
    std::vector<std::int64_t> shape;
};

// Why sizes do not fit together.
struct SizeMisfit {
    std::string_view size;
    std::string what;  // "is 64, which the 5 heads do not share evenly; give a multiple of 5"
};

using MakeModel = Result<std::unique_ptr<Model>> (*)(const Bundle& bundle, std::size_t slots);

struct Architecture {
    std::string_view name;
    std::string_view about;  // a sentence

    std::vector<ArchitectureSize> sizes;
    // Given sizes each within its range.
    std::optional<SizeMisfit> (*sizes_misfit)(const NamedNumbers& sizes) = nullptr;

    // What it says, of what, and the position rule it is meant for. No outputs: they, the group and
    // the rest are stated by each model's own facts.
    std::vector<std::string> outputs;
    GroupKind group = GroupKind::symbol;
    OutputTransform transform = OutputTransform::none;
    std::string_view positions;

    // Of a bundle with such facts, in the order of PyTorch's state_dict. nullptr: it has no weights
    // of its own and serves TorchScript modules only.
    std::vector<WeightShape> (*weights)(const ModelFacts& facts) = nullptr;

    // Makers, nullptr in a build without LibTorch. `bundle` is decoded and, with weights, they are
    // checked. A model from weights; a model from a user's module; the module that training fits.
    MakeModel make = nullptr;
    MakeModel make_scripted = nullptr;
    MakeTrainingNet make_net = nullptr;

    bool labels_every_row = false;  // training wants every row's label, not the window's last alone

    [[nodiscard]] bool states_outputs() const { return outputs.empty(); }

    [[nodiscard]] bool trainable() const { return weights != nullptr; }

    [[nodiscard]] const ArchitectureSize* find_size(std::string_view size) const;
};

// The table.
std::span<const Architecture> architectures();

// nullptr when there is none of that name.
const Architecture* find_architecture(std::string_view name);

// The one of that name, which must be there (check_facts).
const Architecture& architecture_named(std::string_view name);

// "attention, hybrid and window", for messages.
std::string architecture_names();

// What can be trained, in the order of the table.
std::vector<std::string> trainable_architectures();

// Facts of a model of that architecture with what the table fixes: its name, the bundle's sizes at
// their defaults, outputs, group, transform and position rule.
ModelFacts facts_of(const Architecture& architecture);

// Every size of a training, in the architecture's order: what `given` says, else the default.
NamedNumbers complete_sizes(const Architecture& architecture, const NamedNumbers& given);

// Error names the size: one that the architecture does not have, that is out of its range, or that
// does not fit another. Which ones must be there is the caller's to know.
Result<void> check_sizes(const Architecture& architecture, const NamedNumbers& sizes);

}  // namespace paperd::strategy
