// The last `capacity` rows of `width` floats of each slot, oldest first and contiguous. A row more
// moves the others down: at these sizes that costs nothing beside the inference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "execution/types/blob.h"

namespace paperd::strategy {

class LastRows {
public:
    LastRows(std::size_t slots, std::size_t capacity, std::size_t width);

    void push(std::size_t slot, std::span<const float> row);
    void forget(std::size_t slot);

    [[nodiscard]] std::size_t count(std::size_t slot) const { return counts_[slot]; }

    [[nodiscard]] std::size_t capacity() const { return capacity_; }

    // count x width values, oldest row first.
    [[nodiscard]] std::span<const float> rows(std::size_t slot) const;

    // Of the rows held and of nothing else.
    [[nodiscard]] std::uint64_t digest(std::uint64_t seed) const;

    void save(BlobWriter& out) const;
    void load(BlobReader& in);  // sets in.failed() when the sizes are others

private:
    std::size_t capacity_;
    std::size_t width_;
    std::vector<std::uint32_t> counts_;
    std::vector<float> values_;  // slots x capacity x width
};

}  // namespace paperd::strategy
