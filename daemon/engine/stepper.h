// The one way of a slice: through the engine, to its step and, every so many slices, a checkpoint,
// into the journal. Live, replayed, recovered, verified and tested alike.
//
// Steps are stored one by one or, where the caller gathers them, a group in one transaction; when a
// group is stored decides no result. Nothing runs ahead of what is stored by more than a group:
// after a commit that failed its steps wait as they are, and no other slice is taken until commit()
// has stored those same steps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "daemon/engine/engine.h"
#include "execution/types/result.h"
#include "execution/types/step.h"
#include "storage/journal.h"

namespace paperd::daemon {

// A step as it is stored.
struct Made {
    Slice slice;
    Step step;
    std::optional<storage::Checkpoint> checkpoint;
};

class Stepper {
public:
    // Both outlive this. Every `checkpoint_slices` (> 0) slices the engine's state is stored too.
    Stepper(Engine& engine, storage::Journal& journal, std::int64_t checkpoint_slices)
        : engine_(engine), journal_(&journal), checkpoint_slices_(checkpoint_slices) {}

    // Without a journal nothing is stored, and only take() may be called: for slices that are
    // stored already, and for research.
    explicit Stepper(Engine& engine) : engine_(engine) {}

    // Takes a slice whose id and commands are settled, and commits it. The step is valid until the
    // next one. Errors: of the engine, which changed nothing; of the commit, and then pending() is
    // true.
    Result<const Step*> take(const Slice& slice);

    // Takes such a slice into the group, which waits for commit(). Errors: of the engine, and the
    // group is as before; while pending().
    Result<void> gather(Slice slice);

    // The feed's next slice, into the group: it gets the id that follows and, unless it is warm-up,
    // the commands that wait in the journal and that the group has not taken up yet.
    Result<void> gather_next(Slice slice);

    // Stores the group, if there is one, in one transaction. An error leaves it waiting.
    Result<void> commit();

    // The group has to be stored before another slice is taken: a commit failed, or it is at its
    // bounds, kGroupRowsMax rows or one checkpoint.
    [[nodiscard]] bool pending() const;

    // Slices in the group.
    [[nodiscard]] std::size_t gathered() const { return stored_ ? 0 : group_.size(); }

    // What the last commit() stored, in order; valid until the next slice.
    [[nodiscard]] std::span<const Made> stored() const {
        return stored_ ? std::span<const Made>(group_) : std::span<const Made>();
    }

    // The newest, stored or not.
    [[nodiscard]] const Step& last_step() const {
        return group_.empty() ? step_ : group_.back().step;
    }

    // About 5 MB of the database, a third of what its write-ahead log holds before it is folded in;
    // memory is bounded by them, too.
    static constexpr std::size_t kGroupRowsMax = 100'000;

private:
    Engine& engine_;
    storage::Journal* journal_ = nullptr;
    std::int64_t checkpoint_slices_ = 1;
    Step step_;  // without a journal, and before the first slice
    std::vector<Made> group_;
    std::size_t group_rows_ = 0;
    bool stored_ = false;               // the group is
    bool refused_ = false;              // its commit failed
    std::int64_t last_command_id_ = 0;  // that a slice took up here
};

}  // namespace paperd::daemon
