// A model whose every output can be foretold.
#pragma once

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "strategy/models/model.h"

namespace paperd::strategy {

inline constexpr std::uint32_t kFakeModelTag = 0x4B414B45;

// Predicts a multiple of its first column once it has had sequence_length rows; counts what it is
// told.
class FakeModel final : public Model {
public:
    FakeModel(ModelFacts facts, std::size_t slots) : Model(std::move(facts), slots), rows(slots) {}

    void step(std::span<const double> features, std::span<const std::uint8_t> defined,
              std::span<ModelOutput> out) override {
        ASSERT_EQ(features.size(), slots_ * facts_.columns.size());
        ASSERT_EQ(defined.size(), slots_);
        ASSERT_EQ(out.size(), slots_);
        for (std::size_t i = 0; i < slots_; ++i) {
            out[i] = {};
            if (defined[i] != 0) {
                ++rows[i];
            }
            out[i].enough_rows = rows[i] >= facts_.sequence_length;
            if (defined[i] == 0 || !out[i].enough_rows) {
                continue;
            }
            const double first = features[i * facts_.columns.size()];
            out[i].defined = true;
            out[i].prediction = 0.3 * first;
            out[i].uncertainty = 0.5 + std::abs(first);
        }
    }

    void forget(std::size_t slot) override { rows[slot] = 0; }

    [[nodiscard]] std::uint64_t state_digest() const override {
        std::uint64_t digest = 17;
        for (const int n : rows) {
            digest = digest * 31 + static_cast<std::uint64_t>(n);
        }
        return digest;
    }

    void save(BlobWriter& out) const override {
        out.put(kFakeModelTag);
        out.put_vector(rows);
    }

    void load(BlobReader& in) override {
        in.expect(kFakeModelTag);
        rows = in.get_vector<int>();
    }

    std::vector<int> rows;
};

}  // namespace paperd::strategy
