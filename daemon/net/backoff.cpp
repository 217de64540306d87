#include "daemon/net/backoff.h"

#include <algorithm>
#include <cmath>

#include "execution/types/random.h"

namespace paperd::daemon {
namespace {

constexpr std::uint64_t kPurpose = 0x6261636b6f6666;  // "backoff"
constexpr std::uint64_t kDoublingsMax = 62;

}  // namespace

std::chrono::nanoseconds Backoff::next() {
    const double longest = static_cast<double>(limits_.longest.count());
    const double grown = std::ldexp(static_cast<double>(limits_.first.count()),
                                    static_cast<int>(std::min(tries_, kDoublingsMax)));
    const double whole = std::min(grown, longest);
    const double share = 0.5 + 0.5 * draw_uniform(seed_, tries_, kPurpose);
    ++tries_;
    return std::chrono::nanoseconds{static_cast<std::int64_t>(whole * share)};
}

}  // namespace paperd::daemon
