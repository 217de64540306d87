// A model of any group that says what a test has it say.
#pragma once

#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "strategy/models/model.h"

namespace paperd::strategy {

class SayingModel : public Model {
public:
    // row: the slot's, unscaled; values: its numbers, to fill.
    using Say = std::function<void(std::size_t slot, std::span<const double> row,
                                   std::span<double> values)>;

    SayingModel(const ModelFacts& facts, std::size_t slots, Say say)
        : Model(facts, slots), rows(slots), say_(std::move(say)) {}

    Result<void> step(std::span<const double> features, std::span<const std::uint8_t> defined,
                      ModelOutputs& out) override {
        const std::size_t columns = facts_.columns.size();
        EXPECT_EQ(features.size(), slots_ * columns);
        EXPECT_EQ(defined.size(), slots_);
        EXPECT_EQ(out.slots(), slots_);
        for (std::size_t i = 0; i < slots_; ++i) {
            rows[i] += defined[i] != 0 ? 1 : 0;
            const bool enough = rows[i] >= facts_.sequence_length;
            out.clear(i, enough ? OutputState::no_row : OutputState::warming_up);
            if (defined[i] != 0 && enough) {
                say_(i, features.subspan(i * columns, columns), out.of(i));
                out.note_numbers(i);
            }
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

    void save(BlobWriter& out) const override { out.put_vector(rows); }

    void load(BlobReader& in) override { rows = in.get_vector<int>(); }

    std::vector<int> rows;

private:
    Say say_;
};

}  // namespace paperd::strategy
