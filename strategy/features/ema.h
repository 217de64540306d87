// Exponential averages of a price, the one thing a window cannot give. They follow a rescaling of
// the history (a dividend or split that becomes known later) by what it did to the bar before.
#pragma once

#include <cmath>
#include <limits>
#include <span>

namespace paperd::strategy {

constexpr double ema_keep(int span) { return 1 - 2 / (static_cast<double>(span) + 1); }

// Weights keep^i over all values so far, divided by their sum (pandas: adjust=True).
struct AdjustedEma {
    double values = 0;
    double weights = 0;

    double next(double value, double keep) {
        values = value + keep * values;
        weights = 1 + keep * weights;
        return values / weights;
    }
};

// keep x before + (1 - keep) x value, beginning with the first value (pandas: adjust=False).
struct PlainEma {
    double average = std::numeric_limits<double>::quiet_NaN();  // NaN: not begun

    double next(double value, double keep) {
        average = std::isnan(average) ? value : keep * average + (1 - keep) * value;
        return average;
    }
};

// What the price before has been multiplied with since it was seen; 1 as a rule.
class RescaleWatch {
public:
    // Once a bar, with the window that ends with it.
    double next(std::span<const double> closes) {
        const double before = closes.size() > 1 ? closes[closes.size() - 2] : 0;
        const double ratio = seen_ > 0 && before > 0 && before != seen_ ? before / seen_ : 1;
        seen_ = closes.back();
        return ratio;
    }

private:
    double seen_ = 0;
};

}  // namespace paperd::strategy
