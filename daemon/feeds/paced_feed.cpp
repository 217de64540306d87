#include <chrono>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/feeds/feed.h"

namespace paperd::daemon {
namespace {

class PacedFeed final : public Feed {
public:
    PacedFeed(std::unique_ptr<Feed> inner, double speed, Nanoseconds bar_length)
        : inner_(std::move(inner)),
          speed_(speed),
          bar_length_(bar_length),
          daily_(bar_length >= std::chrono::hours{24}) {}

    boost::asio::awaitable<Result<std::optional<Slice>>> next() override {
        auto slice = co_await inner_->next();
        if (slice.has_error() || !slice->has_value()) {
            co_return slice;
        }
        const Slice& now = **slice;
        const bool waits =
            speed_ > 0 && !now.warmup && day_before_ && (daily_ || *day_before_ == now.day);
        if (waits) {
            const auto real = daily_ ? Nanoseconds{std::chrono::seconds{1}} : bar_length_;
            const auto wait = std::chrono::duration<double>(real) / speed_;
            due_ += std::chrono::duration_cast<std::chrono::steady_clock::duration>(wait);
            boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, due_);
            boost::system::error_code cancelled;
            co_await timer.async_wait(
                boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
            if (cancelled) {
                co_return std::optional<Slice>();
            }
        } else {
            due_ = std::chrono::steady_clock::now();
        }
        day_before_ = now.warmup ? std::nullopt : std::optional<Day>(now.day);
        co_return slice;
    }

    void skip_to_after(Timestamp last_closed_at) override { inner_->skip_to_after(last_closed_at); }

    [[nodiscard]] std::optional<std::int64_t> remaining() const override {
        return inner_->remaining();
    }

private:
    std::unique_ptr<Feed> inner_;
    double speed_;
    Nanoseconds bar_length_;
    bool daily_;
    std::optional<Day> day_before_;  // of the slice before, unless it was warm-up
    // Waits are measured from one due time to the next, so that work in between does not slow the
    // clock down.
    std::chrono::steady_clock::time_point due_;
};

}  // namespace

std::unique_ptr<Feed> make_paced_feed(std::unique_ptr<Feed> inner, double speed,
                                      Nanoseconds bar_length) {
    return std::make_unique<PacedFeed>(std::move(inner), speed, bar_length);
}

}  // namespace paperd::daemon
