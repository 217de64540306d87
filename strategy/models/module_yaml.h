// The facts beside a user's TorchScript module: NAME.yaml, flat lines `key: JSON value`.
#pragma once

#include <string_view>

#include "execution/types/result.h"
#include "strategy/models/facts.h"

namespace paperd::strategy {

// `where` is the file's path for the messages, which name the line. Blank lines, lines that begin
// with # and a leading --- are passed over; anything else that is not `key: JSON value` is an
// error, and so are keys given twice, missing, or unknown.
Result<ModelFacts> facts_from_module_yaml(std::string_view text, std::string_view where);

}  // namespace paperd::strategy
