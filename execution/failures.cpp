#include "execution/failures.h"

#include <algorithm>

#include "execution/types/random.h"

namespace paperd::execution {
namespace {

// Part of what a draw is a function of: changing a number changes every run with failures on.
enum class Purpose : std::uint64_t {
    data_delay = 1,
    execution_failure = 2,
    price_gap = 3,
    price_gap_size = 4
};

double draw(std::uint64_t seed, std::int64_t id, std::uint64_t second_id, Purpose purpose) {
    const auto use = static_cast<std::uint64_t>(purpose);
    return draw_uniform(draw64(seed, static_cast<std::uint64_t>(id), use), second_id, use);
}

}  // namespace

bool Failures::data_delayed(std::int64_t slice_id, SymbolId symbol) const {
    return settings_.data_delay_probability > 0 &&
           draw(settings_.seed, slice_id, index(symbol), Purpose::data_delay) <
               settings_.data_delay_probability;
}

bool Failures::execution_fails(OrderId order, std::int64_t slice_id) const {
    return settings_.execution_failure_probability > 0 &&
           draw(settings_.seed, order, static_cast<std::uint64_t>(slice_id),
                Purpose::execution_failure) < settings_.execution_failure_probability;
}

Price Failures::gapped(Price reference, const Bar& bar, bool buying, OrderId order,
                       std::int64_t slice_id) const {
    const auto slice = static_cast<std::uint64_t>(slice_id);
    if (settings_.price_gap_probability <= 0 ||
        draw(settings_.seed, order, slice, Purpose::price_gap) >= settings_.price_gap_probability) {
        return reference;
    }
    const Price room = buying ? bar.high - reference : reference - bar.low;
    const double fraction = settings_.price_gap_fraction_max *
                            draw(settings_.seed, order, slice, Purpose::price_gap_size);
    const Price gap =
        std::clamp(Price::nearest(fraction * room.to_double()), Price{}, std::max(room, Price{}));
    return buying ? reference + gap : reference - gap;
}

}  // namespace paperd::execution
