#include "daemon/feeds/synthetic_prices.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "execution/types/random.h"

namespace paperd::daemon {
namespace {

constexpr double kDaysPerYear = 252;
constexpr double kDriftDay = 0.06 / kDaysPerYear;
constexpr double kOvernightShare = 0.25;  // of a day's variance
constexpr double kCalmFactor = 0.6;  // of the volatility; with kStormyFactor about 1 on average
constexpr double kStormyFactor = 1.6;
constexpr double kStormyVolume = 1.5;
constexpr double kStormBegins = 1.0 / 8;
constexpr double kStormEnds = 1.0 / 3;
constexpr double kGapMin = 5;  // standard deviations of a mean minute
constexpr double kGapMax = 12;
constexpr double kVolumeNoise = 0.4;  // standard deviation of a minute's log volume

// Each kind of draw has its own stream. Normals take two uniforms: 2 x and 2 x + 1.
enum Purpose : std::uint64_t {
    kPrice,
    kVolatility,
    kLoading,
    kVolume,
    kRegime,
    kOvernight,
    kIntraday,
    kMinute,
    kGap,
    kGapSize,
    kMissing,
    kHigh,
    kLow,
    kMinuteVolume
};

constexpr std::uint64_t kCommonKey = 0;

std::uint64_t day_id(std::uint64_t key, Day day) {
    return mix64(key + static_cast<std::uint64_t>(day_number(day)));
}

std::uint64_t minute_id(std::uint64_t key, Day day, std::size_t minute) {
    return mix64(day_id(key, day) + minute);
}

double uniform(std::uint64_t seed, std::uint64_t id, Purpose purpose) {
    return draw_uniform(seed, id, 2 * static_cast<std::uint64_t>(purpose));
}

// In (0, 1]: its logarithm is finite.
double log_of_uniform(std::uint64_t seed, std::uint64_t id, Purpose purpose) {
    return std::log(1 - uniform(seed, id, purpose));
}

// Box & Muller 1958.
double normal(std::uint64_t seed, std::uint64_t id, Purpose purpose) {
    const double angle = draw_uniform(seed, id, 2 * static_cast<std::uint64_t>(purpose) + 1);
    return std::sqrt(-2 * log_of_uniform(seed, id, purpose)) *
           std::cos(2 * std::numbers::pi * angle);
}

double between(double low, double high, double share) { return low + (high - low) * share; }

// FNV-1a.
std::uint64_t name_key(std::string_view name) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char c : name) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    }
    return hash;
}

double factor_and_own(const SyntheticSymbol& symbol, double common, double own) {
    return symbol.loading * common + std::sqrt(1 - symbol.loading * symbol.loading) * own;
}

double regime_volatility(const SyntheticSymbol& symbol, bool stormy) {
    return symbol.volatility_day * (stormy ? kStormyFactor : kCalmFactor);
}

double intraday_volatility(const SyntheticSymbol& symbol, bool stormy) {
    return regime_volatility(symbol, stormy) * std::sqrt(1 - kOvernightShare);
}

// The jump in front of a minute; the session's first minute has the night for that.
double gap_before(std::uint64_t seed, const SyntheticSymbol& symbol, Day day, std::size_t minute,
                  double minute_volatility, double probability) {
    const std::uint64_t id = minute_id(symbol.key, day, minute);
    if (minute == 0 || uniform(seed, id, kGap) >= probability) {
        return 0;
    }
    const double draw = 2 * uniform(seed, id, kGapSize) - 1;
    return std::copysign(between(kGapMin, kGapMax, std::abs(draw)), draw) * minute_volatility;
}

Price on_cent_grid(double log_price) {
    constexpr std::int64_t kRawPerCent = kScale / 100;
    const auto cents = static_cast<std::int64_t>(std::llround(std::exp(log_price) * 100));
    return Price::from_raw(std::max<std::int64_t>(cents, 1) * kRawPerCent);
}

}  // namespace

SyntheticSymbol make_synthetic_symbol(std::uint64_t seed, std::string_view name) {
    const std::uint64_t key = name_key(name);
    SyntheticSymbol symbol;
    symbol.key = key;
    symbol.first_price = 50 * std::pow(8, uniform(seed, key, kPrice));
    symbol.volatility_day =
        between(0.15, 0.40, uniform(seed, key, kVolatility)) / std::sqrt(kDaysPerYear);
    symbol.loading = between(0.45, 0.80, uniform(seed, key, kLoading));
    symbol.volume_minute = 8'000 * std::pow(5, uniform(seed, key, kVolume));
    return symbol;
}

bool stormy_day(std::uint64_t seed, Day day, bool stormy_before) {
    const double draw = uniform(seed, day_id(kCommonKey, day), kRegime);
    return stormy_before ? draw >= kStormEnds : draw < kStormBegins;
}

DayMove day_move(std::uint64_t seed, const SyntheticSymbol& symbol, Day day, bool stormy) {
    const std::uint64_t common = day_id(kCommonKey, day);
    const std::uint64_t own = day_id(symbol.key, day);
    DayMove move;
    move.overnight =
        regime_volatility(symbol, stormy) * std::sqrt(kOvernightShare) *
        factor_and_own(symbol, normal(seed, common, kOvernight), normal(seed, own, kOvernight));
    move.intraday = kDriftDay + intraday_volatility(symbol, stormy) *
                                    factor_and_own(symbol, normal(seed, common, kIntraday),
                                                   normal(seed, own, kIntraday));
    return move;
}

DayShape make_day_shape(std::uint64_t seed, Day day, std::size_t minutes) {
    DayShape shape;
    double variance_sum = 0;
    double volume_sum = 0;
    for (std::size_t m = 0; m < minutes; ++m) {
        const double x = (static_cast<double>(m) + 0.5) / static_cast<double>(minutes);
        const double centred = 2 * x - 1;
        shape.variance_share.push_back(0.6 + 1.2 * centred * centred + 2 * std::exp(-x / 0.04));
        shape.volume_shape.push_back(0.55 + 0.6 * centred * centred + 2.5 * std::exp(-x / 0.04) +
                                     2.5 * std::exp(-(1 - x) / 0.03));
        shape.common.push_back(normal(seed, minute_id(kCommonKey, day, m), kMinute));
        variance_sum += shape.variance_share.back();
        volume_sum += shape.volume_shape.back();
    }
    for (std::size_t m = 0; m < minutes; ++m) {
        shape.variance_share[m] /= variance_sum;
        shape.volume_shape[m] *= static_cast<double>(minutes) / volume_sum;
    }
    return shape;
}

MinutePath make_minute_path(std::uint64_t seed, const SyntheticSymbol& symbol, Day day, bool stormy,
                            const DayShape& shape, double gap_probability, double first_open,
                            double last_close) {
    const std::size_t minutes = shape.common.size();
    const double volatility = intraday_volatility(symbol, stormy);
    const double mean_minute = volatility / std::sqrt(static_cast<double>(minutes));
    MinutePath path;
    path.open.reserve(minutes);
    path.close.reserve(minutes);
    double walk = 0;
    for (std::size_t m = 0; m < minutes; ++m) {
        const double own = normal(seed, minute_id(symbol.key, day, m), kMinute);
        walk += gap_before(seed, symbol, day, m, mean_minute, gap_probability);
        path.open.push_back(walk);
        walk += volatility * std::sqrt(shape.variance_share[m]) *
                factor_and_own(symbol, shape.common[m], own);
        path.close.push_back(walk);
    }
    // Bend the walk so that it ends at the day's close: each minute takes its share of the rest.
    const double rest = last_close - first_open - walk;
    double share = 0;
    for (std::size_t m = 0; m < minutes; ++m) {
        path.open[m] += first_open + share * rest;
        share += shape.variance_share[m];
        path.close[m] += first_open + share * rest;
    }
    return path;
}

bool minute_missing(std::uint64_t seed, const SyntheticSymbol& symbol, Day day, std::size_t minute,
                    std::size_t minutes, double missing_probability) {
    return minute != 0 && minute + 1 != minutes &&
           uniform(seed, minute_id(symbol.key, day, minute), kMissing) < missing_probability;
}

MinuteBar make_minute_bar(std::uint64_t seed, const SyntheticSymbol& symbol, Day day, bool stormy,
                          const DayShape& shape, const MinutePath& path, std::size_t minute) {
    const std::uint64_t id = minute_id(symbol.key, day, minute);
    const double open = path.open[minute];
    const double close = path.close[minute];
    const double volatility =
        intraday_volatility(symbol, stormy) * std::sqrt(shape.variance_share[minute]);
    // The maximum of a Brownian bridge from a to b of variance v: (a + b + sqrt((b - a)^2 -
    // 2 v log U)) / 2.
    const auto reach = [&](Purpose purpose) {
        return std::sqrt((close - open) * (close - open) -
                         2 * volatility * volatility * log_of_uniform(seed, id, purpose));
    };
    MinuteBar bar;
    bar.open = on_cent_grid(open);
    bar.close = on_cent_grid(close);
    // Rounding is monotonic, but the halved sum may fall an ulp short of the larger end.
    bar.high = std::max({bar.open, bar.close, on_cent_grid((open + close + reach(kHigh)) / 2)});
    bar.low = std::min({bar.open, bar.close, on_cent_grid((open + close - reach(kLow)) / 2)});
    const double activity = 0.75 + 0.3 * std::abs(close - open) / volatility;
    const double noise =
        kVolumeNoise * normal(seed, id, kMinuteVolume) - kVolumeNoise * kVolumeNoise / 2;
    bar.volume =
        std::max(1.0, std::floor(symbol.volume_minute * shape.volume_shape[minute] *
                                 (stormy ? kStormyVolume : 1) * activity * std::exp(noise)));
    return bar;
}

}  // namespace paperd::daemon
