// Why it traded, or why it did not: the rows behind one fill or one decision, told in the order in
// which one asks for them.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "execution/types/result.h"

namespace paperd::storage {

enum class ExplainFormat : std::uint8_t { text, json };

// what: a fill id ("123"), or SYMBOL@TIME (TIME a venue's day or an ISO time; the decision at or
// before it). JSON is one object with the same content.
Result<void> print_explain(const std::string& db_path, std::string_view what, ExplainFormat format,
                           std::ostream& out);

}  // namespace paperd::storage
