// What lies behind one fill or one decision, gathered for whoever tells it: explain_text.cpp and
// explain_json.cpp say the same of it.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "execution/types/step.h"
#include "storage/database.h"
#include "storage/journal.h"

namespace paperd::storage {

struct ExplainedFill {
    Fill fill;
    std::int64_t slice_id = 0;
    Bar bar{};                  // that filled it
    double spread_charged = 0;  // the full spread, a fraction of the reference price
};

struct ExplainedOrder {
    Order order;
    std::vector<ExplainedFill> fills{};
};

// By how much a number missed what was asked of it.
struct Shortfall {
    std::string what;   // "edge"
    double value = 0;   // as it was
    double needed = 0;  // the limit it missed
    std::string unit;   // of both; empty: a plain number
};

// What came of it since, at the symbol's newest stored close; prices and costs alone.
struct Since {
    Timestamp marked_at;
    Price mark;
    double price_change = kUnknown;  // mark over the price it counts from - 1
    // Account currency, NaN where there is nothing to tell: what the fills made after their
    // commission, and what a wanted change that was refused would have made before costs.
    double made = kUnknown;
    double forgone = kUnknown;
    // A split, or what ended the position, lies between: prices before and after do not compare,
    // and nothing else is told.
    std::optional<CorporateActionKind> interrupted_by = std::nullopt;
    Day interrupted_on{};
};

struct ExplainedDecision {
    std::int64_t id = 0;
    std::int64_t slice_id = 0;
    Timestamp at;
    Decision decision;
    TradingState trading_state = TradingState::active;
    Reason trading_reason = Reason::none;
    Quantity held;           // at that time
    Timestamp held_since;    // where something was held
    std::optional<Bar> bar;  // that it saw
    std::vector<RiskAdjustment> adjustments;
    std::optional<Shortfall> shortfall;  // of a decision that was refused, where it is known
};

struct ExplainedModel {
    std::string role;
    std::string sha256;
};

struct Explanation {
    std::string symbol;
    std::string currency;
    std::optional<ExplainedFill> fill;  // what was asked for; else the decision was
    std::vector<ExplainedOrder>
        orders;  // the fill's order, without fills; or those of the decision
    ExplainedDecision decision;
    std::optional<Since> since;
    std::vector<ExplainedModel> models;  // the forecaster first; none: the strategy works by rule
    std::string feature_set;
    std::uint64_t feature_set_hash = 0;
    std::vector<std::string> trained_symbols;

    [[nodiscard]] bool ordered() const { return !orders.empty(); }

    // Of the decision: an order that came of it is what binds.
    [[nodiscard]] Reason reason() const {
        return ordered() ? Reason::ordered : decision.decision.reason;
    }
};

// Errors (usage): there is no such fill or decision.
Result<Explanation> explain_fill(Database& database, const RunHeader& run, std::int64_t fill_id);
Result<Explanation> explain_decision(Database& database, const RunHeader& run,
                                     std::int64_t decision_id);

// What the limit, the value before and the value after of a rule's adjustments are measured in
// (risk/limits.h, execution/types/decision.h); empty where it has none.
std::string_view rule_unit(Reason rule);

void print_text(const Explanation& of, std::ostream& out);
void print_json(const Explanation& of, std::ostream& out);

}  // namespace paperd::storage
