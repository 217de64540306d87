#include "daemon/commands/check_command.h"

#include <iostream>
#include <vector>

#include <fmt/format.h>

#include "daemon/engine/run_plan.h"
#include "execution/types/printable.h"

namespace paperd::daemon {
namespace {

using config::Use;

const std::vector<std::string> kUses = {"run", "replay", "train"};  // in the order of Use

const std::string& name_of(Use use) { return kUses[static_cast<std::size_t>(use)]; }

// What the command would refuse.
Result<void> check_for(const std::string& path, Use use) {
    TRY_LET(const auto config, config::load_config(path, {.use = use}));
    if (use != Use::train) {
        TRY(check_plan(config, use == Use::run ? RunMode::run : RunMode::replay));
    }
    return {};
}

// Files are replayed, any other feed is run.
Use use_of(const config::Config& config) {
    return config.feed == config::FeedKind::files ? Use::replay : Use::run;
}

// What a good config says and is not charged for; empty when there is nothing of it.
std::string not_charged(const config::Config& config) {
    if (execution::price_basis(config.interval) == execution::PriceBasis::as_traded) {
        return {};
    }
    std::string notes;
    const execution::FeeTerms fees = execution::fee_terms(config.costs);
    if (config.costs.tick_size > 0) {
        notes +=
            "note: costs.tick_size is off: daily bars are split-adjusted, and a tick is one of "
            "prices as traded\n";
    }
    if (fees.per_share > 0 || fees.taf) {
        notes +=
            "note: fees a share are off: daily bars are split-adjusted, and their shares are "
            "not those that were traded\n";
    }
    return notes;
}

}  // namespace

void declare(CheckCommand& command, Options& options) {
    options.text("-c,--config", command.config, "the job's YAML");
    options.choice("--for", kUses, "the command it must be good for (default: its feed's)",
                   [&](std::size_t chosen) { command.use = static_cast<Use>(chosen); });
    options.flag("--reference", command.reference, "print every key with its unit and default");
    options.check([&command]() -> Result<void> {
        if (!command.reference && command.config.empty()) {
            return fail("check needs -c CONFIG (or --reference)", ErrorKind::usage);
        }
        return {};
    });
}

Result<int> execute(const CheckCommand& command) {
    if (command.reference) {
        std::cout << config::reference_yaml();
        return 0;
    }
    TRY_LET(const auto config, config::load_config(command.config, {.check_files = false}));
    const Use use = command.use.value_or(use_of(config));
    TRY(check_for(command.config, use));
    std::string good = name_of(use);
    std::string notes;
    for (const Use other : {Use::run, Use::replay, Use::train}) {
        if (other == use || command.use) {
            continue;
        }
        if (const auto checked = check_for(command.config, other); checked.has_error()) {
            notes += fmt::format("not for {}:\n{}\n", name_of(other), checked.error().text);
        } else {
            good += ", " + name_of(other);
        }
    }
    std::cout << for_terminal(fmt::format("{}: good for {}\n{}{}", command.config, good, notes,
                                          not_charged(config)));
    return 0;
}

}  // namespace paperd::daemon
