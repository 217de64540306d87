// Time as an argument: whatever waits or times out in this folder does it by Timers, so that the
// same code runs on the machine's clock and on one that a simulation moves by hand.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace paperd::daemon {

// Something that will happen; it does not once this is gone.
class Alarm {
public:
    Alarm() = default;
    virtual ~Alarm() = default;
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;
};

class Timers {
public:
    using Duration = std::chrono::nanoseconds;

    Timers() = default;
    virtual ~Timers() = default;
    Timers(const Timers&) = delete;
    Timers& operator=(const Timers&) = delete;

    // Since some beginning; never backwards.
    [[nodiscard]] virtual Duration now() const = 0;

    // Calls `then` once, that much later, on the executor's thread and never from within this call.
    // The alarm may go before or after the timers and the executor's context.
    [[nodiscard]] virtual std::unique_ptr<Alarm> call_after(Duration after,
                                                            std::function<void()> then) = 0;

    // Whether the time has passed; false: the wait was cancelled.
    boost::asio::awaitable<bool> wait(Duration after);
};

// The machine's steady clock.
class SteadyTimers final : public Timers {
public:
    explicit SteadyTimers(boost::asio::any_io_executor executor);

    [[nodiscard]] Duration now() const override;
    [[nodiscard]] std::unique_ptr<Alarm> call_after(Duration after,
                                                    std::function<void()> then) override;

private:
    boost::asio::any_io_executor executor_;
};

}  // namespace paperd::daemon
