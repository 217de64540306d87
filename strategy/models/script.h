// What the models of users' TorchScript modules share. A module is code that runs with the daemon's
// rights. LibTorch's types are named only; the sources that use them include torch.
#pragma once

#include <exception>
#include <string_view>
#include <vector>

#include "execution/types/result.h"
#include "strategy/models/bundle.h"

namespace at {
class Tensor;
}

namespace c10 {
struct IValue;
}

namespace torch::jit {
struct Module;
}

namespace paperd::strategy {

// These throw, as LibTorch does; whoever calls them turns what is thrown into one of the Errors
// below.

torch::jit::Module load_script(const Bundle& bundle);

// The same bits in the first run as in all later ones.
c10::IValue call_script(torch::jit::Module& module, const char* method,
                        std::vector<c10::IValue> inputs);

// The value as floats, row after row of `rows` rows of `width` numbers: its first dimension has
// `rows` entries, and it holds rows x width numbers. `what` names it for the complaint.
at::Tensor checked_rows(const c10::IValue& value, std::size_t rows, std::size_t width,
                        std::string_view what);

// A wrong width does not fail in every LibTorch, it may read beside the row: so the weights are
// asked. `suffix`: how the name of the parameter ends that takes the inputs; where several do, the
// first does.
void check_input_width(const torch::jit::Module& module, const ModelFacts& facts,
                       std::string_view suffix);

// While it is loaded; while it runs.
Error script_misfit(const std::exception& thrown);
Error script_failed(const std::exception& thrown);

}  // namespace paperd::strategy
