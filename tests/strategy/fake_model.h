// A model whose every output can be foretold.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "strategy/models/model.h"

namespace paperd::strategy {

inline constexpr std::uint32_t kFakeModelTag = 0x4B414B45;

// The first output is a multiple of the first column once it has had sequence_length rows; counts
// what it is told.
class FakeModel final : public Model {
public:
    FakeModel(ModelFacts facts, std::size_t slots) : Model(std::move(facts), slots), rows(slots) {}

    Result<void> step(std::span<const double> features, std::span<const std::uint8_t> defined,
                      ModelOutputs& out) override {
        EXPECT_EQ(features.size(), slots_ * facts_.columns.size());
        EXPECT_EQ(defined.size(), slots_);
        EXPECT_EQ(out.slots(), slots_);
        for (std::size_t i = 0; i < slots_; ++i) {
            if (defined[i] != 0) {
                ++rows[i];
            }
            const bool enough = rows[i] >= facts_.sequence_length;
            out.clear(i, enough ? OutputState::no_row : OutputState::warming_up);
            if (defined[i] == 0 || !enough) {
                continue;
            }
            const double first = features[i * facts_.columns.size()];
            const auto values = out.of(i);
            std::ranges::fill(values, first);
            values[0] = 0.3 * first;
            if (const auto place = out.place("uncertainty")) {
                values[*place] = 0.5 + std::abs(first);
            }
            out.note_numbers(i);
        }
        return {};
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
