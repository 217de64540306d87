// The table of architectures: a line each, and what is asked of it.
#include <algorithm>

#include <fmt/format.h>

#include "execution/types/check.h"
#include "strategy/models/architecture.h"
#include "strategy/models/attention/attention.h"
#include "strategy/models/hybrid/hybrid.h"
#include "strategy/models/window/window.h"

namespace paperd::strategy {

std::span<const Architecture> architectures() {
    static const std::vector<Architecture> kTable = {
        attention::architecture(),
        hybrid::architecture(),
        window::architecture(),
    };
    return kTable;
}

const Architecture* find_architecture(std::string_view name) {
    const auto table = architectures();
    const auto found = std::ranges::find(table, name, &Architecture::name);
    return found == table.end() ? nullptr : &*found;
}

const Architecture& architecture_named(std::string_view name) {
    const Architecture* const found = find_architecture(name);
    CHECK(found != nullptr, std::string(name));
    return *found;
}

std::string architecture_names() {
    const auto table = architectures();
    std::string out;
    for (std::size_t i = 0; i < table.size(); ++i) {
        out += i == 0 ? "" : (i + 1 == table.size() ? " and " : ", ");
        out += table[i].name;
    }
    return out;
}

std::string default_architecture() { return std::string(architectures().front().name); }

std::vector<std::string> trainable_architectures() {
    std::vector<std::string> out;
    for (const Architecture& architecture : architectures()) {
        if (architecture.trainable()) {
            out.emplace_back(architecture.name);
        }
    }
    return out;
}

bool ArchitectureSize::allows(double value) const {
    return (low_open ? value > low : value >= low) && (high_open ? value < high : value <= high) &&
           (!whole || value == static_cast<double>(static_cast<std::int64_t>(value)));
}

const ArchitectureSize* Architecture::find_size(std::string_view size) const {
    const auto found = std::ranges::find(sizes, size, &ArchitectureSize::name);
    return found == sizes.end() ? nullptr : &*found;
}

ModelFacts facts_of(const Architecture& architecture) {
    ModelFacts facts;
    facts.architecture = architecture.name;
    for (const ArchitectureSize& size : architecture.sizes) {
        if (size.of_bundle) {
            facts.sizes.emplace_back(size.name, size.otherwise);
        }
    }
    facts.group = architecture.group;
    facts.outputs = architecture.outputs;
    facts.transform = architecture.transform;
    facts.positions = architecture.positions;
    return facts;
}

NamedNumbers complete_sizes(const Architecture& architecture, const NamedNumbers& given) {
    NamedNumbers out;
    for (const ArchitectureSize& size : architecture.sizes) {
        out.emplace_back(size.name, number_named(given, size.name).value_or(size.otherwise));
    }
    return out;
}

Result<void> check_sizes(const Architecture& architecture, const NamedNumbers& sizes) {
    const auto misfit = [](std::string_view size, std::string_view what) {
        return fail(fmt::format("'{}' {}", size, what), ErrorKind::usage);
    };
    for (const auto& [name, value] : sizes) {
        const ArchitectureSize* const size = architecture.find_size(name);
        if (size == nullptr) {
            return misfit(name, fmt::format("is no size of the architecture '{}'; remove it",
                                            architecture.name));
        }
        if (!size->allows(value)) {
            return misfit(name, fmt::format("is {}; {}{} to {}{} are possible", value,
                                            size->low_open ? "above " : "", size->low,
                                            size->high_open ? "below " : "", size->high));
        }
    }
    if (architecture.sizes_misfit != nullptr) {
        if (const auto found = architecture.sizes_misfit(sizes)) {
            return misfit(found->size, found->what);
        }
    }
    return {};
}

}  // namespace paperd::strategy
