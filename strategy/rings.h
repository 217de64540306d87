// The last values of a series in fixed memory. Both rings are pure functions of the values they
// hold: how they got there (also through save and load) leaves no trace in any result.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "execution/types/blob.h"
#include "execution/types/check.h"

namespace paperd::strategy {

// Contiguous windows, oldest first. Each value is written twice, `capacity` apart, so that no
// window ever wraps and no push ever moves more than two values.
class MirroredRing {
public:
    explicit MirroredRing(std::size_t capacity) : capacity_(capacity), values_(2 * capacity) {
        CHECK(capacity > 0, "a ring holds at least one value");
    }

    void push(double value) {
        values_[next_] = value;
        values_[next_ + capacity_] = value;
        next_ = next_ + 1 == capacity_ ? 0 : next_ + 1;
        size_ += size_ < capacity_ ? 1 : 0;
    }

    [[nodiscard]] std::size_t size() const { return size_; }

    [[nodiscard]] bool full() const { return size_ == capacity_; }

    // Valid until the next push.
    [[nodiscard]] std::span<const double> values() const { return last(size_); }

    // The newest `count` values; count <= size().
    [[nodiscard]] std::span<const double> last(std::size_t count) const {
        return std::span<const double>(values_).subspan(next_ + capacity_ - count, count);
    }

    // Multiplies every value.
    void scale(double factor) {
        for (double& value : values_) {
            value *= factor;
        }
    }

    void clear() {
        next_ = 0;
        size_ = 0;
    }

    void save(BlobWriter& out) const { out.put_span(values()); }

    void load(BlobReader& in);  // fails on more values than fit

private:
    std::size_t capacity_;
    std::vector<double> values_;
    std::size_t next_ = 0;
    std::size_t size_ = 0;
};

// Order statistics of the last `capacity` values: kept sorted, so that a push costs two searches
// and one move of what lies between, and a quantile costs nothing.
class SortedRing {
public:
    explicit SortedRing(std::size_t capacity);

    // value is not NaN.
    void push(double value);

    [[nodiscard]] std::size_t size() const { return sorted_.size(); }

    [[nodiscard]] bool full() const { return sorted_.size() == capacity_; }

    // Linear interpolation between the neighbours as numpy.percentile does it, to the bit;
    // fraction in [0, 1]. NaN when empty.
    [[nodiscard]] double quantile(double fraction) const;

    // The middle value, or the mean of the two. NaN when empty.
    [[nodiscard]] double median() const;

    void clear();

    void save(BlobWriter& out) const;
    void load(BlobReader& in);  // fails on more values than fit, or a NaN

private:
    std::size_t capacity_;
    std::vector<double> arrivals_;  // oldest at oldest_ once full
    std::vector<double> sorted_;
    std::size_t oldest_ = 0;
};

}  // namespace paperd::strategy
