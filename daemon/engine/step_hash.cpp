#include "daemon/engine/step_hash.h"

#include <array>
#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include <xxhash.h>

#include "execution/types/check.h"

namespace paperd::daemon {
namespace {

// Fields are gathered as 64-bit words and hashed in one go: padding bytes of structs never enter.
class Words {
public:
    void add(std::int64_t value) { words_.push_back(static_cast<std::uint64_t>(value)); }

    void add(std::uint64_t value) { words_.push_back(value); }

    // Every NaN is the same "unknown", and -0 is 0, as the database has them.
    void add(double value) {
        words_.push_back(std::isnan(value) ? ~0ULL : std::bit_cast<std::uint64_t>(value + 0.0));
    }

    template <class Tag>
    void add(Fixed<Tag> value) {
        add(value.raw());
    }

    void add(SymbolId symbol) { words_.push_back(index(symbol)); }

    void add(Timestamp t) { add(to_ns(t)); }

    void add(Nanoseconds time) { add(static_cast<std::int64_t>(time.count())); }

    void add(const std::string& text) {
        words_.push_back(text.size());
        words_.push_back(XXH3_64bits(text.data(), text.size()));
    }

    template <class E>
        requires std::is_enum_v<E>
    void add(E value) {
        words_.push_back(static_cast<std::uint64_t>(value));
    }

    void add(bool value) { words_.push_back(value ? 1 : 0); }

    void clear() { words_.clear(); }

    [[nodiscard]] std::uint64_t hash() const {
        return XXH3_64bits(words_.data(), words_.size() * sizeof(std::uint64_t));
    }

private:
    std::vector<std::uint64_t> words_;
};

void add_order(Words& words, const Order& order) {
    words.add(order.id);
    words.add(order.symbol);
    words.add(order.decision_slice);
    words.add(order.decided_at);
    words.add(order.decision_price);
    words.add(order.type);
    words.add(order.time_in_force);
    words.add(order.quantity);
    words.add(order.filled);
    words.add(order.limit_price.value_or(Price{}));
    words.add(order.stop_price.value_or(Price{}));
    words.add(order.stop_triggered);
    words.add(order.state);
    words.add(order.reason);
    words.add(order.since);
}

void add_fill(Words& words, const Fill& fill) {
    words.add(fill.id);
    words.add(fill.order);
    words.add(fill.symbol);
    words.add(fill.decision_slice);
    words.add(fill.quantity);
    words.add(fill.reference_price);
    words.add(fill.price);
    words.add(fill.delay_cost);
    words.add(fill.spread_cost);
    words.add(fill.slippage_cost);
    words.add(fill.impact_cost);
    words.add(fill.commission);
    words.add(fill.participation);
    words.add(fill.spread_corwin_schultz);
    words.add(fill.spread_abdi_ranaldo);
}

void add_decision(Words& words, const Decision& decision) {
    words.add(decision.symbol);
    words.add(decision.signal.prediction);
    words.add(decision.signal.uncertainty);
    words.add(decision.signal.weight);
    words.add(decision.signal.reason);
    words.add(decision.approved_weight);
    words.add(decision.target_quantity);
    words.add(decision.reason);
    words.add(decision.in_sample);
}

void add_bar(Words& words, const Bar& bar) {
    words.add(bar.symbol);
    words.add(bar.open);
    words.add(bar.high);
    words.add(bar.low);
    words.add(bar.close);
    words.add(bar.adj_close);
    words.add(bar.volume);
    words.add(bar.synthetic);
}

}  // namespace

std::uint64_t step_hash(std::uint64_t before, const Slice& slice, const Step& step,
                        const execution::Portfolio& portfolio) {
    static thread_local Words words;
    words.clear();
    words.add(before);
    words.add(slice.id);
    words.add(slice.closed_at);
    words.add(slice.late);
    words.add(std::int64_t{day_number(slice.day)});
    words.add(slice.warmup);
    words.add(slice.last_of_session);
    for (const Bar& bar : slice.bars) {
        add_bar(words, bar);
    }
    for (const Command& command : slice.commands) {
        words.add(command.id);
        words.add(command.kind);
        words.add(command.received_at);
        words.add(command.note);
    }
    for (const CorporateAction& action : step.corporate_actions) {
        words.add(action.symbol);
        words.add(action.kind);
        words.add(action.per_share);
        words.add(action.held);
        words.add(action.amount);
    }
    for (const Fill& fill : step.fills) {
        add_fill(words, fill);
    }
    for (const LedgerEntry& entry : step.ledger) {
        words.add(entry.kind);
        words.add(entry.symbol);
        words.add(entry.fill);
        words.add(entry.amount);
    }
    for (const Decision& decision : step.decisions) {
        add_decision(words, decision);
    }
    for (const WarmupPrediction& prediction : step.warmup_predictions) {
        words.add(prediction.symbol);
        words.add(prediction.prediction);
        words.add(prediction.uncertainty);
    }
    for (const RiskAdjustment& adjustment : step.adjustments) {
        words.add(adjustment.symbol);
        words.add(adjustment.rule);
        words.add(adjustment.limit);
        words.add(adjustment.before);
        words.add(adjustment.after);
    }
    for (const Order& order : step.orders) {
        add_order(words, order);
    }
    words.add(step.equity.cash);
    words.add(step.equity.value);
    words.add(step.equity.gross);
    words.add(step.equity.peak);
    words.add(step.trading_state);
    words.add(step.trading_state_reason);
    for (std::size_t i = 0; i < portfolio.symbols(); ++i) {
        const Position& position = portfolio.position(symbol_id(i));
        if (position.quantity.raw() != 0 || position.realized.raw() != 0) {
            words.add(static_cast<std::uint64_t>(i));
            words.add(position.quantity);
            words.add(position.cost);
            words.add(position.realized);
        }
    }
    words.add(step.model_digest);
    return words.hash();
}

}  // namespace paperd::daemon
