#include "risk/trading_latch.h"

namespace paperd::risk {

bool TradingLatch::trip(Level level, Reason reason) {
    const bool takes_over = level == level_ && of_a_day() && reason != reason_;
    return (level > level_ || takes_over) && set(level, reason);
}

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

bool TradingLatch::end_day() { return of_a_day() && set(Level::active, Reason::none); }

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

bool TradingLatch::of_a_day() const {
    return level_ == Level::reducing && reason_ == Reason::daily_loss;
}

bool TradingLatch::set(Level level, Reason reason) {
    level_ = level;
    reason_ = reason;
    return true;
}

}  // namespace paperd::risk
