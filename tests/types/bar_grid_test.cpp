#include "execution/types/bar_grid.h"

#include <string_view>

#include <gtest/gtest.h>

namespace paperd {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Timestamp at(std::string_view text) { return *parse_timestamp(text); }

const Calendar& new_york() {
    static const Calendar calendar = *Calendar::make(CalendarKind::new_york);
    return calendar;
}

const Day kMonday{std::chrono::year{2019} / 12 / 23};
const Day kChristmasEve{std::chrono::year{2019} / 12 / 24};  // closes at 13:00
const Day kChristmas{std::chrono::year{2019} / 12 / 25};

TEST(BarGrid, HourBarsOfNewYorkBeginAtHalfPast) {
    const auto session = new_york().session(kMonday);
    const auto begins = [&](std::string_view time) {
        return on_bar_grid(at(time), BarInterval::hour_1, kMonday, session);
    };
    EXPECT_TRUE(begins("2019-12-23T14:30:00Z"));
    EXPECT_TRUE(begins("2019-12-23T20:30:00Z"));
    EXPECT_TRUE(begins("2019-12-23T12:30:00Z")) << "before the open the grid goes on";
    EXPECT_FALSE(begins("2019-12-23T15:00:00Z"));
    EXPECT_FALSE(begins("2019-12-23T14:30:00.000000001Z"));
}

TEST(BarGrid, AClosedDaysGridIsTheClocks) {
    const auto session = new_york().session(kChristmas);
    EXPECT_TRUE(on_bar_grid(at("2019-12-25T15:00:00Z"), BarInterval::hour_1, kChristmas, session));
    EXPECT_FALSE(on_bar_grid(at("2019-12-25T14:30:00Z"), BarInterval::hour_1, kChristmas, session));
    EXPECT_TRUE(
        on_bar_grid(at("2019-12-25T14:30:00Z"), BarInterval::minute_15, kChristmas, session));
}

TEST(BarGrid, TheSessionsCloseEndsTheLastHourBar) {
    const auto full = new_york().session(kMonday);
    EXPECT_EQ(bar_close(at("2019-12-23T19:30:00Z"), BarInterval::hour_1, full),
              at("2019-12-23T20:30:00Z"));
    EXPECT_EQ(bar_close(at("2019-12-23T20:30:00Z"), BarInterval::hour_1, full),
              at("2019-12-23T21:00:00Z"));
    EXPECT_EQ(bar_close(at("2019-12-23T21:30:00Z"), BarInterval::hour_1, full),
              at("2019-12-23T22:30:00Z"))
        << "behind the close nothing ends it";
    const auto half = new_york().session(kChristmasEve);
    EXPECT_EQ(bar_close(at("2019-12-24T17:30:00Z"), BarInterval::hour_1, half),
              at("2019-12-24T18:00:00Z"));
}

TEST(BarGrid, ABarsStartIsFoundFromItsClose) {
    for (const BarInterval interval : {BarInterval::minute_1, BarInterval::minute_5,
                                       BarInterval::minute_15, BarInterval::hour_1}) {
        for (const Day day : {kMonday, kChristmasEve, kChristmas}) {
            SCOPED_TRACE(std::string(bar_interval_name(interval)) + " " + day_text(day));
            const auto session = new_york().session(day);
            const Timestamp first =
                session ? session->opens_at - hours{2} : Timestamp{day.time_since_epoch()};
            for (Timestamp start = first; start < first + hours{12};
                 start += bar_length(interval)) {
                EXPECT_EQ(bar_start(bar_close(start, interval, session), interval, session), start)
                    << timestamp_text(start);
            }
        }
    }
}

TEST(BarGrid, IntervalsThatDivideTheSessionAreCutByNothing) {
    const auto session = new_york().session(kMonday);
    for (const BarInterval interval :
         {BarInterval::minute_1, BarInterval::minute_5, BarInterval::minute_15}) {
        const Timestamp last = session->closes_at - bar_length(interval);
        EXPECT_TRUE(on_bar_grid(last, interval, kMonday, session));
        EXPECT_EQ(bar_close(last, interval, session), session->closes_at);
        EXPECT_EQ(bar_start(session->closes_at, interval, session), last);
    }
}

}  // namespace
}  // namespace paperd
