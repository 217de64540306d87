#include "strategy/models/script.h"

#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

namespace paperd::strategy {
namespace {

// TorchScript's optimiser specialises a module in its first runs, so that a run that was restarted
// would compute with other kernels than one that was not. Without it every run is the same.
class Unoptimised {
public:
    Unoptimised() : guard_(false) {}

private:
    c10::InferenceMode inference_;
    torch::jit::GraphOptimizerEnabledGuard guard_;
};

// LibTorch's message without its stack trace. TorchScript's interpreter puts it behind a trace of
// the module's own source.
std::string reason(const std::exception& thrown) {
    constexpr std::string_view kInside = "\nRuntimeError: ";
    const auto* const error = dynamic_cast<const c10::Error*>(&thrown);
    std::string text = error != nullptr ? error->what_without_backtrace() : thrown.what();
    if (const auto inside = text.rfind(kInside); inside != std::string::npos) {
        text.erase(0, inside + kInside.size());
    }
    return text.substr(0, text.find('\n'));
}

std::string shape_text(const at::Tensor& tensor) {
    return fmt::format("[{}]", fmt::join(tensor.sizes().vec(), ", "));
}

}  // namespace

torch::jit::Module load_script(const Bundle& bundle) {
    std::istringstream bytes(
        std::string(reinterpret_cast<const char*>(bundle.module.data()), bundle.module.size()));
    torch::jit::Module module = torch::jit::load(bytes, at::kCPU);
    module.eval();
    return module;
}

c10::IValue call_script(torch::jit::Module& module, const char* method,
                        std::vector<c10::IValue> inputs) {
    const Unoptimised guard;
    return module.get_method(method)(std::move(inputs));
}

at::Tensor checked_rows(const c10::IValue& value, std::size_t rows, std::size_t width,
                        std::string_view what) {
    if (!value.isTensor()) {
        throw std::runtime_error(fmt::format("{} is no tensor but {}", what, value.tagKind()));
    }
    const c10::InferenceMode inference;
    at::Tensor tensor = value.toTensor().to(at::kFloat).contiguous();
    const auto want_rows = static_cast<std::int64_t>(rows);
    const auto want = static_cast<std::int64_t>(rows * width);
    // One number may come without a dimension.
    const bool by_row = tensor.dim() > 0 ? tensor.size(0) == want_rows : want == 1;
    if (!by_row || tensor.numel() != want) {
        throw std::runtime_error(
            fmt::format("{} has the shape {} where {} rows of {} numbers belong", what,
                        shape_text(tensor), rows, width));
    }
    return tensor;
}

void check_input_width(const torch::jit::Module& module, const ModelFacts& facts,
                       std::string_view suffix) {
    for (const auto& parameter : module.named_parameters()) {
        if (!parameter.name.ends_with(suffix) || parameter.value.dim() < 2) {
            continue;
        }
        if (parameter.value.size(1) != static_cast<std::int64_t>(facts.columns.size())) {
            throw std::invalid_argument(fmt::format("it takes {} inputs and the facts name {}",
                                                    parameter.value.size(1), facts.columns.size()));
        }
        return;
    }
}

Error script_misfit(const std::exception& thrown) {
    return fail(
        fmt::format("the TorchScript module does not run as its facts say: {}; check that it was "
                    "saved whole and that its architecture, columns, sequence_length, outputs and "
                    "sizes are those of the .yaml",
                    reason(thrown)),
        ErrorKind::usage);
}

Error script_failed(const std::exception& thrown) {
    return fail(
        fmt::format("the model's TorchScript module failed while it ran: {}; mend the module and "
                    "begin a new run, or name another model",
                    reason(thrown)));
}

}  // namespace paperd::strategy
