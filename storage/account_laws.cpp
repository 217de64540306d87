#include "storage/account_laws.h"

#include <algorithm>
#include <map>

#include "storage/cursor.h"
#include "storage/keys.h"
#include "storage/wide.h"

namespace paperd::storage {
namespace {

// What a symbol's rows have said so far.
struct Holding {
    Wide quantity = 0;
    Wide traded = 0;       // sum of quantity x price
    Wide mark = 0;         // the newest close of a bar that is not synthetic
    Wide mark_before = 0;  // the one before this slice
    std::int64_t bar_slice = 0;
    std::int64_t low = 0;
    std::int64_t high = 0;
    bool synthetic = false;
    std::int64_t change_slice = 0;  // the last slice that changed the position
    bool position_row = false;      // of that change
};

struct Booking {
    std::int64_t fill = 0;
    Wide trade = 0;       // to be booked
    Wide commission = 0;  // likewise
};

// What corporate actions book, by the ledger's kinds.
enum class Booked : std::uint8_t { dividends, settlements, splits };

struct Ratio {
    std::int64_t symbol = 0;
    std::int64_t new_shares = 1;
    std::int64_t old_shares = 1;
};

class AccountPass {
public:
    AccountPass(Database& database, const RunHeader& run, Violations& violations)
        : run_(run),
          violations_(violations),
          holdings_(run.symbols.size()),
          slices_(database,
                  "SELECT slice_id, closed_at_ns, warmup, state_hash FROM slices ORDER BY 1"),
          bars_(database,
                "SELECT slice_id, symbol_id, open_e8, high_e8, low_e8, close_e8, flags FROM bars "
                "WHERE revision = 0 ORDER BY bar_id"),
          decisions_(database, "SELECT slice_id, symbol_id FROM decisions ORDER BY decision_id"),
          fills_(database,
                 "SELECT f.slice_id, f.fill_id, f.symbol_id, f.decision_id, f.quantity_e8, "
                 "f.reference_price_e8, f.price_e8, f.delay_cost_e8, f.spread_cost_e8, "
                 "f.slippage_cost_e8, f.impact_cost_e8, f.commission_e8, o.decision_id, "
                 "o.quantity_e8, o.decision_price_e8, o.limit_price_e8 "
                 "FROM fills f LEFT JOIN orders o ON o.order_id = f.order_id ORDER BY f.fill_id"),
          ledger_(database,
                  "SELECT slice_id, entry_id, kind, symbol_id, fill_id, amount_e8 FROM ledger "
                  "ORDER BY entry_id"),
          splits_(database,
                  "SELECT slice_id, symbol_id, new_shares, old_shares FROM splits "
                  "ORDER BY split_id"),
          actions_(database,
                   "SELECT slice_id, symbol_id, kind, per_share_e8, held_e8, amount_e8, "
                   "held_after_e8 FROM corporate_actions ORDER BY action_id"),
          positions_(database,
                     "SELECT slice_id, symbol_id, quantity_e8, cost_e8, realized_e8 "
                     "FROM positions ORDER BY position_id"),
          equity_(database,
                  "SELECT slice_id, cash_e8, value_e8, equity_e8, gross_e8, net_e8, peak_e8 "
                  "FROM equity ORDER BY slice_id") {}

    Result<void> run() {
        for (; slices_.live() && !violations_.full(); slices_.next()) {
            begin_slice();
            each(bars_, [&] { take_bar(); });
            take_decisions();
            bookings_.clear();
            touched_.clear();
            due_.clear();
            split_of_.clear();
            each(splits_, [&] {
                split_of_.push_back({splits_.integer(1), splits_.integer(2), splits_.integer(3)});
            });
            each(actions_, [&] { take_action(); });
            for (const Ratio& split : split_of_) {
                add("the split of " + name_of(split.symbol) + " has no corporate action");
            }
            each(fills_, [&] { take_fill(); });
            each(ledger_, [&] { take_entry(); });
            check_bookings();
            each(positions_, [&] { take_position(); });
            check_touched();
            check_equity();
        }
        for (const Cursor* cursor : {&slices_, &bars_, &decisions_, &fills_, &ledger_, &splits_,
                                     &actions_, &positions_, &equity_}) {
            TRY(cursor->ended());
        }
        return {};
    }

private:
    // The cursor's rows of this slice. Those of slices that are not there are passed over: the
    // foreign keys' check has named them.
    template <class Take>
    void each(Cursor& cursor, const Take& take) {
        while (cursor.live() && cursor.integer(0) <= slice_) {
            if (cursor.integer(0) == slice_) {
                take();
            }
            cursor.next();
        }
    }

    void add(const std::string& sentence) { violations_.add(where_ + ": " + sentence); }

    [[nodiscard]] bool known(std::int64_t symbol) const {
        return symbol >= 0 && symbol < static_cast<std::int64_t>(holdings_.size());
    }

    [[nodiscard]] const std::string& name(std::int64_t symbol) const {
        return run_.symbols[static_cast<std::size_t>(symbol)];
    }

    [[nodiscard]] std::string name_of(std::int64_t symbol) const {
        return known(symbol) ? name(symbol) : "no symbol";
    }

    Holding& holding(std::int64_t symbol) { return holdings_[static_cast<std::size_t>(symbol)]; }

    void begin_slice() {
        const std::int64_t before = slice_;
        slice_ = slices_.integer(0);
        where_ = "slice " + std::to_string(slice_) + " (" +
                 timestamp_text(from_ns(slices_.integer(1))) + ")";
        warmup_ = slices_.integer(2) != 0;
        if (slice_ != before + 1) {
            add("follows slice " + std::to_string(before) + ": slices between are missing");
        }
        if (before > 0 && slices_.integer(1) <= closed_at_) {
            add("closes no later than the slice before it");
        }
        if (before > 0 && slices_.integer(3) == hash_) {
            add("has the state hash of the slice before it; a chained hash changes");
        }
        closed_at_ = slices_.integer(1);
        hash_ = slices_.integer(3);
        for (Holding& h : holdings_) {
            h.mark_before = h.mark;
        }
    }

    void take_bar() {
        const std::int64_t symbol = bars_.integer(1);
        if (!known(symbol)) {
            return;
        }
        const std::int64_t open = bars_.integer(2);
        const std::int64_t high = bars_.integer(3);
        const std::int64_t low = bars_.integer(4);
        const std::int64_t close = bars_.integer(5);
        if (low <= 0 || std::min(open, close) < low || std::max(open, close) > high) {
            add("the bar of " + name(symbol) + " has open or close outside its low and high");
        }
        Holding& h = holding(symbol);
        h.bar_slice = slice_;
        h.low = low;
        h.high = high;
        h.synthetic = (bars_.integer(6) & 1) != 0;
        if (!h.synthetic) {
            h.mark = close;
        }
    }

    void take_decisions() {
        std::int64_t next = 0;  // the symbol whose row comes now
        const auto symbols = static_cast<std::int64_t>(holdings_.size());
        const auto missing_until = [&](std::int64_t symbol) {
            for (; !warmup_ && next < std::min(symbol, symbols); ++next) {
                add("there is no decision row for " + name(next));
            }
        };
        each(decisions_, [&] {
            const std::int64_t symbol = decisions_.integer(1);
            if (warmup_) {
                add("has a decision row (symbol " + std::to_string(symbol) +
                    ") although it is warm-up");
            }
            missing_until(symbol);
            next = symbol + 1;
        });
        missing_until(symbols);
    }

    void touch(std::int64_t symbol) {
        Holding& h = holding(symbol);
        if (h.change_slice != slice_) {
            h.change_slice = slice_;
            h.position_row = false;
            touched_.push_back(symbol);
        }
    }

    // What an action books, as the sentences name it.
    static Booked booked_by(CorporateActionKind kind) {
        switch (kind) {
            case CorporateActionKind::dividend:
            case CorporateActionKind::dividend_reversal:
                return Booked::dividends;
            case CorporateActionKind::settlement:
            case CorporateActionKind::delisting:
                return Booked::settlements;
            case CorporateActionKind::split:
                return Booked::splits;
        }
        return Booked::dividends;
    }

    void take_action() {
        const std::int64_t symbol = actions_.integer(1);
        const auto kind = static_cast<CorporateActionKind>(actions_.integer(2));
        const Wide amount = actions_.integer(5);
        due_[{symbol, booked_by(kind)}] -= amount;
        if (!known(symbol)) {
            return;
        }
        Holding& h = holding(symbol);
        const Wide held = actions_.integer(4);
        const Wide after = actions_.integer(6);
        if (booked_by(kind) == Booked::dividends) {
            if (after != held) {
                add("the dividend of " + name(symbol) + " changes the position to " +
                    wide_text(after));
            }
            return;
        }
        const std::string fault =
            kind == CorporateActionKind::split ? fault_of_split(symbol, h) : fault_of_end(kind, h);
        if (!fault.empty()) {
            add("the " + std::string(corporate_action_name(kind)) + " of " + name(symbol) +
                " is of " + wide_text(held) + " at " + wide_text(actions_.integer(3)) + " for " +
                wide_text(amount) + ": " + fault);
        }
        h.quantity += after - held;
        h.traded -= amount;
        if (after != held || amount != 0) {
            touch(symbol);
        }
    }

    // Why a position did not end so; empty where it did.
    std::string fault_of_end(CorporateActionKind kind, const Holding& h) const {
        const Wide per_share = actions_.integer(3);
        const Wide held = actions_.integer(4);
        // A delisted long may lose of its last close; how much is a setting.
        const bool loses = kind == CorporateActionKind::delisting && held > 0 && per_share >= 0 &&
                           per_share <= h.mark_before;
        if (held != h.quantity || (per_share != h.mark_before && !loses)) {
            return wide_text(h.quantity) + " were held with the last close " +
                   wide_text(h.mark_before);
        }
        if (actions_.integer(5) != wide_product(per_share, held)) {
            return "the product is " + wide_text(wide_product(per_share, held));
        }
        return actions_.integer(6) == 0 ? "" : "a position that ends is flat";
    }

    // The same of a split, which takes its row and the mark with it.
    std::string fault_of_split(std::int64_t symbol, Holding& h) {
        constexpr Wide kRestMax = Wide{1} << 64;  // more than any lot: products stay in 128 bits
        const auto row = std::ranges::find(split_of_, symbol, &Ratio::symbol);
        if (row == split_of_.end()) {
            return "there is no such split";
        }
        const Ratio split = *row;
        split_of_.erase(row);
        if (split.new_shares < 1 || split.new_shares > kSplitSharesMax || split.old_shares < 1 ||
            split.old_shares > kSplitSharesMax) {
            return "no split is " + std::to_string(split.new_shares) + " for " +
                   std::to_string(split.old_shares);
        }
        const Wide close = h.mark_before;
        const Wide held = actions_.integer(4);
        const Wide after = actions_.integer(6);
        const Wide whole = held * split.new_shares;
        const Wide rest = whole - after * split.old_shares;
        if (held != h.quantity) {
            return wide_text(h.quantity) + " were held";
        }
        if ((held > 0 ? after < 0 || rest < 0 : after > 0 || rest > 0) || rest > kRestMax ||
            rest < -kRestMax) {
            return "it leaves " + wide_text(after);
        }
        h.mark_before =
            std::max(wide_half_even(close * split.old_shares, split.new_shares), Wide{close > 0});
        if (close > kPriceMax.raw() || actions_.integer(3) != h.mark_before) {
            return "the close before was " + wide_text(close);
        }
        const Wide due = wide_half_even(rest * close, Wide{split.new_shares} * kScale);
        return actions_.integer(5) == due ? "" : wide_text(due) + " is due for the rest";
    }

    void take_fill() {
        const std::int64_t id = fills_.integer(1);
        const std::int64_t symbol = fills_.integer(2);
        const std::string fill = "fill " + std::to_string(id) + " ";
        if (id != last_fill_ + 1) {
            add(fill + "follows fill " + std::to_string(last_fill_) + ": fills are missing");
        }
        last_fill_ = id;
        if (!known(symbol)) {
            return;
        }
        const Wide quantity = fills_.integer(4);
        const Wide reference = fills_.integer(5);
        const Wide price = fills_.integer(6);
        if (slice_of_symbol_key(fills_.integer(3)) >= slice_) {
            add(fill + "is not after its decision (slice " +
                std::to_string(slice_of_symbol_key(fills_.integer(3))) + ")");
        }
        const Wide costs = Wide{fills_.integer(8)} + fills_.integer(9) + fills_.integer(10);
        if (wide_product(price - reference, quantity) != costs) {
            add(fill + "quantity x (price - reference_price) is " +
                wide_text(wide_product(price - reference, quantity)) +
                ", and spread, slippage and impact sum to " + wide_text(costs));
        }
        Holding& h = holding(symbol);
        if (h.bar_slice != slice_ || h.synthetic) {
            add(fill + "has no real bar of " + name(symbol) + " to fill on");
        } else if (reference < h.low || reference > h.high) {
            add(fill + "has the reference price " + wide_text(reference) +
                " outside its bar's low and high");
        }
        if (!fills_.is_null(12)) {
            check_against_order(fill, quantity, reference, price);
        }
        h.quantity += quantity;
        h.traded += wide_product(price, quantity);
        touch(symbol);
        bookings_.push_back({id, -wide_product(price, quantity), -Wide{fills_.integer(11)}});
    }

    void check_against_order(const std::string& fill, Wide quantity, Wide reference, Wide price) {
        if (fills_.integer(3) != fills_.integer(12)) {
            add(fill + "names another decision than its order");
        }
        if (quantity == 0 || (quantity > 0) != (fills_.integer(13) > 0)) {
            add(fill + "is not on its order's side");
        }
        if (wide_product(reference - fills_.integer(14), quantity) != fills_.integer(7)) {
            add(fill + "has the delay cost " + wide_text(fills_.integer(7)) +
                ", and quantity x (reference_price - decision price) is " +
                wide_text(wide_product(reference - fills_.integer(14), quantity)));
        }
        if (!fills_.is_null(15)) {
            const std::int64_t limit = fills_.integer(15);
            if (quantity > 0 ? price > limit : price < limit) {
                add(fill + "passes its order's limit price");
            }
        }
    }

    void take_entry() {
        const auto kind = static_cast<LedgerKind>(ledger_.integer(2));
        const Wide amount = ledger_.integer(5);
        cash_ += amount;
        if (kind == LedgerKind::dividend || kind == LedgerKind::dividend_reversal) {
            due_[{ledger_.integer(3), Booked::dividends}] += amount;
        } else if (kind == LedgerKind::settlement) {
            due_[{ledger_.integer(3), Booked::settlements}] += amount;
        } else if (kind == LedgerKind::split) {
            due_[{ledger_.integer(3), Booked::splits}] += amount;
        }
        const bool of_fill = kind == LedgerKind::trade || kind == LedgerKind::commission;
        if (!of_fill) {
            return;
        }
        const std::string entry = "ledger entry " + std::to_string(ledger_.integer(1)) + " ";
        const auto booking =
            std::find_if(bookings_.begin(), bookings_.end(),
                         [&](const Booking& b) { return b.fill == ledger_.integer(4); });
        if (booking == bookings_.end()) {
            add(entry + "books fill " + std::to_string(ledger_.integer(4)) +
                ", which is not of this slice");
            return;
        }
        Wide& due = kind == LedgerKind::trade ? booking->trade : booking->commission;
        if (due != amount) {
            add(entry + "(" + ledger_kind_name(kind) + " of fill " + std::to_string(booking->fill) +
                ") books " + wide_text(amount) + " where " + wide_text(due) + " is due");
        }
        due = 0;
    }

    void check_bookings() {
        for (const Booking& booking : bookings_) {
            if (booking.trade != 0 || booking.commission != 0) {
                add("fill " + std::to_string(booking.fill) + " is not wholly booked: " +
                    wide_text(booking.trade + booking.commission) + " is missing in the ledger");
            }
        }
        for (const auto& [what, rest] : due_) {
            const auto& [symbol, booked] = what;
            if (rest != 0) {
                const char* const words[] = {"dividends", "settlements", "rests of splits"};
                add(words[static_cast<std::size_t>(booked)] + std::string(" booked for ") +
                    name_of(symbol) + " differ by " + wide_text(rest) +
                    " from its corporate actions");
            }
        }
    }

    void take_position() {
        const std::int64_t symbol = positions_.integer(1);
        if (!known(symbol)) {
            return;
        }
        Holding& h = holding(symbol);
        const std::string position = "the position of " + name(symbol) + " ";
        if (h.change_slice != slice_) {
            add(position + "has a row without a fill or a corporate action");
        }
        h.position_row = true;
        const Wide quantity = positions_.integer(2);
        const Wide cost = positions_.integer(3);
        if (quantity != h.quantity) {
            add(position + "is " + wide_text(quantity) +
                ", and its fills and corporate actions sum to " + wide_text(h.quantity));
        }
        if (cost - positions_.integer(4) != h.traded) {
            add(position + "has cost less realized of " + wide_text(cost - positions_.integer(4)) +
                ", and its trades cost " + wide_text(h.traded));
        }
        if (quantity == 0 && cost != 0) {
            add(position + "is flat and has a cost");
        }
        // From what is stored on, so that one wrong row is told once and not at every slice.
        h.quantity = quantity;
        h.traded = cost - positions_.integer(4);
    }

    void check_touched() {
        for (const std::int64_t symbol : touched_) {
            if (!holding(symbol).position_row) {
                add("the position of " + name(symbol) + " changed and has no row");
            }
        }
    }

    void check_equity() {
        bool found = false;
        each(equity_, [&] {
            found = true;
            take_equity();
        });
        if (!found && !warmup_) {
            add("has no equity row");
        }
    }

    void take_equity() {
        Wide value = 0;
        Wide gross = 0;
        for (const Holding& h : holdings_) {
            const Wide worth = h.quantity == 0 ? 0 : wide_product(h.mark, h.quantity);
            value += worth;
            gross += worth < 0 ? -worth : worth;
        }
        const auto same = [&](const char* what, int column, Wide expected) {
            if (equity_.integer(column) != expected) {
                add(std::string("equity row: ") + what + " is " +
                    wide_text(equity_.integer(column)) + " and should be " + wide_text(expected));
            }
        };
        same("cash (the sum of the ledger)", 1, cash_);
        same("value (positions at their last closes)", 2, value);
        same("equity (cash + value)", 3, Wide{equity_.integer(1)} + equity_.integer(2));
        same("gross (positions at their last closes, without sign)", 4, gross);
        same("net (the value)", 5, equity_.integer(2));
        same("peak (the highest equity so far)", 6, std::max(peak_, Wide{equity_.integer(3)}));
        cash_ = equity_.integer(1);
        peak_ = equity_.integer(6);
    }

    const RunHeader& run_;
    Violations& violations_;

    std::vector<Holding> holdings_;  // by symbol
    std::vector<Booking> bookings_;  // of the slice's fills
    std::vector<std::int64_t> touched_;
    // Of the slice, by symbol and what was booked: booked less due.
    std::map<std::pair<std::int64_t, Booked>, Wide> due_;
    std::vector<Ratio> split_of_;  // of the slice, those whose action did not come yet
    Wide cash_ = 0;
    Wide peak_ = 0;
    std::int64_t slice_ = 0;
    std::int64_t closed_at_ = 0;
    std::int64_t hash_ = 0;
    std::int64_t last_fill_ = 0;
    bool warmup_ = false;
    std::string where_;

    Cursor slices_;
    Cursor bars_;
    Cursor decisions_;
    Cursor fills_;
    Cursor ledger_;
    Cursor splits_;
    Cursor actions_;
    Cursor positions_;
    Cursor equity_;
};

}  // namespace

Result<void> check_account_laws(Database& database, const RunHeader& run, Violations& violations) {
    return AccountPass(database, run, violations).run();
}

}  // namespace paperd::storage
