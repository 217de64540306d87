#include "daemon/report/verdict.h"

#include <cmath>

#include <fmt/format.h>

namespace paperd::daemon {
namespace {

constexpr double kMoreThanLuck = 2;  // |t|

std::string judged(const char* what, double a_year, double t, double in_sample) {
    const std::string words =
        in_sample > 0
            ? fmt::format("no evidence, {:.0f} % of it is in-sample", std::ceil(in_sample * 100))
        : t >= kMoreThanLuck  ? "more than luck, if nothing else was tried"
        : t <= -kMoreThanLuck ? "worse than luck"
                              : "not distinguishable from luck";
    return fmt::format("{} {:+.1f} % a year, t {:+.1f}: {}", what, a_year * 100, t, words);
}

bool is_the_benchmark(const strategy::Regression& fit) {
    constexpr double kRounding = 1e-9;
    return fit.exact && std::abs(fit.beta - 1) < kRounding && std::abs(fit.alpha) < kRounding;
}

}  // namespace

std::string verdict(const Evidence& evidence) {
    const std::size_t days = evidence.own.days;
    if (days == 0) {
        return "nothing was traded: there is no slice after the warm-up";
    }
    if (evidence.lost) {
        return fmt::format("the account is lost: its equity was {:.2f} at the end of {}",
                           evidence.lost->equity, day_text(evidence.lost->day));
    }
    if (evidence.fills == 0) {
        return "no trade was made: there is nothing to judge";
    }
    if (days < kDaysForRatios) {
        return fmt::format("{}: too short to say anything",
                           days == 1 ? "one day" : fmt::format("{} days", days));
    }
    if (evidence.comparison != nullptr) {
        const Comparison& beside = *evidence.comparison;
        if (is_the_benchmark(beside.fit)) {
            return "buy-and-hold of its symbols, which is the benchmark: nothing to judge";
        }
        if (std::isfinite(beside.fit.alpha_t)) {
            return judged("alpha", beside.alpha, beside.fit.alpha_t, evidence.in_sample);
        }
    }
    if (std::isfinite(evidence.own.mean_t)) {
        return judged("return", evidence.own.mean, evidence.own.mean_t, evidence.in_sample);
    }
    return "the equity moved the same every day: there is nothing to judge";
}

}  // namespace paperd::daemon
