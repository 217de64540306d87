// A world without sockets and without a clock: time moves by hand, streams are two ends in memory.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/net/stream_source.h"
#include "daemon/net/timers.h"

namespace paperd::daemon {

// Outlives its alarms.
class ManualTimers final : public Timers {
public:
    explicit ManualTimers(boost::asio::io_context& context) : context_(context) {}

    [[nodiscard]] Duration now() const override { return now_; }

    [[nodiscard]] std::unique_ptr<Alarm> call_after(Duration after,
                                                    std::function<void()> then) override;

    // Moves the clock from alarm to alarm, and lets the context do what it can at each.
    void advance(Duration by);

    [[nodiscard]] std::size_t waiting() const { return due_.size(); }

private:
    friend class ManualAlarm;
    using Key = std::pair<Duration, std::uint64_t>;

    boost::asio::io_context& context_;
    Duration now_{};
    std::uint64_t made_ = 0;
    std::map<Key, std::function<void()>> due_;
};

// Two ends of one connection. Outlives them.
class MemoryLink {
public:
    explicit MemoryLink(boost::asio::any_io_executor executor, std::size_t capacity = 64 << 10);
    MemoryLink(const MemoryLink&) = delete;
    MemoryLink& operator=(const MemoryLink&) = delete;

    ByteStream client();  // once each
    ByteStream server();

private:
    friend class MemoryEnd;

    struct Operation {
        Done done;
        StreamBody::Slot slot;
        boost::asio::mutable_buffer into = {};
        std::span<const boost::asio::const_buffer> from = {};
    };

    // One direction.
    struct Pipe {
        std::string bytes;
        bool ended = false;   // nothing more will be written
        bool broken = false;  // nobody reads any more
        std::optional<Operation> reader;
        std::optional<Operation> writer;
    };

    void pump(Pipe& pipe);
    void finish(std::optional<Operation>& operation, boost::system::error_code error,
                std::size_t bytes);

    boost::asio::any_io_executor executor_;
    std::size_t capacity_;
    Pipe to_server_;
    Pipe to_client_;
};

// Connections that a test pushes.
class MemorySource final : public StreamSource {
public:
    explicit MemorySource(boost::asio::any_io_executor executor);

    void push(ByteStream stream);

    boost::asio::awaitable<std::optional<ByteStream>> accept(
        boost::system::error_code& error) override;

private:
    boost::asio::steady_timer came_;
    std::deque<ByteStream> waiting_;
};

// Plain bytes on an end, as a hostile or careless peer would send them.
class RawEnd {
public:
    RawEnd(boost::asio::io_context& context, ByteStream stream);
    ~RawEnd();
    RawEnd(const RawEnd&) = delete;
    RawEnd& operator=(const RawEnd&) = delete;

    void send(const std::string& bytes);

    // What has come so far; the context has done all it can.
    std::string received();

    // Whether the other side has ended the connection.
    [[nodiscard]] bool closed() const { return closed_; }

    void close() { stream_.close(); }

private:
    void read();

    boost::asio::io_context& context_;
    ByteStream stream_;
    std::array<char, 1024> buffer_{};
    std::string received_;
    std::string sending_;
    bool closed_ = false;
};

}  // namespace paperd::daemon
