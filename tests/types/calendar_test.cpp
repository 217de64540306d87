#include "execution/types/calendar.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/paths.h"

namespace paperd {
namespace {

using std::chrono::days;

const Calendar& new_york() {
    static const Calendar calendar = *Calendar::make(CalendarKind::new_york);
    return calendar;
}

const Calendar& always_open() {
    static const Calendar calendar = *Calendar::make(CalendarKind::always_open);
    return calendar;
}

Day day(std::string_view text) { return *parse_day(text); }

// "open close" in UTC, "closed" where there is no session.
std::string hours(std::string_view text) {
    const auto session = new_york().session(day(text));
    if (!session) {
        return "closed";
    }
    EXPECT_EQ(session->day, day(text));
    return timestamp_text(session->opens_at).substr(11, 5) + " " +
           timestamp_text(session->closes_at).substr(11, 5) +
           (session->early_close ? " early" : "");
}

// The days of the years [first, last] that close early.
std::vector<std::string> early_closes(int first, int last) {
    std::vector<std::string> dates;
    const Day end{std::chrono::year{last} / 12 / 31};
    for (Day d{std::chrono::year{first} / 1 / 1}; d <= end; d += days{1}) {
        const auto session = new_york().session(d);
        if (session && session->early_close) {
            dates.push_back(day_text(d));
        }
    }
    return dates;
}

std::vector<std::string> weekdays_closed(int year) {
    std::vector<std::string> dates;
    const Day end{std::chrono::year{year} / 12 / 31};
    for (Day d{std::chrono::year{year} / 1 / 1}; d <= end; d += days{1}) {
        const std::chrono::weekday on{d};
        if (on != std::chrono::Saturday && on != std::chrono::Sunday && !new_york().is_session(d)) {
            dates.push_back(day_text(d));
        }
    }
    return dates;
}

using Dates = std::vector<std::string>;

TEST(Calendar, KnowsEverySessionThatSpyTradedSince1999) {
    PAPERD_NEEDS_SHARED(path, "data/daily/SPY.csv");
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    std::set<Day> traded;
    while (std::getline(file, line)) {
        traded.insert(day(std::string_view(line).substr(0, 10)));
    }
    ASSERT_GT(traded.size(), 6'600U);
    ASSERT_LE(*traded.begin(), day("1999-11-01"));
    for (Day d = day("1999-11-01"); d <= *traded.rbegin(); d += days{1}) {
        EXPECT_EQ(new_york().is_session(d), traded.contains(d)) << day_text(d);
    }
}

TEST(Calendar, RegularHoursFollowDaylightSaving) {
    EXPECT_EQ(hours("2019-12-23"), "14:30 21:00");
    EXPECT_EQ(hours("2019-07-01"), "13:30 20:00");
    // The sessions around each change of clocks, under the law before 2007 and since.
    EXPECT_EQ(hours("2006-03-31"), "14:30 21:00");
    EXPECT_EQ(hours("2006-04-03"), "13:30 20:00");
    EXPECT_EQ(hours("2006-10-27"), "13:30 20:00");
    EXPECT_EQ(hours("2006-10-30"), "14:30 21:00");
    EXPECT_EQ(hours("2021-03-12"), "14:30 21:00");
    EXPECT_EQ(hours("2021-03-15"), "13:30 20:00");
    EXPECT_EQ(hours("2021-11-05"), "13:30 20:00");
    EXPECT_EQ(hours("2021-11-08"), "14:30 21:00");
}

// The tz files list changes up to 2037 only.
TEST(Calendar, DaylightSavingGoesOnAfter2037) {
    EXPECT_EQ(hours("2037-07-06"), "13:30 20:00");
    EXPECT_EQ(hours("2038-03-12"), "14:30 21:00");
    EXPECT_EQ(hours("2038-03-15"), "13:30 20:00");
    EXPECT_EQ(hours("2038-11-05"), "13:30 20:00");
    EXPECT_EQ(hours("2038-11-08"), "14:30 21:00");
    EXPECT_EQ(hours("2040-07-06"), "13:30 20:00");
    EXPECT_EQ(hours("2040-12-31"), "14:30 21:00");
}

TEST(Calendar, KeepsTheHolidaysOfTheirTime) {
    EXPECT_EQ(weekdays_closed(1990),
              (Dates{"1990-01-01", "1990-02-19", "1990-04-13", "1990-05-28", "1990-07-04",
                     "1990-09-03", "1990-11-22", "1990-12-25"}));
    EXPECT_EQ(weekdays_closed(1997),
              (Dates{"1997-01-01", "1997-02-17", "1997-03-28", "1997-05-26", "1997-07-04",
                     "1997-09-01", "1997-11-27", "1997-12-25"}));
    EXPECT_EQ(weekdays_closed(1998),
              (Dates{"1998-01-01", "1998-01-19", "1998-02-16", "1998-04-10", "1998-05-25",
                     "1998-07-03", "1998-09-07", "1998-11-26", "1998-12-25"}));
    EXPECT_EQ(weekdays_closed(2021),  // Juneteenth was a federal holiday, not the exchange's
              (Dates{"2021-01-01", "2021-01-18", "2021-02-15", "2021-04-02", "2021-05-31",
                     "2021-07-05", "2021-09-06", "2021-11-25", "2021-12-24"}));
    EXPECT_EQ(weekdays_closed(2022),
              (Dates{"2022-01-17", "2022-02-21", "2022-04-15", "2022-05-30", "2022-06-20",
                     "2022-07-04", "2022-09-05", "2022-11-24", "2022-12-26"}));
    EXPECT_EQ(weekdays_closed(2023),
              (Dates{"2023-01-02", "2023-01-16", "2023-02-20", "2023-04-07", "2023-05-29",
                     "2023-06-19", "2023-07-04", "2023-09-04", "2023-11-23", "2023-12-25"}));
    // As the exchange announced them ahead.
    EXPECT_EQ(weekdays_closed(2026),
              (Dates{"2026-01-01", "2026-01-19", "2026-02-16", "2026-04-03", "2026-05-25",
                     "2026-06-19", "2026-07-03", "2026-09-07", "2026-11-26", "2026-12-25"}));
    EXPECT_EQ(weekdays_closed(2027),
              (Dates{"2027-01-01", "2027-01-18", "2027-02-15", "2027-03-26", "2027-05-31",
                     "2027-06-18", "2027-07-05", "2027-09-06", "2027-11-25", "2027-12-24"}));
}

TEST(Calendar, ASaturdaysNewYearIsNotKeptOnFriday) {
    for (const char* text : {"1993-12-31", "1999-12-31", "2004-12-31", "2010-12-31", "2021-12-31",
                             "2027-12-31", "2032-12-31"}) {
        EXPECT_TRUE(new_york().is_session(day(text))) << text;
    }
    EXPECT_EQ(hours("2012-01-02"), "closed") << "a Sunday's is kept on Monday";
    EXPECT_EQ(hours("2039-01-03"), "14:30 21:00") << "a Saturday's is not kept on Monday either";
}

TEST(Calendar, GoodFridayMovesWithTheMoon) {
    for (const char* text :
         {"1990-04-13", "1994-04-01", "1999-04-02", "2000-04-21", "2008-03-21", "2011-04-22",
          "2019-04-19", "2024-03-29", "2025-04-18", "2038-04-23"}) {
        EXPECT_EQ(hours(text), "closed") << text;
        EXPECT_TRUE(new_york().is_session(day(text) - days{1})) << text;
        EXPECT_TRUE(new_york().is_session(day(text) + days{3})) << text;
    }
}

TEST(Calendar, ClosesOnDaysOfMourningAndDisaster) {
    for (const char* text :
         {"1994-04-27", "2001-09-11", "2001-09-12", "2001-09-13", "2001-09-14", "2004-06-11",
          "2007-01-02", "2012-10-29", "2012-10-30", "2018-12-05", "2025-01-09"}) {
        EXPECT_EQ(hours(text), "closed") << text;
    }
}

TEST(Calendar, ClosesEarlyAsTheExchangeAnnounced) {
    EXPECT_EQ(
        early_closes(1990, 2003),
        (Dates{"1990-12-24", "1991-12-24", "1992-11-27", "1992-12-24", "1993-11-26", "1994-11-25",
               "1995-07-03", "1995-11-24", "1996-07-05", "1996-11-29", "1996-12-24", "1997-07-03",
               "1997-11-28", "1997-12-24", "1997-12-26", "1998-11-27", "1998-12-24", "1999-11-26",
               "1999-12-31", "2000-07-03", "2000-11-24", "2001-07-03", "2001-11-23", "2001-12-24",
               "2002-07-05", "2002-11-29", "2002-12-24", "2003-07-03", "2003-11-28", "2003-12-24",
               "2003-12-26"}));
    EXPECT_EQ(early_closes(2004, 2015),
              (Dates{"2004-11-26", "2005-11-25", "2006-07-03", "2006-11-24", "2007-07-03",
                     "2007-11-23", "2007-12-24", "2008-07-03", "2008-11-28", "2008-12-24",
                     "2009-11-27", "2009-12-24", "2010-11-26", "2011-11-25", "2012-07-03",
                     "2012-11-23", "2012-12-24", "2013-07-03", "2013-11-29", "2013-12-24",
                     "2014-07-03", "2014-11-28", "2014-12-24", "2015-11-27", "2015-12-24"}));
    EXPECT_EQ(early_closes(2016, 2027),
              (Dates{"2016-11-25", "2017-07-03", "2017-11-24", "2018-07-03", "2018-11-23",
                     "2018-12-24", "2019-07-03", "2019-11-29", "2019-12-24", "2020-11-27",
                     "2020-12-24", "2021-11-26", "2022-11-25", "2023-07-03", "2023-11-24",
                     "2024-07-03", "2024-11-29", "2024-12-24", "2025-07-03", "2025-11-28",
                     "2025-12-24", "2026-11-27", "2026-12-24", "2027-11-26"}));
}

TEST(Calendar, AnEarlyCloseIsAtOneOrBefore1993AtTwo) {
    EXPECT_EQ(hours("1992-12-24"), "14:30 19:00 early");
    EXPECT_EQ(hours("1993-11-26"), "14:30 18:00 early");
    EXPECT_EQ(hours("2019-12-24"), "14:30 18:00 early");
    EXPECT_EQ(hours("2019-07-03"), "13:30 17:00 early");
    EXPECT_EQ(hours("2002-09-11"), "16:00 20:00") << "opened at noon on the first anniversary";
}

TEST(Calendar, ASessionIsNeverEmptyAndSessionsAscend) {
    for (const Calendar* calendar : {&new_york(), &always_open()}) {
        std::size_t count = 0;
        auto before = calendar->next_session(day("1989-12-31"));
        ASSERT_TRUE(before);
        for (auto now = calendar->next_session(before->day); now;
             now = calendar->next_session(now->day)) {
            ASSERT_LT(before->opens_at, before->closes_at);
            ASSERT_LE(before->closes_at, now->opens_at);
            ASSERT_EQ(calendar->day_of(now->opens_at), now->day);
            ASSERT_EQ(calendar->day_of(now->closes_at - Nanoseconds{1}), now->day);
            before = now;
            ++count;
        }
        EXPECT_EQ(count, calendar == &new_york() ? 12'832U : 18'627U);
    }
}

TEST(Calendar, StepsFromSessionToSession) {
    EXPECT_EQ(new_york().next_session(day("2019-12-24"))->day, day("2019-12-26"));
    EXPECT_EQ(new_york().next_session(day("2001-09-10"))->day, day("2001-09-17"));
}

TEST(Calendar, KnowsNothingOutside1990To2040) {
    for (const Calendar* calendar : {&new_york(), &always_open()}) {
        EXPECT_FALSE(calendar->session(day("1989-12-29")));
        EXPECT_FALSE(calendar->session(day("2041-01-02")));
        EXPECT_FALSE(calendar->next_session(day("2040-12-31")));
        EXPECT_FALSE(calendar->next_session(day("2050-01-01")));
    }
    EXPECT_EQ(new_york().next_session(day("1980-01-01"))->day, day("1990-01-02"));
}

TEST(Calendar, TheDayInNewYorkTurnsAtItsOwnMidnight) {
    const auto day_at = [](std::string_view text) {
        return day_text(new_york().day_of(*parse_timestamp(text)));
    };
    EXPECT_EQ(day_at("2021-08-04T00:00:00Z"), "2021-08-03");
    EXPECT_EQ(day_at("2021-08-04T03:59:59.999999999Z"), "2021-08-03");
    EXPECT_EQ(day_at("2021-08-04T04:00:00Z"), "2021-08-04");
    EXPECT_EQ(day_at("2021-12-04T04:59:59Z"), "2021-12-03");
    EXPECT_EQ(day_at("2021-12-04T05:00:00Z"), "2021-12-04");
    // The clock goes forward at 07:00 UTC and back at 06:00 UTC, between two midnights.
    EXPECT_EQ(day_at("2021-03-14T04:59:59Z"), "2021-03-13");
    EXPECT_EQ(day_at("2021-03-15T03:59:59Z"), "2021-03-14");
    EXPECT_EQ(day_at("2021-03-15T04:00:00Z"), "2021-03-15");
    EXPECT_EQ(day_at("2021-11-07T03:59:59Z"), "2021-11-06");
    EXPECT_EQ(day_at("2021-11-08T04:59:59Z"), "2021-11-07");
    EXPECT_EQ(day_at("2021-11-08T05:00:00Z"), "2021-11-08");
}

TEST(Calendar, AnAlwaysOpenVenueKeepsTheUtcDay) {
    const auto session = always_open().session(day("2024-02-29"));
    ASSERT_TRUE(session);
    EXPECT_EQ(timestamp_text(session->opens_at), "2024-02-29T00:00:00Z");
    EXPECT_EQ(timestamp_text(session->closes_at), "2024-03-01T00:00:00Z");
    EXPECT_FALSE(session->early_close);
    EXPECT_TRUE(always_open().is_session(day("2024-12-25")));
    EXPECT_EQ(always_open().next_session(day("2024-02-29"))->day, day("2024-03-01"));
    EXPECT_EQ(always_open().day_of(*parse_timestamp("2024-02-29T23:59:59.999999999Z")),
              day("2024-02-29"));
    EXPECT_EQ(always_open().day_of(*parse_timestamp("2024-03-01T00:00:00Z")), day("2024-03-01"));
}

TEST(Calendar, SaysHowManySessionsAYearHas) {
    EXPECT_EQ(days_per_year(CalendarKind::new_york), 252);
    EXPECT_EQ(days_per_year(CalendarKind::always_open), 365);
    EXPECT_FALSE(Calendar::version().empty());
}

// 2019-12-23 is a full Monday, 14:30 to 21:00 UTC; the 24th closes early by rule.
TEST(Calendar, ClosuresTakeSessionsAwayOrEndThemEarly) {
    using std::chrono::hours;
    const Closure closures[] = {{.day = day("2019-12-20"), .closes = {}},
                                {.day = day("2019-12-23"), .closes = hours{12}},
                                {.day = day("2019-12-22"), .closes = {}}};  // a Sunday
    const auto calendar = Calendar::make(CalendarKind::new_york, closures);
    ASSERT_FALSE(calendar.has_error()) << calendar.error().text;
    EXPECT_FALSE(calendar->is_session(day("2019-12-20")));
    EXPECT_TRUE(calendar->is_closed_by_closure(day("2019-12-20")));
    EXPECT_FALSE(calendar->is_closed_by_closure(day("2019-12-22"))) << "it is closed anyway";
    EXPECT_FALSE(calendar->is_closed_by_closure(day("2019-12-25")));
    EXPECT_EQ(calendar->next_session(day("2019-12-19"))->day, day("2019-12-23"));
    const auto early = calendar->session(day("2019-12-23"));
    ASSERT_TRUE(early);
    EXPECT_TRUE(early->early_close);
    EXPECT_EQ(timestamp_text(early->closes_at), "2019-12-23T17:00:00Z");
    for (Day d = day("2019-12-24"); d < day("2020-12-31"); d += days{1}) {
        ASSERT_EQ(calendar->is_session(d), new_york().is_session(d)) << day_text(d);
    }
    const Closure outage[] = {{.day = day("2024-03-06"), .closes = {}}};
    EXPECT_FALSE(Calendar::make(CalendarKind::always_open, outage)->is_session(day("2024-03-06")));
}

TEST(Calendar, ClosuresThatCannotBeMeantAreRefused) {
    using std::chrono::hours;

    struct Wrong {
        std::vector<Closure> closures;
        const char* says;
    };

    const Wrong wrong[] = {
        {{{.day = day("2019-12-23"), .closes = {}},
          {.day = day("2019-12-23"), .closes = hours{12}}},
         "2019-12-23 stands there twice"},
        {{{.day = day("2041-01-02"), .closes = {}}}, "outside the calendar's years"},
        {{{.day = day("2019-12-25"), .closes = hours{12}}}, "closed on 2019-12-25"},
        {{{.day = day("2019-12-23"), .closes = hours{16}}}, "not between the session's open"},
        {{{.day = day("2019-12-23"), .closes = hours{9}}}, "would be at 2019-12-23T14:00:00Z"}};
    for (const Wrong& each : wrong) {
        const auto calendar = Calendar::make(CalendarKind::new_york, each.closures);
        ASSERT_TRUE(calendar.has_error()) << each.says;
        EXPECT_NE(calendar.error().text.find(each.says), std::string::npos)
            << calendar.error().text;
    }
}

}  // namespace
}  // namespace paperd
