#include "strategy/research/day_series.h"

#include <cstddef>

namespace paperd::strategy {

namespace {

std::chrono::year_month month_of(Day day) {
    const std::chrono::year_month_day date(day);
    return date.year() / date.month();
}

}  // namespace

std::vector<double> day_returns(double start, std::span<const DayValue> days) {
    std::vector<double> returns;
    double before = start;
    for (std::size_t i = 0; i < days.size() && before > 0; ++i) {
        returns.push_back(days[i].equity / before - 1);
        before = days[i].equity;
    }
    return returns;
}

PairedReturns paired_returns(double start, std::span<const DayValue> own,
                             std::span<const DayValue> benchmark) {
    PairedReturns paired;
    double own_before = start;
    double benchmark_before = start;
    auto other = benchmark.begin();
    for (const DayValue& day : own) {
        while (other != benchmark.end() && other->day < day.day) {
            ++other;
        }
        if (!(own_before > 0 && benchmark_before > 0) || other == benchmark.end()) {
            break;
        }
        if (other->day == day.day) {
            paired.own.push_back(day.equity / own_before - 1);
            paired.benchmark.push_back(other->equity / benchmark_before - 1);
            own_before = day.equity;
            benchmark_before = other->equity;
        }
    }
    return paired;
}

std::vector<MonthReturn> month_returns(double start, std::span<const DayValue> days) {
    std::vector<MonthReturn> months;
    double before = start;  // the month
    double last = start;    // the day
    for (const DayValue& day : days) {
        if (!(last > 0)) {
            break;
        }
        if (months.empty() || months.back().month != month_of(day.day)) {
            before = last;
            months.push_back({.month = month_of(day.day)});
        }
        months.back().value = day.equity / before - 1;
        last = day.equity;
    }
    return months;
}

double total_return(std::span<const double> returns) {
    double growth = 1;
    for (const double r : returns) {
        growth *= 1 + r;
    }
    return growth - 1;
}

}  // namespace paperd::strategy
