// Facts from a JSON object: the header of a bundle, or the lines of a module's YAML.
#pragma once

#include <boost/json/object.hpp>

#include "execution/types/result.h"
#include "strategy/models/facts.h"

namespace paperd::strategy {

// A module's YAML says less: no format version, seed, hash or metrics, its training span as
// trained_from and trained_until.
enum class FactsForm : std::uint8_t { bundle, module };

// Errors name the key. Includes check_facts.
Result<ModelFacts> facts_from_object(const boost::json::object& object, FactsForm form);

// That the facts fit together: sizes within bounds, outputs with names, one finite mean and
// positive spread for each column, days in order.
Result<void> check_facts(const ModelFacts& facts);

// That the sizes are there which a module's calls need, or a bundle's weights.
Result<void> check_sizes_stated(const ModelFacts& facts, bool module);

}  // namespace paperd::strategy
