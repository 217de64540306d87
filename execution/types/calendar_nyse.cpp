#include "execution/types/calendar_nyse.h"

#include <algorithm>
#include <array>

namespace paperd {
namespace {

using std::chrono::days;
using std::chrono::December;
using std::chrono::February;
using std::chrono::Friday;
using std::chrono::hours;
using std::chrono::January;
using std::chrono::July;
using std::chrono::June;
using std::chrono::last;
using std::chrono::May;
using std::chrono::minutes;
using std::chrono::Monday;
using std::chrono::month_day;
using std::chrono::November;
using std::chrono::Saturday;
using std::chrono::September;
using std::chrono::Sunday;
using std::chrono::Thursday;
using std::chrono::Wednesday;
using std::chrono::weekday;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr minutes kNoon = hours{12};
constexpr minutes kOpen = hours{9} + minutes{30};
constexpr minutes kClose = hours{16};
constexpr minutes kEarlyClose = hours{13};
constexpr minutes kEarlyCloseBefore1993 = hours{14};

// Days of mourning and disaster.
constexpr std::array kClosed = {
    year{1994} / 4 / 27,   // President Nixon's funeral
    year{2001} / 9 / 11,   // attack on the World Trade Center, to the 14th
    year{2001} / 9 / 12,   // ...
    year{2001} / 9 / 13,   // ...
    year{2001} / 9 / 14,   // ...
    year{2004} / 6 / 11,   // President Reagan's funeral
    year{2007} / 1 / 2,    // President Ford's funeral
    year{2012} / 10 / 29,  // hurricane Sandy, two days
    year{2012} / 10 / 30,  // ...
    year{2018} / 12 / 5,   // President George H. W. Bush's funeral
    year{2025} / 1 / 9,    // President Carter's funeral
};

struct IrregularHours {
    year_month_day date;
    minutes opens = kOpen;
    minutes closes = kClose;
};

// Announced hours that no rule gives.
constexpr std::array kIrregular = {
    IrregularHours{.date = year{1990} / 12 / 24, .closes = kEarlyCloseBefore1993},
    IrregularHours{.date = year{1991} / 12 / 24, .closes = kEarlyCloseBefore1993},
    IrregularHours{.date = year{1992} / 11 / 27, .closes = kEarlyCloseBefore1993},
    IrregularHours{.date = year{1992} / 12 / 24, .closes = kEarlyCloseBefore1993},
    IrregularHours{.date = year{1997} / 12 / 26, .closes = kEarlyClose},
    IrregularHours{.date = year{1999} / 12 / 31, .closes = kEarlyClose},  // eve of the year 2000
    IrregularHours{.date = year{2002} / 9 / 11, .opens = kNoon},  // first anniversary of the attack
    IrregularHours{.date = year{2003} / 12 / 26, .closes = kEarlyClose},
};

// Easter Sunday of the Gregorian calendar, by the anonymous algorithm that Meeus prints
// (Astronomical Algorithms, chapter 8).
Day easter(year of) {
    const int y = static_cast<int>(of);
    const int a = y % 19;
    const int b = y / 100;
    const int c = y % 100;
    const int g = (8 * b + 13) / 25;
    const int h = (19 * a + b - b / 4 - g + 15) % 30;
    const int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    const int m = (a + 11 * h + 19 * l) / 433;
    const int month = (h + l - 7 * m + 90) / 25;
    const int day = (h + l - 7 * m + 33 * month + 19) % 32;
    return Day{of / month / day};
}

// The weekday on which a holiday of a fixed date is kept: Friday for a Saturday, Monday for a
// Sunday.
Day observed(year of, month_day date) {
    const Day day{of / date.month() / date.day()};
    const weekday on{day};
    if (on == Saturday) {
        return day - days{1};
    }
    return on == Sunday ? day + days{1} : day;
}

bool is_holiday(Day day) {
    const year y = year_month_day{day}.year();
    const Day new_year{y / January / 1};
    // A Saturday's New Year's Day is not kept on Friday: that would be the last day of another
    // year's books.
    if (day == (weekday{new_year} == Sunday ? new_year + days{1} : new_year)) {
        return true;
    }
    return (y >= year{1998} && day == Day{y / January / Monday[3]}) ||  // Martin Luther King
           day == Day{y / February / Monday[3]} ||                      // Washington
           day == easter(y) - days{2} ||                                // Good Friday
           day == Day{y / May / Monday[last]} ||                        // Memorial Day
           (y >= year{2022} && day == observed(y, June / 19)) ||        // Juneteenth
           day == observed(y, July / 4) ||                              // Independence Day
           day == Day{y / September / Monday[1]} ||                     // Labor Day
           day == Day{y / November / Thursday[4]} ||                    // Thanksgiving
           day == observed(y, December / 25);                           // Christmas
}

// Closes at 13:00 by rule, from 1993 on. `day` is a session: Fridays that are 24 December or 3 July
// are holidays by observance and never get here, so both dates are always the eve of a holiday.
bool is_half_day(Day day) {
    const year_month_day date{day};
    const year y = date.year();
    const weekday on{day};
    if (y < year{1993}) {
        return false;
    }
    if (day == Day{y / November / Thursday[4]} + days{1} || date == y / December / 24) {
        return true;
    }
    // The eve of Independence Day; for a Thursday's it was the Friday after instead before 2013.
    if (date == y / July / 3) {
        return on != Wednesday || y >= year{2013};
    }
    return date == y / July / 5 && on == Friday && y < year{2013};
}

}  // namespace

std::optional<LocalHours> nyse_hours(Day day) {
    const year_month_day date{day};
    const weekday on{day};
    if (on == Saturday || on == Sunday || is_holiday(day) ||
        std::find(kClosed.begin(), kClosed.end(), date) != kClosed.end()) {
        return std::nullopt;
    }
    for (const IrregularHours& irregular : kIrregular) {
        if (irregular.date == date) {
            return LocalHours{.opens = irregular.opens,
                              .closes = irregular.closes,
                              .early_close = irregular.closes < kClose};
        }
    }
    const bool half = is_half_day(day);
    return LocalHours{.opens = kOpen, .closes = half ? kEarlyClose : kClose, .early_close = half};
}

}  // namespace paperd
