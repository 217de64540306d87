#include "tests/storage/sample_run.h"

#include <utility>
#include <vector>

namespace paperd::storage {
namespace {

constexpr SymbolId kAaa{0};
constexpr SymbolId kBbb{1};

Price price(const char* text) { return *Price::parse(text); }

Money money(const char* text) { return *Money::parse(text); }

DecisionNumbers gate_numbers(double edge, double round_trip) {
    DecisionNumbers numbers;
    numbers.set(DecisionNumber::edge, edge);
    numbers.set(DecisionNumber::round_trip, round_trip);
    return numbers;
}

// Of a decision that every question was asked of.
DecisionNumbers numbers_asked() {
    using enum DecisionNumber;
    DecisionNumbers numbers = gate_numbers(0.02, 0.008);
    for (const auto& [number, value] : {std::pair{smoothed, 0.008},
                                        {gate_threshold, 0.005},
                                        {realized_vol, 0.0125},
                                        {trend, 0.009},
                                        {trend_floor, 0.0075},
                                        {vol_ratio, 1.1},
                                        {vol_ratio_max, 1.2},
                                        {position, 0.8},
                                        {forecast, 0.01},
                                        {holding_bars, 2.0},
                                        {wanted_change, 400.0},
                                        {band, 5.0},
                                        {regime_pause, 0.0}}) {
        numbers.set(number, value);
    }
    return numbers;
}

Slice slice(std::int64_t id, const char* day, bool warmup) {
    Slice made;
    made.id = id;
    made.day = *parse_day(day);
    made.closed_at = *parse_timestamp(std::string(day) + "T21:00:00Z");
    made.open_for = std::chrono::hours{6} + std::chrono::minutes{30};
    made.warmup = warmup;
    made.last_of_session = true;
    return made;
}

void add_bar(Slice& to, SymbolId symbol, const char* open, const char* high, const char* low,
             const char* close, const char* adj_close, double volume) {
    to.bars.push_back({symbol, to.closed_at, price(open), price(high), price(low), price(close),
                       price(adj_close), volume, false});
}

Step step(const Slice& of, std::uint64_t hash) {
    Step made;
    made.slice_id = of.id;
    made.warmup = of.warmup;
    made.state_hash = hash;
    return made;
}

Equity equity(const char* cash, const char* value, const char* peak) {
    Equity made;
    made.cash = money(cash);
    made.value = made.gross = made.net = money(value);
    made.equity = made.cash + made.value;
    made.peak = money(peak);
    return made;
}

Order order(OrderId id, const Slice& at, int shares, const char* close) {
    Order made;
    made.id = id;
    made.symbol = kAaa;
    made.decision_slice = at.id;
    made.decided_at = made.since = at.closed_at;
    made.decided_day = at.day;
    made.decision_price = price(close);
    made.quantity = Quantity::whole(shares);
    return made;
}

RunHeader header() {
    RunHeader made;
    made.run_key = "sample";
    made.mode = "replay";
    made.config_text = "title: sample\n";
    made.interval_ns = 86'400'000'000'000;
    made.currency = "USD";
    made.symbols = {"AAA", "BBB"};
    made.feature_set = "attention";
    made.feature_set_hash = 0xABCDEF;
    made.models = {{.role = kForecaster,
                    .path = "models/sample.pmb",
                    .sha256 = "f00d",
                    .facts_json = R"({"trained_symbols": ["AAA", "QQQ"]})",
                    .bundle = {std::byte{1}}}};
    return made;
}

struct Made {
    Slice slice;
    Step step;
};

Made warmup_day() {
    Made made;
    made.slice = slice(1, "2020-01-02", true);
    add_bar(made.slice, kAaa, "9", "10", "9", "9.5", "9.5", 900);
    add_bar(made.slice, kBbb, "20", "21", "19", "20", "19", 400);
    made.step = step(made.slice, 11);
    made.step.warmup_predictions = {{kAaa, 0.005, kUnknown, 0.25}};
    return made;
}

Made first_day(Order& bought) {
    Made made;
    made.slice = slice(2, "2020-01-03", false);
    add_bar(made.slice, kAaa, "10", "10.5", "9.5", "10", "10", 1000);
    add_bar(made.slice, kBbb, "20", "21", "19", "20", "19", 500);
    made.step = step(made.slice, 22);
    made.step.ledger = {{LedgerKind::deposit, kNoSymbol, 0, Money::whole(1000)}};
    made.step.decisions = {{kAaa,
                            {0.01, kUnknown, 0.5, Reason::none},
                            0.4,
                            Quantity::whole(40),
                            Reason::ordered,
                            true,
                            numbers_asked()},
                           {kBbb,
                            {0.0001, 0.02, 0.2, Reason::none},
                            0.2,
                            Quantity{},
                            Reason::edge_below_cost,
                            true,
                            gate_numbers(0.0005, 0.002)}};
    made.step.adjustments = {{kAaa, Reason::gross_leverage, 0.4, 0.5, 0.4}};
    bought = order(1, made.slice, 40, "10");
    made.step.orders = {bought};
    made.step.equity = equity("1000", "0", "1000");
    return made;
}

Made second_day(Order& bought, Order& sold) {
    Made made;
    made.slice = slice(3, "2020-01-06", false);
    add_bar(made.slice, kAaa, "10.1", "11", "10", "10.5", "10.5", 1000);
    made.step = step(made.slice, 33);
    Fill fill;
    fill.id = fill.order = 1;
    fill.symbol = kAaa;
    fill.decision_slice = 2;
    fill.at = made.slice.open_fills_at();
    fill.quantity = Quantity::whole(40);
    fill.reference_price = price("10.1");
    fill.price = price("10.12");
    fill.delay_cost = money("4");
    fill.spread_cost = money("0.4");
    fill.slippage_cost = fill.impact_cost = money("0.2");
    fill.commission = money("0.05");
    fill.participation = 0.04;
    fill.spread_corwin_schultz = 0.0022;
    fill.spread_abdi_ranaldo = 0.0011;
    made.step.fills = {fill};
    made.step.ledger = {{LedgerKind::trade, kAaa, 1, money("-404.8")},
                        {LedgerKind::commission, kAaa, 1, money("-0.05")}};
    made.step.positions = {
        {kAaa, {Quantity::whole(40), money("404.8"), Money{}, made.slice.closed_at}}};
    made.step.decisions = {
        {kAaa, {-0.02, kUnknown, -0.1, Reason::none}, 0, Quantity{}, Reason::ordered, false, {}},
        {kBbb,
         {kUnknown, kUnknown, kUnknown, Reason::no_bar},
         0,
         Quantity{},
         Reason::no_bar,
         false,
         {}}};
    bought.filled = bought.quantity;
    bought.state = OrderState::filled;
    bought.reason = Reason::filled;
    bought.since = made.slice.closed_at;
    sold = order(2, made.slice, -40, "10.5");
    made.step.orders = {bought, sold};
    made.step.equity = equity("595.15", "420", "1015.15");
    return made;
}

Made third_day(Order& sold, Timestamp since) {
    Made made;
    made.slice = slice(4, "2020-01-07", false);
    add_bar(made.slice, kAaa, "10.4", "10.6", "9", "9", "9", 100);
    add_bar(made.slice, kBbb, "21", "22", "21", "22", "22", 600);
    made.slice.commands = {{1, CommandKind::reduce, made.slice.closed_at, "lunch"}};
    made.step = step(made.slice, 44);
    made.step.corporate_actions = {{kAaa, CorporateActionKind::dividend, price("0.5"),
                                    Quantity::whole(40), Quantity::whole(40), Money::whole(20)}};
    Fill fill;
    fill.id = fill.order = 2;
    fill.symbol = kAaa;
    fill.decision_slice = 3;
    fill.at = made.slice.open_fills_at();
    fill.quantity = Quantity::whole(-10);
    fill.reference_price = price("10.4");
    fill.price = price("10.38");
    fill.delay_cost = money("1");
    fill.spread_cost = fill.slippage_cost = money("0.1");
    fill.commission = money("0.01");
    fill.participation = 0.1;
    made.step.fills = {fill};
    made.step.ledger = {{LedgerKind::dividend, kAaa, 0, Money::whole(20)},
                        {LedgerKind::trade, kAaa, 2, money("103.8")},
                        {LedgerKind::commission, kAaa, 2, money("-0.01")}};
    made.step.positions = {{kAaa, {Quantity::whole(30), money("303.6"), money("2.6"), since}}};
    made.step.decisions = {{kAaa,
                            {0.03, kUnknown, 0.9, Reason::none},
                            0.27,
                            Quantity::whole(30),
                            Reason::position_fraction,
                            false,
                            {}},
                           {kBbb,
                            {0.02, kUnknown, 0, Reason::regime_off},
                            0,
                            Quantity{},
                            Reason::regime_off,
                            false,
                            {}}};
    made.step.adjustments = {{kAaa, Reason::gross_leverage, 0.8, 0.9, 0.8},
                             {kAaa, Reason::position_fraction, 0.27, 0.8, 0.27}};
    sold.filled = Quantity::whole(-10);
    sold.reason = Reason::partially_filled;
    sold.since = made.slice.closed_at;
    made.step.orders = {sold};
    made.step.trading_state = TradingState::reducing;
    made.step.trading_state_reason = Reason::reducing;
    made.step.equity = equity("718.94", "270", "1015.15");
    return made;
}

}  // namespace

bool make_sample_run(const std::string& path) {
    auto journal = Journal::open(path, header(), {});
    if (journal.has_error()) {
        return false;
    }
    Order bought;
    Order sold;
    std::vector<Made> days = {warmup_day(), first_day(bought)};
    days.push_back(second_day(bought, sold));
    days.push_back(third_day(sold, days[2].slice.closed_at));
    for (const Made& day : days) {
        if ((*journal)->commit(day.slice, day.step, day.slice.closed_at, nullptr).has_error()) {
            return false;
        }
    }
    return !(*journal)->finish().has_error();
}

}  // namespace paperd::storage
