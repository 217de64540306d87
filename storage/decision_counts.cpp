#include "storage/decision_counts.h"

#include <algorithm>
#include <array>

#include "execution/types/decision_numbers.h"
#include "execution/types/reason.h"
#include "storage/cursor.h"
#include "storage/keys.h"
#include "storage/stored_value.h"

namespace paperd::storage {
namespace {

// By the number of the reason.
using ReasonCounts = std::array<std::int64_t, 256>;

Counts named(const ReasonCounts& counts) {
    Counts list;
    for (std::size_t reason = 0; reason < counts.size(); ++reason) {
        if (counts[reason] > 0) {
            list.emplace_back(reason_text(static_cast<Reason>(reason)).name, counts[reason]);
        }
    }
    std::stable_sort(list.begin(), list.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return list;
}

bool is_risks(Reason rule) { return rule >= Reason::not_finite && rule < Reason::accepted; }

// One pass over decisions, with orders, adjustments and positions beside it, slice by slice.
class Counter {
public:
    Counter(Database& database, std::size_t symbols)
        : decision_(database,
                    "SELECT decision_id, reason, target_quantity_e8, numbers FROM decisions "
                    "ORDER BY decision_id"),
          order_(database, "SELECT decision_id FROM orders ORDER BY decision_id"),
          adjustment_(database,
                      "SELECT adjustment_id, decision_id, rule FROM risk_adjustments "
                      "WHERE decision_id IS NOT NULL ORDER BY adjustment_id"),
          position_(database,
                    "SELECT position_id, quantity_e8 FROM positions ORDER BY position_id"),
          held_(symbols),
          decided_(symbols) {}

    Result<DecisionCounts> count() {
        while (decision_.live()) {
            take_slice(slice_of_symbol_key(decision_.integer(0)));
        }
        for (const Cursor* cursor : {&decision_, &order_, &adjustment_, &position_}) {
            TRY(cursor->ended());
        }
        counts_.reasons = named(reasons_);
        counts_.denied = named(denied_);
        counts_.reduced = named(reduced_);
        counts_.cut_short = named(cut_short_);
        return counts_;
    }

private:
    struct Decided {
        std::int64_t slice = 0;
        Reason reason = Reason::none;
        std::int64_t target = 0;
    };

    void take_slice(std::int64_t slice) {
        for (; position_.live() && slice_of_symbol_key(position_.integer(0)) <= slice;
             position_.next()) {
            const std::size_t symbol = index(symbol_of_symbol_key(position_.integer(0)));
            if (symbol < held_.size()) {
                held_[symbol] = position_.integer(1);
            }
        }
        for (; decision_.live() && slice_of_symbol_key(decision_.integer(0)) == slice;
             decision_.next()) {
            take_decision(slice);
        }
        for (; adjustment_.live() && adjustment_.integer(0) >> kPlaceShift <= slice;
             adjustment_.next()) {
            take_adjustment(slice);
        }
    }

    void take_decision(std::int64_t slice) {
        const std::int64_t key = decision_.integer(0);
        const std::size_t symbol = index(symbol_of_symbol_key(key));
        ++counts_.decisions;
        ++reasons_[static_cast<std::uint8_t>(decision_.integer(1))];
        if (symbol >= decided_.size()) {
            return;
        }
        const std::int64_t target = decision_.integer(2);
        decided_[symbol] = {slice, static_cast<Reason>(decision_.integer(1)), target};
        while (order_.live() && order_.integer(0) < key) {
            order_.next();
        }
        if (order_.live() && order_.integer(0) == key && increases(held_[symbol], target)) {
            count_gate(StoredValue<DecisionNumbers>::value(decision_.row(), 3));
        }
    }

    static bool increases(std::int64_t held, std::int64_t target) {
        return target > 0 ? target > held : target < held && target < 0;
    }

    void count_gate(const DecisionNumbers& numbers) {
        if (numbers.has(DecisionNumber::edge) && numbers.has(DecisionNumber::round_trip)) {
            ++counts_.gate.increases;
            counts_.gate.below_cost +=
                numbers.get(DecisionNumber::edge) < numbers.get(DecisionNumber::round_trip) ? 1 : 0;
        }
    }

    void take_adjustment(std::int64_t slice) {
        const std::int64_t key = adjustment_.integer(1);
        const std::size_t symbol = index(symbol_of_symbol_key(key));
        if (slice_of_symbol_key(key) != slice || symbol >= decided_.size() ||
            decided_[symbol].slice != slice) {
            return;
        }
        const auto number = static_cast<std::uint8_t>(adjustment_.integer(2));
        const auto rule = static_cast<Reason>(number);
        if (!is_risks(rule)) {
            ++cut_short_[number];
            return;
        }
        const Decided& decided = decided_[symbol];
        const bool stopped = decided.target == 0 || decided.target == held_[symbol];
        ++(decided.reason == rule && stopped ? denied_ : reduced_)[number];
    }

    Cursor decision_;
    Cursor order_;
    Cursor adjustment_;
    Cursor position_;
    std::vector<std::int64_t> held_;  // after the slice's fills
    std::vector<Decided> decided_;    // by symbol, in the slice in hand
    ReasonCounts reasons_{};
    ReasonCounts denied_{};
    ReasonCounts reduced_{};
    ReasonCounts cut_short_{};
    DecisionCounts counts_;
};

}  // namespace

Result<DecisionCounts> count_decisions(Database& database, std::size_t symbols) {
    return Counter(database, symbols).count();
}

}  // namespace paperd::storage
