#include "strategy/market_stats.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "strategy/statistics.h"

namespace paperd::strategy {

StatsBar::StatsBar(double high_price, double low_price, double close_price, double bar_volume,
                   double bar_factor)
    : high(high_price),
      low(low_price),
      close(close_price),
      volume(bar_volume),
      factor(bar_factor),
      log_high(std::log(high_price)),
      log_low(std::log(low_price)),
      log_close(std::log(close_price)) {}

double corwin_schultz_alpha(const StatsBar& first, const StatsBar& second) {
    double high = second.log_high;
    double low = second.log_low;
    if (second.low > first.close || second.high < first.close) {
        const double gap = (second.low > first.close ? second.low : second.high) - first.close;
        high = std::log(second.high - gap);
        low = std::log(second.low - gap);
    }
    const double range1 = first.log_high - first.log_low;
    const double range2 = high - low;
    const double both = std::max(first.log_high, high) - std::min(first.log_low, low);
    const double beta = std::sqrt(range1 * range1 + range2 * range2);
    // (sqrt(2 beta^2) - beta) / (3 - 2 sqrt 2) - |gamma| / sqrt(3 - 2 sqrt 2), and
    // 3 - 2 sqrt 2 = (sqrt 2 - 1)^2.
    constexpr double kScale = std::numbers::sqrt2 - 1;
    return (beta - both) / kScale;
}

double corwin_schultz(double alpha) { return 2 * std::tanh(alpha / 2); }

double abdi_ranaldo_term(const StatsBar& first, const StatsBar& second) {
    const double middle1 = (first.log_high + first.log_low) / 2;
    const double middle2 = (second.log_high + second.log_low) / 2;
    return (first.log_close - middle1) * (first.log_close - middle2);
}

double abdi_ranaldo(double mean_term) { return std::sqrt(std::max(0.0, 4 * mean_term)); }

RollingStats::RollingStats(std::size_t lookback)
    : returns_(lookback - 1),
      volumes_(lookback),
      dollar_volumes_(lookback),
      corwin_schultz_(std::min(kSpreadBars, lookback - 1)),
      abdi_ranaldo_(std::min(kSpreadBars, lookback - 1)) {
    CHECK(lookback >= 2, "statistics need a lookback of at least two bars");
}

void RollingStats::push(const StatsBar& bar) {
    if (volumes_.size() > 0) {
        const double alpha = corwin_schultz_alpha(newest_, bar);
        returns_.push(bar.close / newest_.close - 1);
        corwin_schultz_.push(alpha > 0 ? corwin_schultz(alpha) : 0);
        abdi_ranaldo_.push(abdi_ranaldo_term(newest_, bar));
    }
    volumes_.push(bar.volume);
    dollar_volumes_.push((bar.high + bar.low + bar.close) / 3 / bar.factor * bar.volume);
    newest_ = bar;
}

void RollingStats::clear() {
    returns_.clear();
    volumes_.clear();
    dollar_volumes_.clear();
    corwin_schultz_.clear();
    abdi_ranaldo_.clear();
}

MarketStats RollingStats::compute() const {
    MarketStats stats;
    if (volumes_.size() == 0) {
        return stats;
    }
    stats.median_volume = volumes_.median();
    stats.median_dollar_volume = dollar_volumes_.median();
    if (returns_.size() >= 2) {
        stats.volatility = deviation(returns_.values());
    }
    if (returns_.size() >= 1) {
        stats.spread_corwin_schultz = mean(corwin_schultz_.values());
        stats.spread_abdi_ranaldo = abdi_ranaldo(mean(abdi_ranaldo_.values()));
    }
    return stats;
}

}  // namespace paperd::strategy
