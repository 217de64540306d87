#include "daemon/feeds/job_feed.h"

#include "daemon/feeds/synthetic_feed.h"
#include "execution/types/check.h"

namespace paperd::daemon {

std::unique_ptr<Feed> make_job_feed(const config::Config& config, const Calendar& calendar) {
    switch (config.feed) {
        case config::FeedKind::synthetic:
            return make_synthetic_feed(config.synthetic, config.symbols, calendar);
        case config::FeedKind::files:
            break;
    }
    CHECK(false, "a run of files was refused before");
}

}  // namespace paperd::daemon
