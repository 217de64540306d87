// Facts from a JSON object: the header of a bundle, or the lines of a module's YAML.
#pragma once

#include <boost/json/object.hpp>

#include "execution/types/result.h"
#include "strategy/models/facts.h"

namespace paperd::strategy {

// A module's YAML says less: no format version, seed, hash or metrics, its training span as
// trained_from and trained_until, and of the sizes only what its step needs.
enum class FactsForm : std::uint8_t { bundle, module };

// Errors name the key. Includes check_facts.
Result<ModelFacts> facts_from_object(const boost::json::object& object, FactsForm form);

// That the facts fit together: sizes within bounds, one finite mean and positive spread for each
// column, days in order.
Result<void> check_facts(const ModelFacts& facts);

}  // namespace paperd::strategy
