// A user's TorchScript module that reads windows, (batch, steps, columns), and gives any named
// numbers of a symbol, a pair or the universe: its facts say which. It has no weights of its own
// here and is not trained here.
#pragma once

#include "strategy/models/architecture.h"

namespace paperd::strategy::window {

Architecture architecture();

}  // namespace paperd::strategy::window
