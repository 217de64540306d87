// Why decisions came out as they did, counted over a run.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "execution/types/result.h"
#include "storage/database.h"

namespace paperd::storage {

// Names and how often, the most frequent first.
using Counts = std::vector<std::pair<std::string, std::int64_t>>;

// Orders that increase |position| (a reversal's opening part, too) on a forecast of a return whose
// edge and cost are stored with the decision, and those of them whose edge is less than the
// estimated round trip: what the cost gate stops at edge_to_cost_min 1.
struct GateCount {
    std::int64_t increases = 0;
    std::int64_t below_cost = 0;
};

struct DecisionCounts {
    std::int64_t decisions = 0;
    Counts reasons;  // the binding ones
    // Of risk's rules. A rule denied a target when it is the decision's reason and left the
    // position as it was or flat; every other effect of one reduced it.
    Counts denied;
    Counts reduced;
    Counts cut_short;  // what execution's own rules (gate, band, lot) took of an order
    GateCount gate;
};

// Errors are the database's. Memory grows with the symbols alone.
Result<DecisionCounts> count_decisions(Database& database, std::size_t symbols);

}  // namespace paperd::storage
