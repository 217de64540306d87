#include "tests/strategy/models/script_modules.h"

#include <sstream>

#include <torch/script.h>

namespace paperd::test {

std::vector<std::byte> script_module(const std::string& methods) {
    torch::jit::Module module("paperd_test");
    module.define(methods);
    std::ostringstream out;
    module.save(out);
    const std::string text = out.str();
    const auto* const bytes = reinterpret_cast<const std::byte*>(text.data());
    return {bytes, bytes + text.size()};
}

}  // namespace paperd::test
