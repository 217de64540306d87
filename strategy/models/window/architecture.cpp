#include "strategy/models/script_window.h"
#include "strategy/models/window/window.h"
#include "strategy/models/with_torch.h"

namespace paperd::strategy::window {

Architecture architecture() {
    Architecture out;
    out.name = "window";
    out.about = "A user's TorchScript module that reads windows and gives named numbers.";
    if constexpr (kWithTorch) {
        out.make_scripted = make_script_window;
    }
    return out;
}

}  // namespace paperd::strategy::window
