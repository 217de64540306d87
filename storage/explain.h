// Why it traded, or why it did not: the rows behind one fill or one decision, told in the order in
// which one asks for them.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "execution/types/result.h"

namespace paperd::storage {

// what: a fill id ("123"), or SYMBOL@TIME (TIME a venue's day or an ISO time; the decision at or
// before it).
Result<void> print_explain(const std::string& db_path, std::string_view what, std::ostream& out);

}  // namespace paperd::storage
