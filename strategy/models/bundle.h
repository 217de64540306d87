// The model bundle, one file with everything:
//   "PAPERDMB"            8 bytes
//   format version        u32
//   total size            u64, in bytes, of the whole file
//   kind                  u8: 0 weights, 1 TorchScript module
//   facts                 text, JSON (see facts.h)
//   weights               u32 count; each: name, shape (u64s), values (float32, row-major)
//   or the module         the .ts file's bytes
//   SHA-256               32 bytes, of all before it
// Integers are little-endian; texts and lists are preceded by their length as u64.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "execution/types/result.h"
#include "strategy/models/facts.h"
#include "strategy/models/model.h"

namespace paperd::strategy {

struct NamedTensor {
    std::string name;  // as PyTorch names the parameter
    std::vector<std::int64_t> shape;
    std::vector<float> values;

    bool operator==(const NamedTensor&) const = default;
};

struct Bundle {
    ModelFacts facts;
    std::vector<NamedTensor> weights;  // of the native architectures
    std::vector<std::byte> module;     // a user's TorchScript module instead

    [[nodiscard]] bool is_module() const { return !module.empty(); }
};

BundleBytes encode_bundle(const Bundle& bundle);

// Errors, each a sentence: not a bundle, newer format, truncated, altered, facts that do not fit.
Result<Bundle> decode_bundle(std::span<const std::byte> bytes);

}  // namespace paperd::strategy
