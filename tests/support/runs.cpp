#include "tests/support/runs.h"

#include <gtest/gtest.h>

#include "config/loader.h"
#include "daemon/engine/recovery.h"
#include "daemon/engine/stepper.h"
#include "storage/journal.h"

namespace paperd::support {

daemon::RunPlan plan_for(const std::string& yaml, const Universe& symbols) {
    auto config = config::parse_config(yaml, "test.yaml", {.check_files = false});
    EXPECT_FALSE(config.has_error()) << (config.has_error() ? config.error().text : "");
    auto plan = daemon::plan_run(*config, symbols, daemon::RunMode::replay, "", "");
    EXPECT_FALSE(plan.has_error()) << (plan.has_error() ? plan.error().text : "");
    return std::move(*plan);
}

bool run_some(const daemon::RunPlan& plan, const std::string& db, const std::vector<Slice>& slices,
              std::size_t count, std::size_t group) {
    auto journal = storage::Journal::open(db, plan.header, {});
    if (journal.has_error()) {
        ADD_FAILURE() << journal.error().text;
        return false;
    }
    auto engine = daemon::make_engine(plan);
    if (engine.has_error()) {
        ADD_FAILURE() << engine.error().text;
        return false;
    }
    const storage::RunState state = (*journal)->state();
    if (!state.fresh) {
        auto recovered = daemon::recover(**engine, plan, db, state);
        if (recovered.has_error()) {
            ADD_FAILURE() << recovered.error().text;
            return false;
        }
    }
    daemon::Stepper stepper(**engine, **journal, plan.config.checkpoint_slices);
    const auto first = static_cast<std::size_t>(state.last_slice_id);
    for (std::size_t i = first; i < std::min(first + count, slices.size()); ++i) {
        auto done = stepper.gather(slices[i]);
        if (!done.has_error() && (stepper.pending() || stepper.gathered() >= group)) {
            done = stepper.commit();
        }
        if (done.has_error()) {
            ADD_FAILURE() << done.error().text;
            return false;
        }
    }
    return true;
}

}  // namespace paperd::support
