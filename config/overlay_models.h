// The key of a strategy's overlays, written as
//   [{rule: regime_veto, model: models/regime.pmb}, ...]
// in the order in which they speak; [] for none.
#pragma once

#include "config/key.h"

namespace paperd::config {

Key overlay_models_key();

}  // namespace paperd::config
