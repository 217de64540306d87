// TorchScript modules written by the tests themselves, through LibTorch. No LibTorch type here.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace paperd::test {

// The bytes of a saved module with these methods, each `def name(self, ...) -> ...:` and its body.
std::vector<std::byte> script_module(const std::string& methods);

}  // namespace paperd::test
