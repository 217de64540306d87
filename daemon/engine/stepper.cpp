#include "daemon/engine/stepper.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "execution/types/check.h"
#include "storage/rows.h"

namespace paperd::daemon {
namespace {

template <class Tables, class Owner>
std::size_t rows_of(const Tables& tables, const Owner& owner) {
    std::size_t count = 0;
    storage::each_table(tables, [&](const auto& rows) { count += rows.of(owner).size(); });
    return count;
}

}  // namespace

Result<const Step*> Stepper::take(const Slice& slice) {
    if (journal_ == nullptr) {
        TRY_LET(step_, engine_.on_slice(slice));
        return &step_;
    }
    TRY(gather(slice));
    TRY(commit());
    return &last_step();
}

Result<void> Stepper::gather_next(Slice slice) {
    slice.id = engine_.last_slice_id() + 1;
    if (!slice.warmup) {
        const std::vector<Command>& waiting = journal_->waiting_commands();
        std::copy_if(waiting.begin(), waiting.end(), std::back_inserter(slice.commands),
                     [&](const Command& command) { return command.id > last_command_id_; });
    }
    return gather(std::move(slice));
}

Result<void> Stepper::gather(Slice slice) {
    CHECK(journal_ != nullptr, "what is gathered is stored");
    if (pending()) {
        const std::string first = std::to_string(group_.front().slice.id);
        return fail("slice " + std::to_string(slice.id) + " has to wait: slice " + first +
                    " is traded and not yet stored");
    }
    TRY_LET(auto step, engine_.on_slice(slice));
    if (stored_) {
        group_.clear();
        group_rows_ = 0;
        stored_ = false;
    }
    std::optional<storage::Checkpoint> checkpoint;
    if (slice.id % checkpoint_slices_ == 0) {
        checkpoint = storage::Checkpoint{slice.id, engine_.save()};
    }
    if (!slice.commands.empty()) {
        last_command_id_ = slice.commands.back().id;
    }
    group_rows_ += rows_of(storage::kSliceTables, slice) + rows_of(storage::kStepTables, step);
    group_.push_back({std::move(slice), std::move(step), std::move(checkpoint)});
    return {};
}

bool Stepper::pending() const {
    return gathered() > 0 &&
           (refused_ || group_rows_ >= kGroupRowsMax || group_.back().checkpoint.has_value());
}

Result<void> Stepper::commit() {
    if (gathered() == 0) {
        return {};
    }
    std::vector<storage::JournalEntry> entries;
    entries.reserve(group_.size());
    for (const Made& made : group_) {
        entries.push_back({made.slice, made.step, made.slice.closed_at + made.slice.late,
                           made.checkpoint ? &*made.checkpoint : nullptr});
    }
    refused_ = true;
    TRY(journal_->commit(entries));
    refused_ = false;
    stored_ = true;
    return {};
}

}  // namespace paperd::daemon
