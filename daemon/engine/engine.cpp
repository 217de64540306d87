#include "daemon/engine/engine.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "daemon/engine/step_hash.h"
#include "execution/types/section_tag.h"

namespace paperd::daemon {
namespace {

constexpr std::uint32_t kCheckpointMagic = section_tag("PDC1");
constexpr std::uint32_t kCheckpointVersion = 3;

// An order may change twice in a slice (partly filled, then replaced); the Step shows it once, as
// it stands at the end.
void keep_last_of_each_order(std::vector<Order>& orders) {
    std::stable_sort(orders.begin(), orders.end(),
                     [](const Order& a, const Order& b) { return a.id < b.id; });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < orders.size(); ++i) {
        if (i + 1 == orders.size() || orders[i + 1].id != orders[i].id) {
            orders[kept++] = orders[i];
        }
    }
    orders.resize(kept);
}

// "slice 12 (2019-12-23T21:00:00Z): ".
std::string where_text(const Slice& slice) {
    return "slice " + std::to_string(slice.id) + " (" + timestamp_text(slice.closed_at) + "): ";
}

// What to do if nobody told of a split.
std::string split_hint(const std::string& symbol, const strategy::SeriesCut& cut, Day day) {
    const std::string ratio = cut.nearest_split();
    return fmt::format(
        "; the nearest usual split is {}: if it was one, add '{},{},{}' to market.splits", ratio,
        symbol, day_text(day), ratio);
}

}  // namespace

double bars_per_day(const config::Config& config) {
    if (!is_intraday(config.interval)) {
        return 1;
    }
    const double session_minutes = config.calendar == CalendarKind::new_york ? 390 : 1440;
    return session_minutes /
           std::chrono::duration<double, std::ratio<60>>(bar_length(config.interval)).count();
}

bool ModelSpan::trained_on(Day day) const {
    return std::any_of(trained_days.begin(), trained_days.end(),
                       [&](const auto& range) { return range.first <= day && day <= range.last; });
}

Engine::Engine(const config::Config& config, std::size_t symbols,
               std::unique_ptr<strategy::Strategy> strategy, ModelSpan span, EngineOptions options)
    : config_(config),
      options_(options),
      span_(std::move(span)),
      market_(symbols, config.market_data),
      strategy_(std::move(strategy)),
      portfolio_(symbols),
      range_(symbols, config.costs),
      costs_(config.costs, bars_per_day(config), execution::price_basis(config.interval)),
      failures_(config.failures),
      broker_(config.broker, costs_, failures_, market_),
      execution_(config.execution, config.strategy.gross_budget / static_cast<double>(symbols),
                 config.broker.lot, costs_, market_),
      dividends_(symbols, config.dividends),
      delistings_(symbols, config.delisting),
      risk_(symbols, config.risk, config.broker.lot),
      data_(symbols, {.bar_length = bar_length(config.interval),
                      .always_open = config.calendar == CalendarKind::always_open,
                      .gap_bars = config.gap_bars,
                      .stale_after_bars = config.risk.stale_after_bars}),
      wishes_(symbols),
      signals_(symbols),
      closes_before_(symbols),
      closes_(symbols),
      has_bar_(symbols),
      taken_(symbols),
      wanted_(symbols),
      approved_(symbols),
      targets_(symbols),
      outcomes_(symbols) {
    strategy_->adopt_outputs = [this](const Slice& slice, std::size_t model,
                                      strategy::ModelOutputs& outputs) {
        if (adopt_outputs) {
            adopt_outputs(slice, model, outputs);
        }
    };
}

std::string Engine::name(SymbolId symbol) const {
    return index(symbol) < config_.symbols.size() ? config_.symbols[index(symbol)]
                                                  : "symbol " + std::to_string(index(symbol));
}

Result<void> Engine::validate(const Slice& slice) const {
    const std::string where = where_text(slice);
    if (slice.id != last_slice_id_ + 1) {
        return fail(where + "expected slice " + std::to_string(last_slice_id_ + 1));
    }
    if (last_slice_id_ > 0 && slice.closed_at <= last_closed_at_) {
        return fail(where + "is not newer than the last slice (" + timestamp_text(last_closed_at_) +
                    "); feed bars in the order of time");
    }
    if (last_trading_day_ && slice.day < *last_trading_day_) {
        return fail(where + "is of the day " + day_text(slice.day) + ", before the last slice's (" +
                    day_text(*last_trading_day_) + "); feed bars in the order of time");
    }
    const SymbolId* before = nullptr;
    for (const Bar& bar : slice.bars) {
        if (index(bar.symbol) >= portfolio_.symbols()) {
            return fail(where + "has a bar of a symbol outside the universe");
        }
        if (before != nullptr && bar.symbol <= *before) {
            return fail(where + "has two bars of one symbol, or bars out of order");
        }
        if (const std::string fault = bar_fault(bar); !fault.empty()) {
            return fail(where + "the bar of " + name(bar.symbol) +
                        " has prices or a volume that make no sense: " + fault);
        }
        before = &bar.symbol;
    }
    for (const Split& split : slice.splits) {
        if (index(split.symbol) >= portfolio_.symbols() || split.new_shares < 1 ||
            split.new_shares > kSplitSharesMax || split.old_shares < 1 ||
            split.old_shares > kSplitSharesMax) {
            return fail(where + "has a split that makes no sense: " +
                        std::to_string(split.new_shares) + " new shares for " +
                        std::to_string(split.old_shares) + " of " + name(split.symbol));
        }
    }
    return {};
}

Result<void> Engine::check_range(const Slice& slice) {
    const std::int64_t days =
        last_trading_day_ ? std::int64_t{(slice.day - *last_trading_day_).count()} : 0;
    const auto beyond = range_.beyond(slice, portfolio_, broker_, days);
    if (!beyond) {
        return {};
    }
    const std::string limit =
        fmt::format("{:.2g} {}, which is more than the {:.0e} that an account may", beyond->amount,
                    config_.currency, execution::kAccountMax);
    if (beyond->symbol == kNoSymbol) {
        return fail(
            fmt::format("{}comes {} days after the one before: their interest and borrow "
                        "fees could take the account to {}; replay such spans apart",
                        where_text(slice), days, limit));
    }
    const auto bar = std::find_if(slice.bars.begin(), slice.bars.end(),
                                  [&](const Bar& b) { return b.symbol == beyond->symbol; });
    return fail(fmt::format(
        "{}{}{} could take the account to {}, with {} held: correct the bar, or trade with less "
        "cash (account.starting_cash) or smaller positions (strategy.gross_budget)",
        where_text(slice), name(beyond->symbol),
        bar == slice.bars.end() ? "" : " at a high of " + bar->high.text(), limit,
        portfolio_.position(beyond->symbol).quantity.text()));
}

Result<Step> Engine::on_slice(const Slice& slice) {
    if (broken_) {
        return *broken_;
    }
    TRY(validate(slice));
    TRY(check_range(slice));
    Step step;
    step.slice_id = slice.id;
    step.warmup = slice.warmup;
    step.incidents = slice.notes;
    if (!slice.warmup && !last_trading_day_) {
        portfolio_.deposit(config_.starting_cash, step.ledger);
    }
    apply_commands(slice, step);
    trade_on(slice, step);
    if (const auto inferred = infer(slice, step); inferred.has_error()) {
        broken_ = fail(where_text(slice) + inferred.error().text, inferred.error().kind);
        return *broken_;
    }
    if (!slice.warmup) {
        decide(slice, step);
        last_trading_day_ = slice.day;
    }
    if (strategy_->has_forecast()) {
        wishes_.take(signals_);
    }
    step.trading_state = risk_.state();
    step.trading_state_reason = risk_.state_reason();
    step.model_digest = strategy_->model_digest();
    if (adopt_model_digest) {
        adopt_model_digest(slice, step.model_digest);
    }
    state_hash_ = step_hash(state_hash_, slice, step, portfolio_);
    step.state_hash = state_hash_;
    last_slice_id_ = slice.id;
    last_closed_at_ = slice.closed_at;
    return step;
}

void Engine::apply_commands(const Slice& slice, Step& step) {
    for (const Command& command : slice.commands) {
        risk_.on_command(command, step.incidents);
        cancel_what_risk_stopped(slice, step);
    }
}

// An order that increases a position must not outlive the state that allowed it, also where the
// symbol has no bar now.
void Engine::cancel_what_risk_stopped(const Slice& slice, Step& step) {
    if (risk_.state() == TradingState::halted) {
        broker_.cancel_all(Reason::cancelled_by_halt, slice.closed_at, step.orders);
    } else if (risk_.state() == TradingState::reducing) {
        broker_.cancel_all(Reason::cancelled_by_risk, slice.closed_at, step.orders);
    }
}

// Steps 2 to 4: what the bars do to what was decided before, then the bars enter the rings. In this
// order: the settlement after a long gap (it is at the close before the gap, so that nothing is
// held over it), the interest of the days since the last slice's, splits, positions taken as
// delisted, dividends, then the fills.
void Engine::trade_on(const Slice& slice, Step& step) {
    settle_after_gap(slice, step);
    if (!slice.warmup && last_trading_day_ && *last_trading_day_ != slice.day) {
        execution::book_interest(portfolio_, config_.costs,
                                 static_cast<int>((slice.day - *last_trading_day_).count()),
                                 step.ledger);
    }
    for (const Split& split : slice.splits) {
        market_.split(split);
    }
    execution::apply_splits(slice, config_.broker.lot, portfolio_, broker_, dividends_,
                            step.corporate_actions, step.ledger, step.orders);
    delistings_.on_slice(slice, portfolio_, broker_, step.corporate_actions, step.ledger,
                         step.orders, step.incidents);
    dividends_.on_slice(slice, portfolio_, step.corporate_actions, step.ledger, step.incidents);
    if (!slice.warmup) {
        cancel_at_joins(slice, step);
        broker_.on_slice(slice, step.fills, step.orders);
        for (const Fill& fill : step.fills) {
            portfolio_.apply(fill, slice.closed_at, step.ledger);
            risk_.on_fill(slice.day, abs(fill.price * fill.quantity));
        }
    }
    std::fill(has_bar_.begin(), has_bar_.end(), std::uint8_t{0});
    for (const Bar& bar : slice.bars) {
        const std::size_t i = index(bar.symbol);
        has_bar_[i] = bar.synthetic ? 0 : 1;
        closes_before_[i] = portfolio_.mark_price(bar.symbol);
        closes_[i] = bar.close;
    }
    portfolio_.mark(slice);
    portfolio_.check_balance();
}

// What lies days apart is not one market: nobody could have traded in between.
void Engine::settle_after_gap(const Slice& slice, Step& step) {
    if (!options_.settle_after_gaps || slice.warmup || !last_trading_day_ ||
        (slice.day - *last_trading_day_).count() <= config_.market_data.join_days_max) {
        return;
    }
    broker_.cancel_all(Reason::cancelled_by_join, slice.closed_at, step.orders);
    for (std::size_t i = 0; i < portfolio_.symbols(); ++i) {
        const SymbolId symbol = symbol_id(i);
        const Quantity held = portfolio_.position(symbol).quantity;
        if (held.raw() == 0) {
            continue;
        }
        const Price last = portfolio_.mark_price(symbol);
        portfolio_.end(symbol, CorporateActionKind::settlement, last, step.corporate_actions,
                       step.ledger);
        step.incidents.push_back(
            {Severity::warning, "position_settled", symbol,
             fmt::format("{} held on {}, and no bar of any symbol until {}: settled at the last "
                         "close, {}",
                         held.text(), day_text(*last_trading_day_), day_text(slice.day),
                         last.text())});
    }
}

// An order from before a jump or a long gap does not mean on this side what it meant on the other.
// A position has the move.
void Engine::cancel_at_joins(const Slice& slice, Step& step) {
    for (const Bar& bar : slice.bars) {
        if (market_.cut_by(bar, slice.day)) {
            broker_.cancel(bar.symbol, Reason::cancelled_by_join, slice.closed_at, step.orders);
        }
    }
}

void Engine::show_account() {
    Money free = portfolio_.cash();
    for (std::size_t i = 0; i < taken_.size(); ++i) {
        taken_[i] = portfolio_.position(symbol_id(i)).quantity.raw() != 0 ? 1 : 0;
    }
    for (const Order& order : broker_.working()) {
        taken_[index(order.symbol)] = 1;
        if (const Quantity open = order.open_quantity(); open.raw() > 0) {
            free -= portfolio_.mark_price(order.symbol) * open;
        }
    }
    strategy_->on_account({.equity = portfolio_.equity().equity, .free = free, .taken = taken_});
}

Result<void> Engine::infer(const Slice& slice, Step& step) {
    data_.on_slice(slice, step.incidents);
    const auto cuts = market_.take(slice);
    for (const strategy::SeriesCut& cut : cuts) {
        const bool jumps = std::abs(cut.move) > config_.market_data.join_move_max;
        step.incidents.push_back(
            {Severity::warning, cut.within_day() ? "price_jump" : "series_cut", cut.symbol,
             fmt::format(
                 "the bar is {} days after the one before and its close moved by {:.2f} %: "
                 "the symbol warms up anew, and the move counts{}",
                 cut.days_apart, cut.move * 100,
                 jumps && !cut.within_day() ? split_hint(name(cut.symbol), cut, slice.day) : "")});
    }
    if (!slice.warmup && strategy_->needs_account()) {
        show_account();
    }
    TRY(strategy_->on_slice(slice, market_, cuts, signals_));
    strategy_->list_outputs(step.model_outputs);
    for (std::size_t i = 0; i < signals_.size(); ++i) {
        if (has_bar_[i] != 0 && failures_.data_delayed(slice.id, symbol_id(i))) {
            signals_[i].weight = kUnknown;
            signals_[i].reason = Reason::data_delayed;
        }
    }
    if (adopt_signals) {
        adopt_signals(slice, signals_);
    }
    if (slice.warmup) {
        list_warmup(step);
    }
    note_expiry(slice, step);
    return {};
}

void Engine::list_warmup(Step& step) const {
    for (std::size_t i = 0; i < signals_.size(); ++i) {
        const Signal& signal = signals_[i];
        const double weight = strategy_->has_forecast() ? signal.weight : kUnknown;
        if (!std::isnan(signal.prediction) || !std::isnan(weight)) {
            step.warmup_predictions.push_back(
                {symbol_id(i), signal.prediction, signal.uncertainty, weight});
        }
    }
}

void Engine::note_expiry(const Slice& slice, Step& step) {
    if (!span_.trained_until || slice.day <= *span_.trained_until) {
        return;
    }
    ++slices_since_training_;
    const auto days = (slice.day - *span_.trained_until).count();
    const bool by_days = config_.model.expiry_days && days > *config_.model.expiry_days;
    const bool by_bars =
        config_.model.expiry_bars && slices_since_training_ > *config_.model.expiry_bars;
    if ((by_days || by_bars) && !expired_) {
        expired_ = true;
        step.incidents.push_back({Severity::warning, "model_expired", kNoSymbol,
                                  "the model's training ended " + std::to_string(days) +
                                      " days ago (" + day_text(*span_.trained_until) +
                                      "), past its expiry: train it anew" +
                                      (config_.model.on_expired == config::OnExpired::stop
                                           ? "; until then only trades towards flat"
                                           : "")});
    }
}

// Steps 6 and 7: risk, then execution; one decision row a symbol.
void Engine::decide(const Slice& slice, Step& step) {
    step.equity = portfolio_.equity();
    TradingState state_before = risk_.state();
    risk_.on_equity(slice.day, step.equity, step.incidents);
    if (state_before != risk_.state()) {
        cancel_what_risk_stopped(slice, step);
    }
    state_before = risk_.state();
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        const SymbolId symbol = symbol_id(i);
        const Signal& signal = signals_[i];
        risk::Wanted& wanted = wanted_[i];
        wanted.symbol = symbol;
        wanted.weight = signal.weight;
        wanted.hold = std::isnan(signal.weight) && signal.reason != Reason::none &&
                      signal.reason != Reason::not_finite;
        wanted.keep = signal.reason == Reason::holding;
        wanted.position = portfolio_.position(symbol).quantity;
        wanted.price = portfolio_.mark_price(symbol);
        wanted.price_before = closes_before_[i];
        wanted.has_bar = has_bar_[i] != 0;
        wanted.bars_old = data_.bars_old(symbol);
        wanted.median_volume = 0;
        data_.on_position(symbol, wanted.position, step.incidents);
        // Medians cost a sort, so they are asked only where a change of position is in question.
        if (wanted.has_bar &&
            (wanted.position.raw() != 0 || (!wanted.hold && signal.weight != 0))) {
            wanted.median_volume = market_.stats(symbol).median_volume;
        }
    }
    sum_open_orders();
    band_ = execution_.band(step.equity.equity);
    const auto forecasts = strategy_->forecasts();
    const execution::Terms terms{.day = slice.day,
                                 .equity = step.equity.equity,
                                 .has_forecast = strategy_->has_forecast(),
                                 .holding_bars_measured = wishes_.expected_bars()};
    const auto forecast = [&](std::size_t i) {
        return forecasts.empty() ? kUnknown : forecasts[i];
    };
    const risk::TradeJudge judge{.band = band_, .outcome = [&](execution::Target target) {
                                     target.prediction = forecast(index(target.symbol));
                                     return execution_.judge(target, closes_[index(target.symbol)],
                                                             terms);
                                 }};
    const bool expired_stop = expired_ && config_.model.on_expired == config::OnExpired::stop;
    risk_.approve(wanted_, step.equity, expired_stop, approved_, step.adjustments, judge);
    if (state_before != risk_.state()) {
        cancel_what_risk_stopped(slice, step);
    }
    for (std::size_t i = 0; i < approved_.size(); ++i) {
        if (approved_[i].drop_orders) {
            broker_.cancel(symbol_id(i), Reason::cancelled_by_risk, slice.closed_at, step.orders);
        }
    }
    sum_open_orders();
    const bool halted = risk_.state() == TradingState::halted;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
        targets_[i] = {.symbol = symbol_id(i),
                       .position = wanted_[i].position,
                       .ordered = wanted_[i].ordered,
                       .target = approved_[i].target,
                       .prediction = forecast(i),
                       .risk_action = approved_[i].risk_action,
                       .in_parts = approved_[i].in_parts,
                       .hold = halted || !wanted_[i].has_bar ||
                               (wanted_[i].hold && !approved_[i].risk_action)};
    }
    execution_.on_targets(slice, targets_, closes_, terms, broker_, outcomes_, step.orders,
                          step.adjustments);
    name_reasons(slice, step);
    list_positions(step);
    keep_last_of_each_order(step.orders);
}

// What the orders at work would still add to each position.
void Engine::sum_open_orders() {
    for (risk::Wanted& wanted : wanted_) {
        wanted.ordered = Quantity{};
    }
    for (const Order& order : broker_.working()) {
        wanted_[index(order.symbol)].ordered += order.open_quantity();
    }
}

// The positions that the slice's fills and corporate actions left, each once.
void Engine::list_positions(Step& step) const {
    for (const Fill& fill : step.fills) {
        step.positions.push_back({fill.symbol, portfolio_.position(fill.symbol)});
    }
    for (const CorporateAction& action : step.corporate_actions) {
        const bool dividend = action.kind == CorporateActionKind::dividend ||
                              action.kind == CorporateActionKind::dividend_reversal;
        if (!dividend && (action.held_after != action.held || action.amount.raw() != 0)) {
            step.positions.push_back({action.symbol, portfolio_.position(action.symbol)});
        }
    }
    std::sort(step.positions.begin(), step.positions.end(),
              [](const auto& a, const auto& b) { return a.symbol < b.symbol; });
    const auto same = [](const auto& a, const auto& b) { return a.symbol == b.symbol; };
    step.positions.erase(std::unique(step.positions.begin(), step.positions.end(), same),
                         step.positions.end());
}

// The binding reason: an order was sent; else why there is no opinion; else the rule that left
// nothing to do; else execution's word; and where the symbol simply is flat, why the strategy wants
// it flat.
void Engine::name_reasons(const Slice& slice, Step& step) {
    const bool in_sample = span_.trained_on(slice.day);
    step.decisions.resize(signals_.size());
    strategy_->add_numbers(step.decisions);
    if (adopt_numbers) {
        adopt_numbers(slice, step.decisions);
    }
    for (std::size_t i = 0; i < signals_.size(); ++i) {
        Decision& decision = step.decisions[i];
        decision.symbol = symbol_id(i);
        decision.signal = signals_[i];
        decision.approved_weight = approved_[i].weight;
        decision.target_quantity = outcomes_[i].target;
        decision.in_sample = in_sample;
        note_numbers(i, decision.numbers);
        const bool nothing_left = approved_[i].target == wanted_[i].position;
        if (outcomes_[i].reason == Reason::ordered) {
            decision.reason = Reason::ordered;
        } else if (wanted_[i].hold && !approved_[i].risk_action) {
            decision.reason = approved_[i].stale ? Reason::stale_data : signals_[i].reason;
        } else if (approved_[i].reason != Reason::none && nothing_left) {
            decision.reason = approved_[i].reason;
        } else if (outcomes_[i].reason == Reason::on_target && signals_[i].reason != Reason::none) {
            decision.reason = signals_[i].reason;
        } else {
            decision.reason = outcomes_[i].reason;
        }
        // Nothing was asked and nothing was refused: the state of trading, or the signal, says why.
        if (decision.reason == Reason::none) {
            decision.reason = risk_.state() == TradingState::halted ? Reason::halted
                              : signals_[i].reason != Reason::none  ? signals_[i].reason
                                                                    : Reason::on_target;
        }
    }
}

// What execution was asked, where a change was in question.
void Engine::note_numbers(std::size_t i, DecisionNumbers& numbers) const {
    const execution::TargetOutcome& outcome = outcomes_[i];
    if (std::isnan(outcome.wanted_change)) {
        return;
    }
    if (!std::isnan(outcome.round_trip)) {
        numbers.set(DecisionNumber::forecast, targets_[i].prediction);
        numbers.set(DecisionNumber::holding_bars, outcome.holding_bars);
        numbers.set(DecisionNumber::edge, outcome.edge);
        numbers.set(DecisionNumber::round_trip, outcome.round_trip);
    }
    numbers.set(DecisionNumber::wanted_change, outcome.wanted_change);
    numbers.set(DecisionNumber::band, band_);
}

std::vector<std::byte> Engine::save() const {
    BlobWriter out;
    out.put(kCheckpointMagic);
    out.put(kCheckpointVersion);
    out.put(static_cast<std::uint64_t>(portfolio_.symbols()));
    out.put(last_slice_id_);
    out.put(to_ns(last_closed_at_));
    out.put(static_cast<std::uint8_t>(last_trading_day_ ? 1 : 0));
    out.put(last_trading_day_ ? day_number(*last_trading_day_) : std::int32_t{0});
    out.put(state_hash_);
    out.put(slices_since_training_);
    out.put(static_cast<std::uint8_t>(expired_ ? 1 : 0));
    for (const auto* prices : {&closes_before_, &closes_}) {
        for (const Price price : *prices) {
            out.put(price.raw());
        }
    }
    market_.save(out);
    strategy_->save(out);
    wishes_.save(out);
    portfolio_.save(out);
    broker_.save(out);
    dividends_.save(out);
    delistings_.save(out);
    risk_.save(out);
    data_.save(out);
    out.put(kCheckpointMagic);
    return out.take();
}

Result<void> Engine::load(std::span<const std::byte> blob) {
    BlobReader in(blob);
    Error unfit = fail(
        "the checkpoint in the database does not fit this build or config; replay the run into a "
        "new file");
    if (in.get<std::uint32_t>() != kCheckpointMagic ||
        in.get<std::uint32_t>() != kCheckpointVersion ||
        in.get<std::uint64_t>() != portfolio_.symbols()) {
        return unfit;
    }
    last_slice_id_ = in.get<std::int64_t>();
    last_closed_at_ = from_ns(in.get<std::int64_t>());
    const bool traded = in.get<std::uint8_t>() != 0;
    const Day day = day_from_number(in.get<std::int32_t>());
    last_trading_day_ = traded ? std::optional<Day>(day) : std::nullopt;
    state_hash_ = in.get<std::uint64_t>();
    slices_since_training_ = in.get<std::int64_t>();
    expired_ = in.get<std::uint8_t>() != 0;
    for (auto* prices : {&closes_before_, &closes_}) {
        for (Price& price : *prices) {
            price = Price::from_raw(in.get<std::int64_t>());
        }
    }
    market_.load(in);
    strategy_->load(in);
    wishes_.load(in);
    portfolio_.load(in);
    broker_.load(in);
    dividends_.load(in);
    delistings_.load(in);
    risk_.load(in);
    data_.load(in);
    in.expect(kCheckpointMagic);
    if (in.failed() || !in.at_end()) {
        return unfit;
    }
    return {};
}

}  // namespace paperd::daemon
