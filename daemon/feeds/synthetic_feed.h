// The synthetic market as a feed.
#pragma once

#include <memory>

#include "config/config.h"
#include "daemon/feeds/feed.h"

namespace paperd::daemon {

// `calendar` outlives the feed.
std::unique_ptr<Feed> make_synthetic_feed(const config::SyntheticSettings& settings,
                                          const Universe& symbols, const Calendar& calendar);

}  // namespace paperd::daemon
