#include "strategy/models/last_rows.h"

#include <algorithm>

#include <xxhash.h>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"

namespace paperd::strategy {
namespace {

constexpr std::uint32_t kTag = section_tag("ROWS");

}  // namespace

LastRows::LastRows(std::size_t slots, std::size_t capacity, std::size_t width)
    : capacity_(capacity), width_(width), counts_(slots), values_(slots * capacity * width) {}

void LastRows::push(std::size_t slot, std::span<const float> row) {
    CHECK(row.size() == width_, "a row has the width of its ring");
    float* const first = values_.data() + slot * capacity_ * width_;
    if (counts_[slot] == capacity_) {
        std::copy(first + width_, first + capacity_ * width_, first);
        --counts_[slot];
    }
    std::ranges::copy(row, first + counts_[slot] * width_);
    ++counts_[slot];
}

void LastRows::forget(std::size_t slot) { counts_[slot] = 0; }

std::span<const float> LastRows::rows(std::size_t slot) const {
    return {values_.data() + slot * capacity_ * width_, counts_[slot] * width_};
}

std::uint64_t LastRows::digest(std::uint64_t seed) const {
    std::uint64_t digest =
        XXH3_64bits_withSeed(counts_.data(), counts_.size() * sizeof(std::uint32_t), seed);
    for (std::size_t slot = 0; slot < counts_.size(); ++slot) {
        const auto held = std::as_bytes(rows(slot));
        digest = XXH3_64bits_withSeed(held.data(), held.size(), digest);
    }
    return digest;
}

void LastRows::save(BlobWriter& out) const {
    out.put(kTag);
    out.put_vector(counts_);
    for (std::size_t slot = 0; slot < counts_.size(); ++slot) {
        out.put_span(rows(slot));
    }
}

void LastRows::load(BlobReader& in) {
    in.expect(kTag);
    const auto counts = in.get_vector<std::uint32_t>();
    if (counts.size() != counts_.size()) {
        in.fail();
        return;
    }
    for (std::size_t slot = 0; slot < counts.size(); ++slot) {
        const auto held = in.get_vector<float>();
        if (counts[slot] > capacity_ || held.size() != counts[slot] * width_) {
            in.fail();
            return;
        }
        counts_[slot] = counts[slot];
        std::ranges::copy(held, values_.data() + slot * capacity_ * width_);
    }
}

}  // namespace paperd::strategy
