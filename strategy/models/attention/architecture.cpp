#include "strategy/models/attention/attention.h"
#include "strategy/models/script_window.h"
#include "strategy/models/with_torch.h"

namespace paperd::strategy::attention {
namespace {

std::vector<WeightShape> weights(const ModelFacts& facts) {
    const auto inputs = static_cast<std::int64_t>(facts.columns.size());
    const std::int64_t hidden = facts.size("hidden");
    return {{"lstm.weight_ih_l0", {4 * hidden, inputs}},
            {"lstm.weight_hh_l0", {4 * hidden, hidden}},
            {"lstm.bias_ih_l0", {4 * hidden}},
            {"lstm.bias_hh_l0", {4 * hidden}},
            {"score.weight", {1, hidden}},
            {"fc.weight", {1, hidden}},
            {"fc.bias", {1}}};
}

}  // namespace

Architecture architecture() {
    Architecture out;
    out.name = "attention";
    out.about = "An LSTM over a window, its outputs averaged by temporal attention.";
    out.sizes = {
        {.name = "hidden", .unit = "units", .about = "size of the LSTM.", .otherwise = 32}};
    out.outputs = {"return_1"};
    out.transform = OutputTransform::scaled_return;
    out.positions = "attention";
    out.weights = weights;
    if constexpr (kWithTorch) {
        out.make = make_model;
        out.make_scripted = make_script_window;
        out.make_net = make_net;
    }
    return out;
}

}  // namespace paperd::strategy::attention
