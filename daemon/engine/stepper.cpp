#include "daemon/engine/stepper.h"

#include <string>
#include <utility>

#include "execution/types/check.h"

namespace paperd::daemon {

Result<const Step*> Stepper::take_next(Slice& slice) {
    slice.id = engine_.last_slice_id() + 1;
    if (journal_ != nullptr && !slice.warmup) {
        slice.commands = journal_->waiting_commands();
    }
    return take(slice);
}

Result<const Step*> Stepper::take(const Slice& slice) {
    if (pending()) {
        return fail("slice " + std::to_string(slice.id) + " has to wait: slice " +
                    std::to_string(pending_->slice.id) + " is traded and not yet stored");
    }
    TRY_LET(step_, engine_.on_slice(slice));
    if (journal_ == nullptr) {
        return &step_;
    }
    std::optional<storage::Checkpoint> checkpoint;
    if (slice.id % checkpoint_slices_ == 0) {
        checkpoint = storage::Checkpoint{slice.id, engine_.save()};
    }
    if (auto committed = commit(slice, checkpoint); committed.has_error()) {
        pending_ = Pending{slice, std::move(checkpoint)};
        return committed.error();
    }
    return &step_;
}

Result<const Step*> Stepper::commit_again() {
    CHECK(pending(), "a commit failed before");
    TRY(commit(pending_->slice, pending_->checkpoint));
    pending_.reset();
    return &step_;
}

Result<void> Stepper::commit(const Slice& slice,
                             const std::optional<storage::Checkpoint>& checkpoint) {
    if (before_commit) {
        before_commit();
    }
    return journal_->commit(slice, step_, slice.closed_at + slice.late,
                            checkpoint ? &*checkpoint : nullptr);
}

}  // namespace paperd::daemon
