#include "risk/trading_latch.h"

namespace paperd::risk {

bool TradingLatch::trip(Level level, Reason reason) { return level > level_ && set(level, reason); }

bool TradingLatch::command(CommandKind kind) {
    switch (kind) {
        case CommandKind::halt:
            return level_ != Level::halted && set(Level::halted, Reason::halted);
        case CommandKind::reduce:
            return trip(Level::reducing, Reason::reducing);
        case CommandKind::flatten:
            return level_ != Level::flattening && set(Level::flattening, Reason::flatten);
        case CommandKind::resume:
            return level_ != Level::active && set(Level::active, Reason::none);
        case CommandKind::reload:
            return false;
    }
    return false;
}

TradingState TradingLatch::state() const {
    switch (level_) {
        case Level::active:
            return TradingState::active;
        case Level::reducing:
        case Level::flattening:
            return TradingState::reducing;
        case Level::halted:
            return TradingState::halted;
    }
    return TradingState::halted;
}

void TradingLatch::save(BlobWriter& out) const {
    out.put(level_);
    out.put(reason_);
}

void TradingLatch::load(BlobReader& in) {
    const auto level = in.get<Level>();
    const auto reason = in.get<Reason>();
    if (in.failed() || level > Level::halted || reason_text(reason).reason != reason) {
        in.fail();
        return;
    }
    set(level, reason);
}

bool TradingLatch::set(Level level, Reason reason) {
    level_ = level;
    reason_ = reason;
    return true;
}

}  // namespace paperd::risk
