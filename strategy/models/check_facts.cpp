// Whether facts fit together, wherever they come from.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "strategy/models/architecture.h"
#include "strategy/models/facts_json.h"

namespace paperd::strategy {
namespace {

// Bounds no sensible model reaches: a damaged size must not become an allocation.
constexpr int kSequenceMax = 10'000;
constexpr std::size_t kOutputsMax = 100;
constexpr std::size_t kColumnsMax = 1'000;

Error misfit(std::string_view key, std::string_view what) {
    return fail(fmt::format("the model's facts: '{}' {}", key, what));
}

Result<void> check_outputs(const ModelFacts& f) {
    if (f.outputs.empty() || f.outputs.size() > kOutputsMax) {
        return misfit("outputs", fmt::format("lists {} names; 1 to {} are possible",
                                             f.outputs.size(), kOutputsMax));
    }
    for (const std::string& name : f.outputs) {
        const bool plain = std::ranges::all_of(name, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
        if (name.empty() || !plain) {
            return misfit("outputs", fmt::format("lists '{}'; a name is of small letters, digits "
                                                 "and _, as return_1",
                                                 name));
        }
    }
    if (std::set<std::string>(f.outputs.begin(), f.outputs.end()).size() != f.outputs.size()) {
        return misfit("outputs", "lists a name twice");
    }
    if (f.per_member && f.group != GroupKind::universe) {
        return misfit("per_member",
                      "is true, and only a universe has members; set group to "
                      "\"universe\" or leave it out");
    }
    return {};
}

// Every member of a universe has the same columns, each member's together.
Result<void> check_members(const ModelFacts& f) {
    const auto members = f.members();
    const std::size_t each = f.columns.size() / members.size();
    for (std::size_t i = 0; i < f.columns.size(); ++i) {
        const auto [member, column] = member_and_column(f.columns[i]);
        if (member.empty()) {
            return misfit("columns", fmt::format("lists '{}'; a universe's are MEMBER.COLUMN, as "
                                                 "SPY.returns",
                                                 f.columns[i]));
        }
        if (f.columns.size() % members.size() != 0 || member != members[i / each] ||
            column != member_and_column(f.columns[i % each]).second) {
            return misfit("columns", fmt::format("lists '{}' where member after member has the "
                                                 "same columns in the same order",
                                                 f.columns[i]));
        }
    }
    return {};
}

Result<void> check_pairs(const ModelFacts& f) {
    if (f.pairs.empty() || f.pair_scalers.size() != f.pairs.size()) {
        return misfit("pair_scalers", fmt::format("has {} sets of numbers for {} pairs",
                                                  f.pair_scalers.size(), f.pairs.size()));
    }
    if (f.pair_window < 2 || f.pair_window > kSequenceMax) {
        return misfit("pair_window",
                      fmt::format("is {}; 2 to {} are possible", f.pair_window, kSequenceMax));
    }
    for (const PairScalers& fit : f.pair_scalers) {
        if (!(fit.first_std > 0 && fit.second_std > 0 && fit.spread_std > 0)) {
            return misfit("pair_scalers", "has a spread that is not above zero");
        }
    }
    return {};
}

}  // namespace

Result<void> check_facts(const ModelFacts& f) {
    const Architecture* const architecture = find_architecture(f.architecture);
    if (architecture == nullptr) {
        return misfit("architecture", fmt::format("is '{}'; this paperd runs {}", f.architecture,
                                                  architecture_names()));
    }
    if (f.columns.empty() || f.columns.size() > kColumnsMax) {
        return misfit("columns", fmt::format("lists {} columns; 1 to {} are possible",
                                             f.columns.size(), kColumnsMax));
    }
    if (std::set<std::string>(f.columns.begin(), f.columns.end()).size() != f.columns.size()) {
        return misfit("columns", "lists a column twice");
    }
    if (f.sequence_length < 1 || f.sequence_length > kSequenceMax) {
        return misfit("sequence_length",
                      fmt::format("is {}; 1 to {} are possible", f.sequence_length, kSequenceMax));
    }
    if (const auto sizes = check_sizes(*architecture, f.sizes); sizes.has_error()) {
        return fail("the model's facts: " + sizes.error().text);
    }
    TRY(check_outputs(f));
    if (f.group == GroupKind::universe) {
        TRY(check_members(f));
    }
    if (f.group == GroupKind::pair) {
        TRY(check_pairs(f));
    }
    if (f.feature_mean.size() != f.columns.size() || f.feature_std.size() != f.columns.size()) {
        return misfit("feature_mean",
                      fmt::format("has {} numbers and 'feature_std' {}, for {} columns",
                                  f.feature_mean.size(), f.feature_std.size(), f.columns.size()));
    }
    for (std::size_t i = 0; i < f.columns.size(); ++i) {
        if (!std::isfinite(f.feature_mean[i]) || !std::isfinite(f.feature_std[i]) ||
            f.feature_std[i] <= 0) {
            return misfit("feature_std",
                          fmt::format("of column {} is {} (mean {}); means must be finite and "
                                      "spreads above zero",
                                      f.columns[i], f.feature_std[i], f.feature_mean[i]));
        }
    }
    if (!std::isfinite(f.target_mean) || !std::isfinite(f.target_std) || f.target_std <= 0) {
        return misfit("target_std",
                      fmt::format("is {} (mean {}); it must be above zero and both finite",
                                  f.target_std, f.target_mean));
    }
    for (std::size_t i = 0; i < f.trained_days.size(); ++i) {
        const DayRange& range = f.trained_days[i];
        if (range.last < range.first || (i > 0 && range.first <= f.trained_days[i - 1].last)) {
            return misfit("trained_days", fmt::format("is out of order at {}..{}",
                                                      day_text(range.first), day_text(range.last)));
        }
    }
    return {};
}

Result<void> check_sizes_stated(const ModelFacts& f, bool module) {
    for (const ArchitectureSize& size : architecture_named(f.architecture).sizes) {
        const bool wanted = module ? size.of_module : size.of_bundle;
        if (wanted && !number_named(f.sizes, size.name)) {
            return misfit(size.name, "is missing");
        }
    }
    return {};
}

}  // namespace paperd::strategy
