#include "tests/storage/random_run.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace paperd::storage {
namespace {

class Maker {
public:
    Maker(std::uint64_t seed, std::size_t symbols)
        : random_(seed), symbols_(symbols), closes_(symbols), positions_(symbols) {}

    RandomSlice next(std::int64_t id, bool warmup) {
        RandomSlice made;
        Slice& slice = made.slice;
        Step& step = made.step;
        slice.id = step.slice_id = id;
        slice.warmup = step.warmup = warmup;
        slice.day = Day{std::chrono::days{18'000 + id}};
        slice.closed_at = from_ns((18'000 + id) * 86'400'000'000'000 + 75'600'000'000'000 +
                                  (id % 3 == 0 ? 123'456'789 : 0));
        slice.last_of_session = id % 2 == 0;
        make_bars(slice);
        if (!warmup) {
            trade(slice, step);
            decide(slice, step);
        } else {
            for (std::size_t i = 0; i < symbols_; i += 2) {
                step.warmup_predictions.push_back({symbol_id(i), real(),
                                                   i % 4 == 0 ? real() : kUnknown,
                                                   i % 3 == 0 ? kUnknown : real()});
            }
        }
        for (std::uint32_t group = 0; group < below(4); ++group) {
            step.model_outputs.push_back({1, group, {real(), below(3) == 0 ? kUnknown : real()}});
        }
        if (below(3) == 0) {
            step.incidents.push_back({static_cast<Severity>(below(3)), "series_cut",
                                      below(2) == 0 ? kNoSymbol : symbol_id(below(symbols_)),
                                      "it moved by 'a lot', \"twice\"\n"});
        }
        step.trading_state = static_cast<TradingState>(below(3));
        step.trading_state_reason =
            step.trading_state == TradingState::active ? Reason::none : Reason::drawdown;
        step.model_digest = random_();
        step.state_hash = random_();
        return made;
    }

    std::vector<Order> take_orders() { return std::move(orders_); }

private:
    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

    double real() { return static_cast<double>(random_() >> 11) * 0x1.0p-53 - 0.5; }

    void make_bars(Slice& slice) {
        closes_before_ = closes_;
        for (std::size_t i = 0; i < symbols_; ++i) {
            if (below(8) == 0) {
                continue;
            }
            Bar bar;
            bar.symbol = symbol_id(i);
            bar.closed_at = slice.closed_at;
            bar.low = Price::from_raw(static_cast<std::int64_t>(1'000'000'000 + below(1'000'000)));
            bar.open = bar.low + Price::from_raw(static_cast<std::int64_t>(below(90'000'000)));
            bar.close = bar.low + Price::from_raw(static_cast<std::int64_t>(below(90'000'000)));
            bar.high = std::max(bar.open, bar.close) +
                       Price::from_raw(static_cast<std::int64_t>(below(1'000)));
            bar.adj_close = below(2) == 0 ? bar.close : bar.close - Price::from_raw(12'345);
            bar.volume = below(2) == 0 ? static_cast<double>(below(1'000'000)) : real() + 7;
            bar.synthetic = below(10) == 0;
            slice.bars.push_back(bar);
            if (!bar.synthetic) {
                closes_[i] = bar.close;
            }
        }
    }

    void book(Step& step, LedgerKind kind, SymbolId symbol, std::int64_t fill, Money amount) {
        step.ledger.push_back({kind, symbol, fill, amount});
        cash_ += amount;
    }

    void trade(Slice& slice, Step& step) {
        if (!deposited_) {
            deposited_ = true;
            book(step, LedgerKind::deposit, kNoSymbol, 0, Money::whole(1'000'000));
        }
        if (below(2) == 0) {
            book(step, LedgerKind::interest, kNoSymbol, 0, Money::from_raw(1'234'567));
            book(step, LedgerKind::borrow, symbol_id(below(symbols_)), 0, Money::from_raw(-98'765));
        }
        if (below(2) == 0) {
            const SymbolId symbol = symbol_id(below(symbols_));
            const Quantity held = positions_[index(symbol)].quantity;
            const Price per_share = Price::from_raw(7'654'321);
            step.corporate_actions.push_back({symbol, static_cast<CorporateActionKind>(below(2)),
                                              per_share, held, held, per_share * held});
            if (held.raw() != 0) {
                book(step, LedgerKind::dividend, symbol, 0, per_share * held);
            }
        }
        if (!slice.bars.empty() && below(4) == 0) {
            split(slice, step);
        }
        for (const Bar& bar : slice.bars) {
            for (Order& order : orders_) {
                if (order.symbol == bar.symbol && order.state == OrderState::working &&
                    !bar.synthetic) {
                    fill(order, bar, slice, step);
                }
            }
        }
        const auto filled = [&](SymbolId symbol) {
            return std::ranges::find(step.positions, symbol, &PositionChange::symbol) !=
                   step.positions.end();
        };
        if (split_ && !filled(*split_)) {
            step.positions.push_back({*split_, positions_[index(*split_)]});
        }
        split_.reset();
        std::sort(step.positions.begin(), step.positions.end(),
                  [](const auto& a, const auto& b) { return a.symbol < b.symbol; });
        if (below(4) == 0) {
            made_commands_ += 1;
            slice.commands.push_back(
                {made_commands_, static_cast<CommandKind>(below(5)), slice.closed_at, "by hand"});
        }
    }

    // Of a symbol with a bar, to lots of 0.01.
    void split(Slice& slice, Step& step) {
        const SymbolId symbol = slice.bars[below(slice.bars.size())].symbol;
        const Price close = closes_before_[index(symbol)];
        if (close.raw() == 0) {
            return;
        }
        const Split made{.symbol = symbol,
                         .ex_date = slice.day,
                         .new_shares = 3,
                         .old_shares = below(2) == 0 ? 2 : 5};
        slice.splits.push_back(made);
        Position& position = positions_[index(symbol)];
        const Quantity held = position.quantity;
        const Quantity after = split_quantity(held, made, Quantity::from_raw(1'000'000));
        const __int128 rest = static_cast<__int128>(held.raw()) * made.new_shares -
                              static_cast<__int128>(after.raw()) * made.old_shares;
        const Money paid = Money::from_raw(
            divide_half_even(rest * close.raw(), static_cast<__int128>(made.new_shares) * kScale));
        step.corporate_actions.push_back(
            {symbol, CorporateActionKind::split, split_price(close, made), held, after, paid});
        if (paid.raw() != 0) {
            book(step, LedgerKind::split, symbol, 0, paid);
        }
        if (held != after || paid.raw() != 0) {
            // As crude as a fill.
            const Money cost = Price::whole(5) * after;
            position.realized += cost - position.cost + paid;
            position.cost = cost;
            position.quantity = after;
            split_ = symbol;
        }
    }

    void fill(Order& order, const Bar& bar, const Slice& slice, Step& step) {
        const bool whole = below(2) == 0;
        const Quantity size =
            whole ? order.open_quantity() : Quantity::from_raw(order.open_quantity().raw() / 2);
        if (size.raw() == 0) {
            return;
        }
        const bool buying = size.raw() > 0;
        Fill made;
        made.id = ++fills_;
        made.order = order.id;
        made.symbol = order.symbol;
        made.decision_slice = order.decision_slice;
        made.at = below(2) == 0 ? slice.open_fills_at() : slice.closed_at;
        made.quantity = size;
        made.reference_price = bar.open;
        const Price moved = Price::from_raw(static_cast<std::int64_t>(below(10'000)));
        made.price = buying ? bar.open + moved : bar.open - moved;
        made.spread_cost = (made.price - bar.open) * size;
        made.slippage_cost = pro_rata(made.spread_cost, Quantity::whole(1), Quantity::whole(3));
        made.impact_cost = Money::from_raw(below(2) == 0 ? 0 : made.spread_cost.raw() / 7);
        made.spread_cost -= made.slippage_cost + made.impact_cost;
        made.delay_cost = (made.reference_price - order.decision_price) * size;
        made.commission = Money::from_raw(static_cast<std::int64_t>(below(3) * 5'000'000));
        made.participation = real() + 0.5;
        made.spread_corwin_schultz = real() + 0.5;
        made.spread_abdi_ranaldo = real() + 0.5;
        step.fills.push_back(made);

        const Money amount = made.price * size;
        book(step, LedgerKind::trade, made.symbol, made.id, -amount);
        if (made.commission.raw() != 0) {
            book(step, LedgerKind::commission, made.symbol, made.id, -made.commission);
        }
        Position& position = positions_[index(made.symbol)];
        const Quantity after = position.quantity + size;
        if (position.quantity.raw() == 0 || (position.quantity.raw() > 0) != (after.raw() > 0)) {
            position.since = slice.closed_at;
        }
        // All of the profit is realized at once and the cost kept at 5 a share: crude, and true
        // to the law that cost less realized is what the trades cost.
        const Money cost = Price::whole(5) * after;
        position.realized += cost - position.cost - amount;
        position.cost = cost;
        position.quantity = after;
        step.positions.push_back({made.symbol, position});

        order.filled += size;
        order.since = slice.closed_at;
        order.state = order.filled == order.quantity ? OrderState::filled : OrderState::working;
        order.reason =
            order.state == OrderState::filled ? Reason::filled : Reason::partially_filled;
        step.orders.push_back(order);
    }

    void decide(const Slice& slice, Step& step) {
        constexpr Reason kSome[] = {Reason::none, Reason::no_bar, Reason::edge_below_cost,
                                    Reason::gross_leverage, Reason::on_target};
        for (std::size_t i = 0; i < symbols_; ++i) {
            Decision decision;
            decision.symbol = symbol_id(i);
            decision.signal.prediction = below(5) == 0 ? kUnknown : real();
            decision.signal.uncertainty = below(2) == 0 ? kUnknown : real() + 1;
            decision.signal.weight = below(5) == 0 ? -0.0 : real();
            decision.signal.reason = kSome[below(5)];
            decision.approved_weight = below(5) == 0 ? 0.0 : real();
            decision.target_quantity = positions_[i].quantity;
            decision.reason = kSome[below(5)];
            decision.in_sample = slice.id % 4 == 0;
            if (below(3) == 0) {
                step.adjustments.push_back({decision.symbol, Reason::gross_leverage, 2.0,
                                            below(4) == 0 ? kUnknown : 2.5 + real(), real()});
            }
            const bool free = std::none_of(orders_.begin(), orders_.end(), [&](const Order& o) {
                return o.symbol == decision.symbol && o.state == OrderState::working;
            });
            if (free && closes_[i].raw() > 0 && below(2) == 0) {
                order(slice, step, decision);
            }
            step.decisions.push_back(decision);
        }
        for (std::size_t i = 0; i < symbols_; ++i) {
            const Money worth = closes_[i] * positions_[i].quantity;
            step.equity.value += worth;
            step.equity.gross += abs(worth);
        }
        step.equity.cash = cash_;
        step.equity.net = step.equity.value;
        step.equity.equity = step.equity.cash + step.equity.value;
        peak_ = std::max(peak_, step.equity.equity);
        step.equity.peak = peak_;
    }

    void order(const Slice& slice, Step& step, Decision& decision) {
        Order made;
        made.id = static_cast<OrderId>(orders_.size()) + 1;
        made.symbol = decision.symbol;
        made.decision_slice = slice.id;
        made.decided_at = slice.closed_at;
        made.decided_day = slice.day;
        made.decision_price = closes_[index(decision.symbol)];
        made.type = static_cast<OrderType>(below(4));
        made.time_in_force = static_cast<TimeInForce>(below(3));
        made.quantity = Quantity::from_raw(static_cast<std::int64_t>(below(2'000) + 1) * 1'000'000);
        if (below(2) == 0) {
            made.quantity = -made.quantity;
        }
        if (made.type == OrderType::stop) {
            made.stop_price = made.decision_price;
            made.stop_triggered = true;
        }
        if (made.type == OrderType::limit) {
            made.limit_price = made.quantity.raw() > 0 ? Price::whole(1'000) : Price::whole(1);
        }
        made.since = slice.closed_at;
        decision.target_quantity += made.quantity;
        decision.reason = Reason::ordered;
        orders_.push_back(made);
        step.orders.push_back(made);
    }

    std::mt19937_64 random_;
    std::size_t symbols_;
    std::vector<Price> closes_;
    std::vector<Price> closes_before_;  // at the slice before
    std::optional<SymbolId> split_;     // changed a position of the slice at hand
    std::vector<Position> positions_;
    std::vector<Order> orders_;
    Money cash_;
    Money peak_;
    std::int64_t fills_ = 0;
    std::int64_t made_commands_ = 0;
    bool deposited_ = false;
};

}  // namespace

RunHeader random_header(std::uint64_t seed, std::size_t symbols) {
    RunHeader header;
    header.run_key = "key-" + std::to_string(seed);
    header.mode = "replay";
    header.version = "0.1.0";
    header.config_path = "config/some.yaml";
    header.config_text = "title: some\nrisk:\n  gross_leverage_max: 2\nseed: 1\n";
    header.calendar_version = "new_york-1";
    header.seed = ~seed;
    header.from = "2019-04-14";
    header.interval_ns = 86'400'000'000'000;
    header.currency = "USD";
    for (std::size_t i = 0; i < symbols; ++i) {
        header.symbols.push_back(std::string("S").append(std::to_string(i)));
    }
    header.feature_set = "attention";
    header.feature_set_hash = ~seed * 3;
    header.fingerprint = "somewhere";
    header.models = {
        {.role = kForecaster, .path = "models/a.pmb", .sha256 = "abc123", .facts_json = "{}"},
        {.role = "regime_veto", .path = "models/b.pmb", .sha256 = "def456", .facts_json = "[]"}};
    for (int i = 0; i < 300; ++i) {
        header.models[static_cast<std::size_t>(i % 2)].bundle.push_back(static_cast<std::byte>(i));
    }
    return header;
}

RandomRun random_run(std::uint64_t seed, std::size_t symbols, std::size_t slices) {
    RandomRun run;
    run.header = random_header(seed, symbols);
    Maker maker(seed, symbols);
    for (std::size_t i = 0; i < slices; ++i) {
        run.slices.push_back(maker.next(static_cast<std::int64_t>(i) + 1, i < slices / 5));
    }
    run.orders = maker.take_orders();
    return run;
}

Result<void> store(Journal& journal, const RandomRun& run) {
    for (const RandomSlice& made : run.slices) {
        Checkpoint checkpoint{made.slice.id, {std::byte{1}, std::byte{2}}};
        auto r = journal.commit(made.slice, made.step, made.slice.closed_at,
                                made.slice.id % 5 == 0 ? &checkpoint : nullptr);
        if (r.has_error()) {
            return r;
        }
    }
    return journal.finish();
}

}  // namespace paperd::storage
