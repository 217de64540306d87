// A trained model, stepped bar by bar for a fixed number of slots (one a group of symbols, rounded
// up to 16). Models of a window keep the last sequence_length rows of each slot, others their state
// and its history; callers see no difference. One padded batch of that fixed size is inferred on
// one thread, so that the same inputs give the same bits. No LibTorch type appears here; sources
// that include torch live in this folder only.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "execution/types/blob.h"
#include "execution/types/result.h"
#include "strategy/models/facts.h"
#include "strategy/models/model_outputs.h"

namespace paperd::strategy {

class Model {
public:
    virtual ~Model() = default;

    [[nodiscard]] const ModelFacts& facts() const { return facts_; }

    [[nodiscard]] std::size_t slots() const { return slots_; }

    // What step() fills, with every slot warming up.
    [[nodiscard]] ModelOutputs make_outputs() const;

    // One slice. features: slots x columns, row-major, unscaled, in the order of facts().columns;
    // defined[i] == 0: slot i has no row in this slice (no bar, or an undefined input): it keeps
    // its rows and state untouched. out: as make_outputs() made it; every slot is written. Error: a
    // user's module threw or gave another shape than its facts say; the model is then unusable,
    // for some slots may have taken their rows and others not.
    [[nodiscard]] virtual Result<void> step(std::span<const double> features,
                                            std::span<const std::uint8_t> defined,
                                            ModelOutputs& out) = 0;

    // Slot i starts anew (its series was cut).
    virtual void forget(std::size_t slot) = 0;

    // Digest of everything carried from step to step.
    [[nodiscard]] virtual std::uint64_t state_digest() const = 0;

    virtual void save(BlobWriter& out) const = 0;
    virtual void load(BlobReader& in) = 0;

protected:
    Model(ModelFacts facts, std::size_t slots) : facts_(std::move(facts)), slots_(slots) {}

    ModelFacts facts_;
    std::size_t slots_;
};

// A bundle's bytes: magic, format version, JSON facts, weights by name (float32), SHA-256 of all
// before it. Also carries a user's TorchScript module (NAME.ts + NAME.yaml) as one blob, so that a
// run's database is self-contained.
using BundleBytes = std::vector<std::byte>;

// Reads a bundle file, or NAME.ts with NAME.yaml beside it, into bundle bytes. Errors: missing, a
// directory, not a bundle, truncated or altered, newer format: each a sentence with the remedy.
Result<BundleBytes> read_bundle(const std::string& path);

std::string bundle_sha256(const BundleBytes& bytes);  // hex
Result<ModelFacts> bundle_facts(const BundleBytes& bytes);

// Builds the model with `slots` slots. Error when sizes, columns or weights do not fit together, or
// when this build has no LibTorch. Pins LibTorch's and BLAS's pools to one thread.
Result<std::unique_ptr<Model>> make_model(const BundleBytes& bytes, std::size_t slots);

// What infers: "libtorch 1.13.1; openblas 0.3.21 (SkylakeX); cpu AVX512; threads 1".
// Two equal fingerprints promise equal bits.
std::string inference_fingerprint();

constexpr std::size_t padded_slots(std::size_t groups) { return (groups + 15) / 16 * 16; }

}  // namespace paperd::strategy
