// What the account's limits are measured against: the day's starting equity, the peak, the day's
// turnover, and the last returns with their tail. Fixed memory.
//
// The day starts with the last equity of the day before (the first one ever where there is none),
// so that a loss over night counts, and so does that of a daily bar.
#pragma once

#include <vector>

#include "execution/types/blob.h"
#include "execution/types/fixed.h"
#include "execution/types/timestamp.h"
#include "risk/limits.h"
#include "risk/targets.h"

namespace paperd::risk {

class AccountWatch {
public:
    explicit AccountWatch(const Limits& limits);

    // Once a slice, after marking. The return since the slice before is kept where that one's
    // equity was above zero.
    void on_equity(Day day, Money equity);

    // A fill's notional, of either sign.
    void on_fill(Day day, Money notional);

    // The peak and the day's start become the last equity seen.
    void restart_references();

    [[nodiscard]] double daily_loss() const;  // fraction of the day's start; 0 when it is not known
    [[nodiscard]] double drawdown() const;    // fraction of the peak, a loss is positive

    [[nodiscard]] Money day_start() const { return day_start_; }

    [[nodiscard]] Money peak() const { return peak_; }

    [[nodiscard]] Money traded_today() const { return traded_today_; }

    [[nodiscard]] const TailMeasures& tail() const { return tail_; }

    void save(BlobWriter& out) const;
    void load(BlobReader& in);

private:
    void enter(Day day);
    void measure_tail();

    // Constant after construction.
    std::size_t returns_max_;
    std::size_t returns_min_;
    double lambda_;

    bool has_equity_ = false;
    Day day_{};
    Money last_;
    Money day_start_;
    Money peak_;
    Money traded_today_;
    std::vector<double> returns_;  // oldest first, at most returns_max_
    std::vector<double> scratch_;
    TailMeasures tail_;  // a pure function of returns_
};

}  // namespace paperd::risk
