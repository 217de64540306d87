// The one way of a slice: through the engine, to its step and, every so many slices, a checkpoint,
// into the journal. Live, replayed, recovered, verified and tested alike.
//
// Nothing runs ahead of what is stored: after a commit that failed the step in hand waits, and no
// other slice is taken until commit_again() has stored that same step.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "daemon/engine/engine.h"
#include "execution/types/result.h"
#include "execution/types/step.h"
#include "storage/journal.h"

namespace paperd::daemon {

class Stepper {
public:
    // Both outlive this. Every `checkpoint_slices` (> 0) slices the engine's state is stored too.
    Stepper(Engine& engine, storage::Journal& journal, std::int64_t checkpoint_slices)
        : engine_(engine), journal_(&journal), checkpoint_slices_(checkpoint_slices) {}

    // Without a journal nothing is stored: for slices that are stored already, and for research.
    explicit Stepper(Engine& engine) : engine_(engine) {}

    // Takes a slice whose id and commands are settled; the step is valid until the next one.
    // Errors: of the engine, which changed nothing; of the commit, and then pending() is true.
    Result<const Step*> take(const Slice& slice);

    // The feed's next slice: it gets the id that follows and, unless it is warm-up, the commands
    // that wait in the journal.
    Result<const Step*> take_next(Slice& slice);

    // A step is made and not stored. Everything else is refused until it is.
    [[nodiscard]] bool pending() const { return pending_.has_value(); }

    // Tries the commit that failed again, as it was. Only while pending().
    Result<const Step*> commit_again();

    // The newest, stored or not.
    [[nodiscard]] const Step& last_step() const { return step_; }

    // Called when a step is made, before each attempt to store it: for who measures commits.
    std::function<void()> before_commit;

private:
    struct Pending {
        Slice slice;
        std::optional<storage::Checkpoint> checkpoint;
    };

    Result<void> commit(const Slice& slice, const std::optional<storage::Checkpoint>& checkpoint);

    Engine& engine_;
    storage::Journal* journal_ = nullptr;
    std::int64_t checkpoint_slices_ = 1;
    Step step_;
    std::optional<Pending> pending_;
};

}  // namespace paperd::daemon
