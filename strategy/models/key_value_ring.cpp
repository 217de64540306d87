#include "strategy/models/key_value_ring.h"

#include <algorithm>
#include <cmath>

#include <xxhash.h>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"

namespace paperd::strategy {
namespace {

constexpr std::uint32_t kTag = section_tag("KEVS");

void softmax(std::span<float> scores) {
    const float highest = *std::ranges::max_element(scores);
    float total = 0;
    for (float& s : scores) {
        s = std::exp(s - highest);
        total += s;
    }
    for (float& s : scores) {
        s /= total;
    }
}

}  // namespace

KeyValueRing::KeyValueRing(const AttentionShape& shape)
    : shape_(shape),
      block_(shape.window * shape.memory),
      pushed_(shape.slots),
      keys_(shape.slots * block_),
      values_(shape.slots * block_),
      digests_(shape.slots * shape.window),
      weights_(shape.window) {
    CHECK(shape.window > 0 && shape.heads > 0 && shape.memory % shape.heads == 0,
          "heads share the memory evenly");
}

std::size_t KeyValueRing::count(std::size_t slot) const {
    return static_cast<std::size_t>(std::min<std::uint64_t>(pushed_[slot], shape_.window));
}

void KeyValueRing::put(std::size_t slot, std::size_t place, std::span<const float> key,
                       std::span<const float> value) {
    float* const column = keys_.data() + slot * block_ + place;
    for (std::size_t i = 0; i < shape_.memory; ++i) {
        column[i * shape_.window] = key[i];
    }
    std::ranges::copy(value, values_.data() + slot * block_ + place * shape_.memory);
    digests_[slot * shape_.window + place] = XXH3_64bits_withSeed(
        value.data(), value.size_bytes(), XXH3_64bits(key.data(), key.size_bytes()));
}

void KeyValueRing::push(std::size_t slot, std::span<const float> key,
                        std::span<const float> value) {
    CHECK(key.size() == shape_.memory && value.size() == shape_.memory,
          "keys and values have the memory's width");
    put(slot, pushed_[slot] % shape_.window, key, value);
    ++pushed_[slot];
}

void KeyValueRing::forget(std::size_t slot) { pushed_[slot] = 0; }

void KeyValueRing::attend(std::size_t slot, std::span<const float> query, std::span<float> out) {
    const std::size_t held = count(slot);
    CHECK(held > 0, "attention needs at least one state");
    const std::size_t width = shape_.memory / shape_.heads;
    const float scale = 1.0F / std::sqrt(static_cast<float>(width));
    const std::span<float> weights = std::span(weights_).first(held);
    std::ranges::fill(out, 0.0F);
    for (std::size_t head = 0; head < shape_.heads; ++head) {
        std::ranges::fill(weights, 0.0F);
        for (std::size_t i = head * width; i < (head + 1) * width; ++i) {
            const float* const key = keys_.data() + slot * block_ + i * shape_.window;
            const float q = query[i] * scale;
            for (std::size_t j = 0; j < held; ++j) {
                weights[j] += q * key[j];
            }
        }
        softmax(weights);
        float* const sum = out.data() + head * width;
        for (std::size_t j = 0; j < held; ++j) {
            const float* const value =
                values_.data() + slot * block_ + j * shape_.memory + head * width;
            for (std::size_t i = 0; i < width; ++i) {
                sum[i] += weights[j] * value[i];
            }
        }
    }
}

std::uint64_t KeyValueRing::digest(std::uint64_t seed) const {
    std::uint64_t digest =
        XXH3_64bits_withSeed(pushed_.data(), pushed_.size() * sizeof(std::uint64_t), seed);
    for (std::size_t slot = 0; slot < shape_.slots; ++slot) {
        digest = XXH3_64bits_withSeed(digests_.data() + slot * shape_.window,
                                      count(slot) * sizeof(std::uint64_t), digest);
    }
    return digest;
}

void KeyValueRing::save(BlobWriter& out) const {
    out.put(kTag);
    out.put_vector(pushed_);
    std::vector<float> key(shape_.memory);
    for (std::size_t slot = 0; slot < shape_.slots; ++slot) {
        for (std::size_t place = 0; place < count(slot); ++place) {
            for (std::size_t i = 0; i < shape_.memory; ++i) {
                key[i] = keys_[slot * block_ + i * shape_.window + place];
            }
            out.put_vector(key);
            out.put_span(
                std::span(values_).subspan(slot * block_ + place * shape_.memory, shape_.memory));
        }
    }
}

void KeyValueRing::load(BlobReader& in) {
    in.expect(kTag);
    const auto pushed = in.get_vector<std::uint64_t>();
    if (pushed.size() != pushed_.size()) {
        in.fail();
        return;
    }
    pushed_ = pushed;
    for (std::size_t slot = 0; slot < shape_.slots; ++slot) {
        for (std::size_t place = 0; place < count(slot); ++place) {
            const auto key = in.get_vector<float>();
            const auto value = in.get_vector<float>();
            if (key.size() != shape_.memory || value.size() != shape_.memory) {
                in.fail();
                return;
            }
            put(slot, place, key, value);
        }
    }
}

}  // namespace paperd::strategy
