#include "daemon/net/timers.h"

#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "daemon/net/awaiting.h"

namespace paperd::daemon {
namespace {

namespace net = boost::asio;

class SteadyAlarm;

// What waits in the context. It and the alarm know of each other, as either may go first: a wait
// that is over can no longer be cancelled, yet must not call what has gone.
struct Waiting {
    Waiting(const net::any_io_executor& executor, SteadyAlarm* its_alarm)
        : timer(executor), alarm(its_alarm) {}

    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting();

    net::steady_timer timer;
    SteadyAlarm* alarm;
};

class SteadyAlarm final : public Alarm {
public:
    SteadyAlarm(const net::any_io_executor& executor, Timers::Duration after,
                std::function<void()> then)
        : then_(std::move(then)) {
        auto waiting = std::make_unique<Waiting>(executor, this);
        waiting_ = waiting.get();
        waiting_->timer.expires_after(after);
        waiting_->timer.async_wait([held = std::move(waiting)](const boost::system::error_code&) {
            if (held->alarm != nullptr) {
                held->alarm->ring();
            }
        });
    }

    SteadyAlarm(const SteadyAlarm&) = delete;
    SteadyAlarm& operator=(const SteadyAlarm&) = delete;

    ~SteadyAlarm() override {
        if (waiting_ != nullptr) {
            waiting_->alarm = nullptr;
            waiting_->timer.cancel();
        }
    }

    void forget() { waiting_ = nullptr; }

private:
    // `then` may be what ends this alarm.
    void ring() {
        waiting_->alarm = nullptr;
        waiting_ = nullptr;
        const auto then = std::move(then_);
        then();
    }

    std::function<void()> then_;
    Waiting* waiting_ = nullptr;  // null once it has rung, or its context is gone
};

Waiting::~Waiting() {
    if (alarm != nullptr) {
        alarm->forget();
    }
}

}  // namespace

net::awaitable<bool> Timers::wait(Duration after) {
    // A timer without end is Asio's way to wait for an event: cancelled, it has come.
    net::steady_timer event(co_await net::this_coro::executor,
                            net::steady_timer::time_point::max());
    bool passed = false;
    const auto alarm = call_after(after, [&] {
        passed = true;
        event.cancel();
    });
    boost::system::error_code cancelled;
    co_await event.async_wait(to(cancelled));
    co_return passed;
}

SteadyTimers::SteadyTimers(net::any_io_executor executor) : executor_(std::move(executor)) {}

Timers::Duration SteadyTimers::now() const {
    return std::chrono::steady_clock::now().time_since_epoch();
}

std::unique_ptr<Alarm> SteadyTimers::call_after(Duration after, std::function<void()> then) {
    return std::make_unique<SteadyAlarm>(executor_, after, std::move(then));
}

}  // namespace paperd::daemon
