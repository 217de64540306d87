#include "daemon/feeds/synthetic_market.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace paperd::daemon {
namespace {

constexpr Nanoseconds kMinute = std::chrono::minutes(1);

std::size_t minutes_of(const Session& session) {
    return static_cast<std::size_t>((session.closes_at - session.opens_at) / kMinute);
}

}  // namespace

SyntheticMarket::SyntheticMarket(const config::SyntheticSettings& settings,
                                 const Universe& universe, const Calendar& calendar)
    : settings_(settings), calendar_(calendar), sessions_left_(settings.days) {
    for (const std::string& name : universe) {
        symbols_.push_back(make_synthetic_symbol(settings.seed, name));
        closed_at_level_.push_back(std::log(symbols_.back().first_price));
    }
    moves_.resize(symbols_.size());
    std::optional<Session> first = calendar.session(settings.first_day);
    if (!first) {
        first = calendar.next_session(settings.first_day);
    }
    std::optional<Session> session = first;
    for (int i = 0; i < settings.days && session; ++i) {
        remaining_ += slices_in(*session, 0, minutes_of(*session));
        session = calendar.next_session(session->day);
    }
    enter(first);
}

std::optional<Slice> SyntheticMarket::next() {
    while (session_) {
        if (minute_ == minutes_) {
            leave();
            continue;
        }
        const std::size_t minute = minute_++;
        if (!any_bar(*session_, minute)) {
            continue;
        }
        if (!has_paths_) {
            make_paths();
        }
        Slice slice;
        slice.day = session_->day;
        slice.closed_at = session_->opens_at + kMinute * static_cast<std::int64_t>(minute + 1);
        slice.last_of_session = slice.closed_at == session_->closes_at;
        for (std::size_t i = 0; i < symbols_.size(); ++i) {
            if (minute_missing(settings_.seed, symbols_[i], slice.day, minute, minutes_,
                               settings_.missing_probability)) {
                continue;
            }
            const MinuteBar made = make_minute_bar(settings_.seed, symbols_[i], slice.day, stormy_,
                                                   shape_, paths_[i], minute);
            slice.bars.push_back({.symbol = symbol_id(i),
                                  .closed_at = slice.closed_at,
                                  .open = made.open,
                                  .high = made.high,
                                  .low = made.low,
                                  .close = made.close,
                                  .adj_close = made.close,
                                  .volume = made.volume});
        }
        --remaining_;
        return slice;
    }
    return std::nullopt;
}

void SyntheticMarket::skip_to_after(Timestamp last_closed_at) {
    while (session_ && session_->closes_at <= last_closed_at) {
        remaining_ -= slices_in(*session_, minute_, minutes_);
        leave();
    }
    if (session_ && session_->opens_at <= last_closed_at) {
        const auto closed =
            static_cast<std::size_t>((last_closed_at - session_->opens_at) / kMinute);
        const std::size_t minute = std::max(minute_, closed);
        remaining_ -= slices_in(*session_, minute_, minute);
        minute_ = minute;
    }
}

std::optional<std::int64_t> SyntheticMarket::remaining() const {
    return settings_.days == 0 ? std::nullopt : std::optional(remaining_);
}

void SyntheticMarket::enter(std::optional<Session> session) {
    session_ = session;
    minute_ = 0;
    has_paths_ = false;
    if (!session_) {
        return;
    }
    minutes_ = minutes_of(*session_);
    stormy_ = stormy_day(settings_.seed, session_->day, stormy_);
    for (std::size_t i = 0; i < symbols_.size(); ++i) {
        moves_[i] = day_move(settings_.seed, symbols_[i], session_->day, stormy_);
    }
}

void SyntheticMarket::leave() {
    for (std::size_t i = 0; i < symbols_.size(); ++i) {
        closed_at_level_[i] += moves_[i].overnight + moves_[i].intraday;
    }
    const bool ended = settings_.days != 0 && --sessions_left_ <= 0;
    enter(ended ? std::nullopt : calendar_.next_session(session_->day));
}

void SyntheticMarket::make_paths() {
    shape_ = make_day_shape(settings_.seed, session_->day, minutes_);
    paths_.clear();
    for (std::size_t i = 0; i < symbols_.size(); ++i) {
        const double open = closed_at_level_[i] + moves_[i].overnight;
        paths_.push_back(make_minute_path(settings_.seed, symbols_[i], session_->day, stormy_,
                                          shape_, settings_.gap_probability, open,
                                          open + moves_[i].intraday));
    }
    has_paths_ = true;
}

bool SyntheticMarket::any_bar(const Session& session, std::size_t minute) const {
    return std::any_of(symbols_.begin(), symbols_.end(), [&](const SyntheticSymbol& symbol) {
        return !minute_missing(settings_.seed, symbol, session.day, minute, minutes_of(session),
                               settings_.missing_probability);
    });
}

std::int64_t SyntheticMarket::slices_in(const Session& session, std::size_t first,
                                        std::size_t end) const {
    std::int64_t count = 0;
    for (std::size_t minute = first; minute < end; ++minute) {
        count += any_bar(session, minute) ? 1 : 0;
    }
    return count;
}

}  // namespace paperd::daemon
