// A user's TorchScript module whose forward reads windows: (slots, steps, columns), scaled, to one
// number for each of the facts' outputs a slot (and member), in their order; of a tuple the first.
#pragma once

#include <cstddef>
#include <memory>

#include "execution/types/result.h"
#include "strategy/models/bundle.h"
#include "strategy/models/model.h"

namespace paperd::strategy {

// The module is run once, with as many windows as every slice will give it. Errors: it does not
// load, does not take such windows, or gives another shape.
Result<std::unique_ptr<Model>> make_script_window(const Bundle& bundle, std::size_t slots);

}  // namespace paperd::strategy
