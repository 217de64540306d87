#include <algorithm>
#include <utility>
#include <vector>

#include "daemon/feeds/feed.h"

namespace paperd::daemon {
namespace {

class HistoryFeed final : public Feed {
public:
    explicit HistoryFeed(std::vector<Slice> slices) : slices_(std::move(slices)) {}

    boost::asio::awaitable<Result<std::optional<Slice>>> next() override {
        if (at_ == slices_.size()) {
            co_return std::optional<Slice>();
        }
        co_return std::optional<Slice>(std::move(slices_[at_++]));
    }

    void skip_to_after(Timestamp last_closed_at) override {
        const auto first = std::find_if(slices_.begin(), slices_.end(), [&](const Slice& slice) {
            return slice.closed_at > last_closed_at;
        });
        at_ = static_cast<std::size_t>(first - slices_.begin());
    }

    [[nodiscard]] std::optional<std::int64_t> remaining() const override {
        return static_cast<std::int64_t>(slices_.size() - at_);
    }

private:
    std::vector<Slice> slices_;
    std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Feed> make_history_feed(std::vector<Slice> slices) {
    return std::make_unique<HistoryFeed>(std::move(slices));
}

}  // namespace paperd::daemon
