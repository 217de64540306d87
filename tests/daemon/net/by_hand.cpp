#include "tests/daemon/net/by_hand.h"

#include <algorithm>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace paperd::daemon {

namespace net = boost::asio;
using boost::system::error_code;

class ManualAlarm final : public Alarm {
public:
    ManualAlarm(ManualTimers& timers, ManualTimers::Key key) : timers_(timers), key_(key) {}

    ManualAlarm(const ManualAlarm&) = delete;
    ManualAlarm& operator=(const ManualAlarm&) = delete;

    ~ManualAlarm() override { timers_.due_.erase(key_); }

private:
    ManualTimers& timers_;
    ManualTimers::Key key_;
};

std::unique_ptr<Alarm> ManualTimers::call_after(Duration after, std::function<void()> then) {
    const Key key{now_ + after, made_++};
    due_.emplace(key, std::move(then));
    return std::make_unique<ManualAlarm>(*this, key);
}

void ManualTimers::advance(Duration by) {
    const Duration until = now_ + by;
    const auto settle = [&] {
        do {
            context_.restart();
        } while (context_.poll() > 0);
    };
    settle();
    while (!due_.empty() && due_.begin()->first.first <= until) {
        now_ = due_.begin()->first.first;
        const auto then = std::move(due_.begin()->second);
        due_.erase(due_.begin());
        then();
        settle();
    }
    now_ = until;
}

class MemoryEnd final : public StreamBody {
public:
    MemoryEnd(MemoryLink& link, MemoryLink::Pipe& in, MemoryLink::Pipe& out)
        : link_(link), in_(in), out_(out) {}

    MemoryEnd(const MemoryEnd&) = delete;
    MemoryEnd& operator=(const MemoryEnd&) = delete;

    ~MemoryEnd() override { close(); }

    net::any_io_executor executor() override { return link_.executor_; }

    void read_some(net::mutable_buffer into, Slot slot, Done done) override {
        if (into.size() == 0) {  // at once, as from a socket: Asio's TLS posts its ends so
            net::post(link_.executor_, [done = std::move(done)]() mutable { done({}, 0); });
            return;
        }
        start(in_, in_.reader, {.done = std::move(done), .slot = slot, .into = into});
    }

    void write_some(std::span<const net::const_buffer> from, Slot slot, Done done) override {
        start(out_, out_.writer, {.done = std::move(done), .slot = slot, .from = from});
    }

    void shutdown(Slot, Done done) override {
        out_.ended = true;
        link_.pump(out_);
        net::post(link_.executor_, [done = std::move(done)]() mutable { done({}, 0); });
    }

    void close() override {
        closed_ = true;
        link_.finish(in_.reader, net::error::operation_aborted, 0);
        link_.finish(out_.writer, net::error::operation_aborted, 0);
        in_.broken = true;
        out_.ended = true;
        link_.pump(in_);
        link_.pump(out_);
    }

private:
    void start(MemoryLink::Pipe& pipe, std::optional<MemoryLink::Operation>& place,
               MemoryLink::Operation operation) {
        place.emplace(std::move(operation));
        if (closed_) {
            link_.finish(place, net::error::bad_descriptor, 0);
            return;
        }
        if (place->slot.is_connected()) {
            place->slot.assign([&link = link_, &place](net::cancellation_type) {
                link.finish(place, net::error::operation_aborted, 0);
            });
        }
        link_.pump(pipe);
    }

    MemoryLink& link_;
    MemoryLink::Pipe& in_;
    MemoryLink::Pipe& out_;
    bool closed_ = false;
};

MemoryLink::MemoryLink(net::any_io_executor executor, std::size_t capacity)
    : executor_(std::move(executor)), capacity_(capacity) {}

ByteStream MemoryLink::client() {
    return ByteStream(std::make_unique<MemoryEnd>(*this, to_client_, to_server_));
}

ByteStream MemoryLink::server() {
    return ByteStream(std::make_unique<MemoryEnd>(*this, to_server_, to_client_));
}

void MemoryLink::finish(std::optional<Operation>& operation, error_code error, std::size_t bytes) {
    if (!operation) {
        return;
    }
    // Not from within the call, nor from within a cancellation: as sockets do.
    net::post(executor_,
              [done = std::move(operation->done), error, bytes]() mutable { done(error, bytes); });
    operation.reset();
}

void MemoryLink::pump(Pipe& pipe) {
    if (pipe.writer && pipe.broken) {
        finish(pipe.writer, net::error::broken_pipe, 0);
    }
    if (pipe.writer && pipe.bytes.size() < capacity_) {
        const std::size_t room = capacity_ - pipe.bytes.size();
        const std::size_t before = pipe.bytes.size();
        for (const net::const_buffer& part : pipe.writer->from) {
            const std::size_t left = room - (pipe.bytes.size() - before);
            pipe.bytes.append(static_cast<const char*>(part.data()), std::min(part.size(), left));
        }
        finish(pipe.writer, {}, pipe.bytes.size() - before);
    }
    if (pipe.reader && !pipe.bytes.empty()) {
        const std::size_t count = net::buffer_copy(pipe.reader->into, net::buffer(pipe.bytes));
        pipe.bytes.erase(0, count);
        finish(pipe.reader, {}, count);
        pump(pipe);
    } else if (pipe.reader && pipe.ended) {
        finish(pipe.reader, net::error::eof, 0);
    }
}

MemorySource::MemorySource(net::any_io_executor executor)
    : came_(std::move(executor), net::steady_timer::time_point::max()) {}

void MemorySource::push(ByteStream stream) {
    waiting_.push_back(std::move(stream));
    came_.cancel();
}

net::awaitable<std::optional<ByteStream>> MemorySource::accept(error_code& error) {
    if (waiting_.empty()) {
        error_code ended;
        co_await came_.async_wait(net::redirect_error(net::use_awaitable, ended));
    }
    if (waiting_.empty()) {
        error = net::error::operation_aborted;
        co_return std::nullopt;
    }
    ByteStream stream = std::move(waiting_.front());
    waiting_.pop_front();
    co_return stream;
}

RawEnd::RawEnd(net::io_context& context, ByteStream stream)
    : context_(context), stream_(std::move(stream)) {
    read();
}

RawEnd::~RawEnd() {
    stream_.close();
    (void)received();  // what is under way refers to this
}

void RawEnd::read() {
    stream_.async_read_some(net::buffer(buffer_), [this](error_code error, std::size_t bytes) {
        received_.append(buffer_.data(), bytes);
        if (error) {
            closed_ = true;
        } else {
            read();
        }
    });
}

void RawEnd::send(const std::string& bytes) {
    sending_ = bytes;
    stream_.async_write_some(net::buffer(sending_), [](error_code, std::size_t) {});
    (void)received();
}

std::string RawEnd::received() {
    context_.restart();
    context_.poll();
    return received_;
}

}  // namespace paperd::daemon
