// Attention over each slot's own past: keys and values of its last `window` states. A state's
// projections never change, so each is projected once and a step costs the same however long it
// has run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "execution/types/blob.h"

namespace paperd::strategy {

struct AttentionShape {
    std::size_t slots = 0;
    std::size_t window = 0;  // states attended to
    std::size_t memory = 0;  // width of keys, values and queries
    std::size_t heads = 0;   // divides memory
};

class KeyValueRing {
public:
    explicit KeyValueRing(const AttentionShape& shape);

    void push(std::size_t slot, std::span<const float> key, std::span<const float> value);
    void forget(std::size_t slot);

    // States held, at most `window`.
    [[nodiscard]] std::size_t count(std::size_t slot) const;

    // out = for each head softmax(query . keys / sqrt(memory / heads)) . values. count > 0.
    void attend(std::size_t slot, std::span<const float> query, std::span<float> out);

    // Of the entries held and of nothing else: a hash over one hash an entry, each made when the
    // entry came, since hashing every key and value each slice would cost a third of the step.
    [[nodiscard]] std::uint64_t digest(std::uint64_t seed) const;

    // Entries keep their places, so that sums after a load run in the same order.
    void save(BlobWriter& out) const;
    void load(BlobReader& in);  // sets in.failed() when the sizes are others

private:
    void put(std::size_t slot, std::size_t place, std::span<const float> key,
             std::span<const float> value);

    AttentionShape shape_;
    std::size_t block_;                   // window x memory
    std::vector<std::uint64_t> pushed_;   // since the slot began; the next place is this % window
    std::vector<float> keys_;             // slots x memory x window: sums over states run on end
    std::vector<float> values_;           // slots x window x memory
    std::vector<std::uint64_t> digests_;  // slots x window
    std::vector<float> weights_;          // window, of the head at work
};

}  // namespace paperd::strategy
