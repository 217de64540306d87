// The rows of two trade databases, compared by the database itself: every column of every row.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace paperd::support {

inline constexpr std::int64_t kEverySlice = std::numeric_limits<std::int64_t>::max();

// A line for each trading table in which `a` and `b` differ, up to and including that slice; empty:
// they hold the same. With a last slice, orders are compared as they were sent, not as they ended;
// without one, two runs without any decision are a difference too.
std::string differing_tables(const std::string& a, const std::string& b,
                             std::int64_t last_slice = kEverySlice);

// Rows of a table.
std::int64_t row_count(const std::string& db, const std::string& table);

}  // namespace paperd::support
