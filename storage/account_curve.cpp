#include "storage/account_curve.h"

#include "execution/types/fixed.h"
#include "storage/cursor.h"

namespace paperd::storage {
namespace {

// Follows equity from its highest to its lowest and back.
class DrawdownWatch {
public:
    explicit DrawdownWatch(double start) : peak_(start) {}

    void take(double equity, Day day) {
        if (!began_) {
            began_ = true;
            peak_day_ = day;
        }
        if (equity >= peak_) {
            if (worst_.fraction < 0 && !worst_.recovered) {
                worst_.recovered = day;
            }
            peak_ = equity;
            peak_day_ = day;
        } else if (peak_ > 0 && equity / peak_ - 1 < worst_.fraction) {
            worst_ = {
                .fraction = equity / peak_ - 1, .peak = peak_day_, .trough = day, .recovered = {}};
        }
    }

    [[nodiscard]] const Drawdown& worst() const { return worst_; }

private:
    bool began_ = false;
    double peak_;
    Day peak_day_{};
    Drawdown worst_;
};

}  // namespace

Result<AccountCurve> follow_account(Database& database, double start) {
    AccountCurve curve;
    curve.equity = start;
    DrawdownWatch watch(start);
    std::int64_t slices = 0;  // with equity above 0
    bool held_today = false;
    Cursor row(database,
               "SELECT s.closed_at_ns, s.day, e.equity_e8, e.gross_e8, e.net_e8 FROM slices s "
               "JOIN equity e ON e.slice_id = s.slice_id WHERE s.warmup = 0 ORDER BY s.slice_id");
    for (; row.live(); row.next()) {
        const Day day = day_from_number(static_cast<std::int32_t>(row.integer(1)));
        curve.last = from_ns(row.integer(0));
        if (curve.days.empty()) {
            curve.first = curve.last;
        }
        if (curve.days.empty() || curve.days.back().day != day) {
            curve.days.push_back({.day = day});
            held_today = false;
        }
        const double equity = Money::from_raw(row.integer(2)).to_double();
        curve.equity = curve.days.back().equity = equity;
        watch.take(equity, day);
        const double gross = Money::from_raw(row.integer(3)).to_double();
        if (gross > 0 && !held_today) {
            held_today = true;
            ++curve.days_in_market;
        }
        if (equity > 0) {
            ++slices;
            curve.equity_mean += equity;
            curve.gross_mean += gross / equity;
            curve.net_mean += Money::from_raw(row.integer(4)).to_double() / equity;
        }
    }
    if (slices > 0) {
        const auto count = static_cast<double>(slices);
        curve.equity_mean /= count;
        curve.gross_mean /= count;
        curve.net_mean /= count;
    }
    curve.drawdown = watch.worst();
    TRY(row.ended());
    return curve;
}

}  // namespace paperd::storage
