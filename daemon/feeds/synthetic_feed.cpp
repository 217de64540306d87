#include "daemon/feeds/synthetic_feed.h"

#include <utility>

#include "daemon/feeds/synthetic_market.h"

namespace paperd::daemon {
namespace {

class SyntheticFeed final : public Feed {
public:
    explicit SyntheticFeed(SyntheticMarket market) : market_(std::move(market)) {}

    boost::asio::awaitable<Result<std::optional<Slice>>> next() override {
        co_return market_.next();
    }

    void skip_to_after(Timestamp last_closed_at) override { market_.skip_to_after(last_closed_at); }

    [[nodiscard]] std::optional<std::int64_t> remaining() const override {
        return market_.remaining();
    }

private:
    SyntheticMarket market_;
};

}  // namespace

std::unique_ptr<Feed> make_synthetic_feed(const config::SyntheticSettings& settings,
                                          const Universe& symbols, const Calendar& calendar) {
    return std::make_unique<SyntheticFeed>(SyntheticMarket(settings, symbols, calendar));
}

}  // namespace paperd::daemon
