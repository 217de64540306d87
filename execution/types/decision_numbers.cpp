#include "execution/types/decision_numbers.h"

#include <algorithm>

namespace paperd {

void DecisionNumbers::set(DecisionNumber number, double value) {
    const std::size_t end = packed().size();
    const auto at = packed_.begin() + static_cast<std::ptrdiff_t>(place(number));
    if (has(number)) {
        if (std::isnan(value)) {
            std::copy(at + 1, packed_.begin() + static_cast<std::ptrdiff_t>(end), at);
            mask_ &= ~bit(number);
        } else {
            *at = value;
        }
    } else if (!std::isnan(value)) {
        const auto last =
            packed_.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(end, 1));
        std::copy_backward(at, last, last + 1);
        *at = value;
        mask_ |= bit(number);
    }
    packed_[0] = mask_;
}

bool DecisionNumbers::unpack(std::span<const double> packed) {
    *this = {};
    if (packed.empty()) {
        return true;
    }
    constexpr double kMaskMax = (std::uint32_t{1} << kCount) - 1;
    if (!(packed[0] >= 1 && packed[0] <= kMaskMax) || packed[0] != std::floor(packed[0])) {
        return false;
    }
    const auto mask = static_cast<std::uint32_t>(packed[0]);
    if (packed.size() != 1 + static_cast<std::size_t>(std::popcount(mask))) {
        return false;
    }
    mask_ = mask;
    std::copy(packed.begin(), packed.end(), packed_.begin());
    return true;
}

}  // namespace paperd
