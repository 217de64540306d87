// The rolling lookback of every symbol, in fixed memory: adjusted prices (price x factor), volume
// and factor of the last `lookback` bars. Windows are contiguous, oldest first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "execution/types/blob.h"
#include "execution/types/market_stats.h"
#include "execution/types/slice.h"
#include "strategy/market_stats.h"
#include "strategy/rings.h"

namespace paperd::strategy {

// The last bars of one symbol, oldest first; all spans have the same length. Prices are adjusted:
// unadjusted x factor. Valid until the handler takes the next slice.
struct BarWindow {
    std::span<const double> open;
    std::span<const double> high;
    std::span<const double> low;
    std::span<const double> close;
    std::span<const double> volume;
    std::span<const double> factor;  // adjusted / unadjusted, of each bar

    [[nodiscard]] std::size_t size() const { return close.size(); }
};

struct MarketDataSettings {
    std::size_t lookback_bars = 252;
    // Intraday only (files are as traded): where two neighbouring bars of a symbol differ by more
    // than this, or more than so many calendar days lie between them, its history is forgotten and
    // it warms up anew.
    bool cut_at_joins = false;
    double join_move_max = 0.20;  // |close / close before - 1|
    int join_days_max = 7;
};

// Two sources of one symbol disagree, or a split that nobody told is between them: nothing is
// computed across.
struct SeriesCut {
    SymbolId symbol{};
    double move = 0;     // close / close before - 1
    int days_apart = 0;  // calendar days between the two bars

    // No split lies within a venue's day: the move is the market's, or the data is bad.
    [[nodiscard]] bool within_day() const { return days_apart == 0; }

    // The split that would explain the move best, of those that companies usually make, as a job's
    // splits file has it: "4", "3/2", "1/10". Nearest by the larger of the two quotients.
    [[nodiscard]] std::string nearest_split() const;
};

class MarketDataHandler final : public MarketStatsSource {
public:
    MarketDataHandler(std::size_t symbols, MarketDataSettings settings);

    // Takes the slice's bars (in a slice's order) into the rings. Returns the symbols whose history
    // was cut by this slice's bar; their window then begins with it. Synthetic bars are left out,
    // and so are the slice's splits: split() comes first.
    std::vector<SeriesCut> take(const Slice& slice);

    // Whether taking this bar, of that day of the venue, would cut its symbol's history.
    [[nodiscard]] std::optional<SeriesCut> cut_by(const Bar& bar, Day day) const;

    // The symbol's history begins anew with its next bar.
    void forget(SymbolId symbol);

    // The symbol's history in new shares: prices / ratio, volumes x ratio. Nothing is cut.
    void split(const Split& split);

    [[nodiscard]] BarWindow window(SymbolId symbol) const;

    // Bars of the symbol seen since its last cut, not limited by the lookback.
    [[nodiscard]] std::int64_t bars_seen(SymbolId symbol) const;

    // Volatility, medians and the two spread estimates over the window (strategy/market_stats.cpp),
    // computed when first asked after a slice. A pure function of the ring.
    [[nodiscard]] const MarketStats& stats(SymbolId symbol) const override;

    [[nodiscard]] std::size_t symbols() const;

    void save(BlobWriter& out) const;
    void load(BlobReader& in);  // sets in.failed() on anything that does not fit

private:
    struct Series {
        explicit Series(std::size_t lookback);

        void push(const Bar& bar, double bar_factor);
        void forget();
        void push_stats(std::size_t at);  // of the bar at this place in the window
        void rebuild_stats();

        MirroredRing open;
        MirroredRing high;
        MirroredRing low;
        MirroredRing close;
        MirroredRing volume;
        MirroredRing factor;
        RollingStats rolling;
        std::int64_t seen = 0;  // since the last cut
        Day day{};
        // The answer of stats(), good until the next bar.
        mutable MarketStats stats;
        mutable bool stats_known = false;
    };

    [[nodiscard]] const Series& series(SymbolId symbol) const;

    MarketDataSettings settings_;
    std::vector<Series> series_;  // by symbol
};

}  // namespace paperd::strategy
