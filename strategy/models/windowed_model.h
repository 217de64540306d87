// What models of a window share: the last sequence_length scaled rows of each slot, and when they
// are enough to predict from.
#pragma once

#include <vector>

#include "strategy/models/last_rows.h"
#include "strategy/models/model.h"

namespace paperd::strategy {

class WindowedModel : public Model {
public:
    void forget(std::size_t slot) override { rows_.forget(slot); }

    [[nodiscard]] std::uint64_t state_digest() const override { return rows_.digest(tag_); }

    void save(BlobWriter& out) const override {
        out.put(tag_);
        rows_.save(out);
    }

    void load(BlobReader& in) override {
        in.expect(tag_);
        rows_.load(in);
    }

protected:
    // `tag` marks this model's checkpoints.
    WindowedModel(const ModelFacts& facts, std::size_t slots, std::uint32_t tag)
        : Model(facts, slots),
          columns_(facts_.columns.size()),
          steps_(static_cast<std::size_t>(facts_.sequence_length)),
          rows_(slots, steps_, columns_),
          scaled_(columns_),
          tag_(tag) {}

    // Takes each slot's row where it has one, and calls those slots defined in `out` that have a
    // window to predict from; the others say why not. True when there is any.
    bool take_rows(std::span<const double> features, std::span<const std::uint8_t> defined,
                   ModelOutputs& out);

    std::size_t columns_;
    std::size_t steps_;
    LastRows rows_;  // scaled

private:
    std::vector<float> scaled_;  // the row at work
    std::uint32_t tag_;
};

}  // namespace paperd::strategy
