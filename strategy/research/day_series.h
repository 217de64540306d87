// An account at the ends of its days, and the returns between them. Pure functions; days ascend.
#pragma once

#include <chrono>
#include <span>
#include <vector>

#include "execution/types/timestamp.h"

namespace paperd::strategy {

struct DayValue {
    Day day{};
    double equity = 0;  // at the day's end
};

// Simple returns from `start` on, one a day. They end with the first day at whose end nothing is
// left (equity <= 0): nothing can be earned on it. None where start <= 0.
std::vector<double> day_returns(double start, std::span<const DayValue> days);

struct PairedReturns {
    std::vector<double> own;
    std::vector<double> benchmark;
};

// Over the days that both have, each from the common day before (the first from `start`, which both
// began with); they end as day_returns does, with the first of the two that has nothing left.
PairedReturns paired_returns(double start, std::span<const DayValue> own,
                             std::span<const DayValue> benchmark);

struct MonthReturn {
    std::chrono::year_month month{};
    double value = 0;  // from the end of the month before, or `start`
};

// Ascending; a month without a day is not among them. They end as day_returns does.
std::vector<MonthReturn> month_returns(double start, std::span<const DayValue> days);

// What the returns compound to.
double total_return(std::span<const double> returns);

}  // namespace paperd::strategy
