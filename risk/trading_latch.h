// Whether the account may trade, as a latch: rules and the operator move it up (active < reducing <
// flattening < halted), and only the operator's `resume` moves it back to active; but a day's loss
// may hold for the day alone (end_day).
#pragma once

#include <cstdint>

#include "execution/types/blob.h"
#include "execution/types/command.h"
#include "execution/types/reason.h"
#include "execution/types/step.h"

namespace paperd::risk {

class TradingLatch {
public:
    enum class Level : std::uint8_t {
        active,
        reducing,    // towards flat only
        flattening,  // every target is 0
        halted       // nothing moves
    };

    // A rule trips. Changes nothing unless `level` is above the present one, or the present one is
    // a daily loss's, which may end by itself. True when it changed.
    bool trip(Level level, Reason reason);

    // halt always applies. flatten applies to a halted account too: it is the operator's word that
    // everything is to be closed. reduce never loosens. resume re-arms. reload is none of its
    // business. True when it changed.
    bool command(CommandKind kind);

    // The day of a daily loss is over: active again, unless something else holds. True when it was.
    bool end_day();

    [[nodiscard]] Level level() const { return level_; }

    [[nodiscard]] Reason reason() const { return reason_; }

    // What people and the database see: flattening is a way of reducing.
    [[nodiscard]] TradingState state() const;

    void save(BlobWriter& out) const;
    void load(BlobReader& in);  // fails `in` on a level or reason that does not exist

private:
    bool set(Level level, Reason reason);
    [[nodiscard]] bool of_a_day() const;

    Level level_ = Level::active;
    Reason reason_ = Reason::none;
};

}  // namespace paperd::risk
