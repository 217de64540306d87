// What people ask a trade database: trades, orders, positions, equity, decisions, incidents, as
// table, CSV or JSON. Columns are those of rules.md. Nothing printed depends on when, where or in
// how many attempts the run was made.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "execution/types/result.h"

namespace paperd::storage {

enum class OutputFormat : std::uint8_t { table, csv, json };

struct QueryFilter {
    std::string from{};  // venue's day or ISO time, empty: no bound; both included
    std::string to{};
    std::string symbol{};  // empty: all
};

// name: trades, orders, positions, equity, decisions, incidents. Positions are the open ones as
// they stand after the last slice of the span (`from` leaves out what was opened before it);
// quantities of trades and orders are without sign beside their side. CSV and JSON have every
// digit, the table is rounded for people.
Result<void> print_query(const std::string& db_path, std::string_view name,
                         const QueryFilter& filter, OutputFormat format, std::ostream& out);

}  // namespace paperd::storage
