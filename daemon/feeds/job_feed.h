// The feed that a job's market.feed names, for `run`.
#pragma once

#include <memory>

#include "config/config.h"
#include "daemon/feeds/feed.h"

namespace paperd::daemon {

// Of any kind but files, which `plan_run` refuses. `calendar` outlives the feed.
std::unique_ptr<Feed> make_job_feed(const config::Config& config, const Calendar& calendar);

}  // namespace paperd::daemon
