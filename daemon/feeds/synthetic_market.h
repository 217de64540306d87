// The market inside the daemon: one-minute bars of the universe on the calendar's sessions, for
// people without data. Everything is a pure function of (settings, universe, calendar), so a run
// continues after a restart as if it had never stopped. What the prices are like:
// synthetic_prices.h.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "config/config.h"
#include "daemon/feeds/synthetic_prices.h"
#include "execution/types/calendar.h"
#include "execution/types/slice.h"
#include "execution/types/symbol.h"

namespace paperd::daemon {

class SyntheticMarket {
public:
    // settings.days sessions from the first at or after settings.first_day; 0: until the calendar
    // ends. The calendar outlives the market.
    SyntheticMarket(const config::SyntheticSettings& settings, const Universe& universe,
                    const Calendar& calendar);

    // The next slice with at least one bar, or nothing after the last. Its id is 0: the caller
    // numbers.
    std::optional<Slice> next();

    // Forwards only: continues with the first slice that closes after that instant. Whole days are
    // skipped at the price of a few draws a symbol.
    void skip_to_after(Timestamp last_closed_at);

    // Slices still to come; nothing when the market has no end.
    [[nodiscard]] std::optional<std::int64_t> remaining() const;

private:
    void enter(std::optional<Session> session);
    void leave();
    void make_paths();
    [[nodiscard]] bool any_bar(const Session& session, std::size_t minute) const;
    [[nodiscard]] std::int64_t slices_in(const Session& session, std::size_t first,
                                         std::size_t end) const;

    // Constant after construction.
    config::SyntheticSettings settings_;
    const Calendar& calendar_;
    std::vector<SyntheticSymbol> symbols_;

    std::optional<Session> session_;  // the one next() is in; nothing: the end
    std::size_t minutes_ = 0;         // of it
    std::size_t minute_ = 0;          // the next one to yield
    int sessions_left_ = 0;           // this one included; unused without end
    std::int64_t remaining_ = 0;      // likewise
    bool stormy_ = false;
    std::vector<double> closed_at_level_;  // log price at the close of the session before
    std::vector<DayMove> moves_;           // of this session
    bool has_paths_ = false;               // made when the session's first slice is asked for
    DayShape shape_;
    std::vector<MinutePath> paths_;
};

}  // namespace paperd::daemon
