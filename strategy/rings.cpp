#include "strategy/rings.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace paperd::strategy {

namespace {

// std::lower_bound without a branch for the processor to guess wrong.
std::size_t first_not_below(std::span<const double> sorted, double value) {
    std::size_t begin = 0;
    for (std::size_t n = sorted.size(); n > 0;) {
        const std::size_t half = (n + 1) / 2;
        begin += sorted[begin + half - 1] < value ? half : 0;
        n -= half;
    }
    return begin;
}

}  // namespace

void MirroredRing::load(BlobReader& in) {
    clear();
    const std::vector<double> values = in.get_vector<double>();
    if (values.size() > capacity_) {
        in.fail();
        return;
    }
    for (const double value : values) {
        push(value);
    }
}

SortedRing::SortedRing(std::size_t capacity) : capacity_(capacity) {
    CHECK(capacity > 0, "a ring holds at least one value");
    arrivals_.reserve(capacity);
    sorted_.reserve(capacity);
}

void SortedRing::push(double value) {
    CHECK(!std::isnan(value), "a NaN has no place in an order");
    if (!full()) {
        const auto enters = sorted_.begin() + std::ptrdiff_t(first_not_below(sorted_, value));
        arrivals_.push_back(value);
        sorted_.insert(enters, value);
        return;
    }
    double* const leaves = sorted_.data() + first_not_below(sorted_, arrivals_[oldest_]);
    double* const enters = sorted_.data() + first_not_below(sorted_, value);
    if (enters > leaves) {
        *std::move(leaves + 1, enters, leaves) = value;
    } else {
        std::move_backward(enters, leaves, leaves + 1);
        *enters = value;
    }
    arrivals_[oldest_] = value;
    oldest_ = oldest_ + 1 == capacity_ ? 0 : oldest_ + 1;
}

double SortedRing::quantile(double fraction) const {
    if (sorted_.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const double at = static_cast<double>(sorted_.size() - 1) * fraction;
    const auto below = static_cast<std::size_t>(at);
    const double part = at - static_cast<double>(below);
    const double low = sorted_[below];
    const double high = sorted_[std::min(below + 1, sorted_.size() - 1)];
    const double step = high - low;
    // From the nearer end, so that a part of 1 gives `high` exactly.
    return part >= 0.5 ? high - step * (1 - part) : low + step * part;
}

double SortedRing::median() const {
    if (sorted_.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const std::size_t middle = sorted_.size() / 2;
    return sorted_.size() % 2 == 1 ? sorted_[middle] : (sorted_[middle - 1] + sorted_[middle]) / 2;
}

void SortedRing::clear() {
    arrivals_.clear();
    sorted_.clear();
    oldest_ = 0;
}

void SortedRing::save(BlobWriter& out) const {
    std::vector<double> in_order(arrivals_);
    std::rotate(in_order.begin(), in_order.begin() + static_cast<std::ptrdiff_t>(oldest_),
                in_order.end());
    out.put_vector(in_order);
}

void SortedRing::load(BlobReader& in) {
    clear();
    const std::vector<double> values = in.get_vector<double>();
    if (values.size() > capacity_ ||
        std::any_of(values.begin(), values.end(), [](double v) { return std::isnan(v); })) {
        in.fail();
        return;
    }
    arrivals_.assign(values.begin(), values.end());
    sorted_.assign(values.begin(), values.end());
    std::sort(sorted_.begin(), sorted_.end());
}

}  // namespace paperd::strategy
