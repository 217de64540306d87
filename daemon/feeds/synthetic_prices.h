// The statistics of the synthetic market, as pure functions of (seed, symbol, day, minute): nothing
// here carries state, so a bar can be made without those before it.
//
// A day's log return is an overnight and an intraday part, each a common factor and the symbol's
// own noise. Minutes are a random walk with a U-shaped variance, bridged to the day's close; the
// high and low are draws of the extremes of a Brownian bridge between the minute's open and close.
// std::log, exp, sqrt and cos are used: two C libraries that round them differently may differ by a
// cent in a rare bar.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "execution/types/fixed.h"
#include "execution/types/timestamp.h"

namespace paperd::daemon {

// What a symbol is like; a function of the seed and its name, whatever the other symbols are.
struct SyntheticSymbol {
    std::uint64_t key = 0;
    double first_price = 0;     // 50 to 400, on the evening before the first day
    double volatility_day = 0;  // 15 to 40 % a year
    double loading = 0;         // on the common factor: 0.45 to 0.8, the square is the correlation
    double volume_minute = 0;   // mean shares a minute: 8,000 to 40,000
};

SyntheticSymbol make_synthetic_symbol(std::uint64_t seed, std::string_view name);

// Volatility comes in stretches of days: calm for 8 on average, then stormy for 3.
bool stormy_day(std::uint64_t seed, Day day, bool stormy_before);

struct DayMove {
    double overnight = 0;  // log return from the close before to the open
    double intraday = 0;   // and on to the close
};

DayMove day_move(std::uint64_t seed, const SyntheticSymbol& symbol, Day day, bool stormy);

// What all symbols of a day share. Variance shares sum to 1; volume shapes average to 1.
struct DayShape {
    std::vector<double> variance_share;
    std::vector<double> volume_shape;
    std::vector<double> common;  // the factor's standard normal, a minute
};

DayShape make_day_shape(std::uint64_t seed, Day day, std::size_t minutes);

// Log prices where each minute opens and closes. A minute opens where the one before closed, but
// for the odd gap.
struct MinutePath {
    std::vector<double> open;
    std::vector<double> close;
};

MinutePath make_minute_path(std::uint64_t seed, const SyntheticSymbol& symbol, Day day, bool stormy,
                            const DayShape& shape, double gap_probability, double first_open,
                            double last_close);

// No trade in that minute. The first and the last of a session always have one: the auctions.
bool minute_missing(std::uint64_t seed, const SyntheticSymbol& symbol, Day day, std::size_t minute,
                    std::size_t minutes, double missing_probability);

struct MinuteBar {
    Price open;
    Price high;
    Price low;
    Price close;
    double volume = 0;  // whole shares, at least 1
};

MinuteBar make_minute_bar(std::uint64_t seed, const SyntheticSymbol& symbol, Day day, bool stormy,
                          const DayShape& shape, const MinutePath& path, std::size_t minute);

}  // namespace paperd::daemon
