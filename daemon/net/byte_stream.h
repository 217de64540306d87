// One connection's bytes, whatever carries them: a TCP or Unix socket, TLS over either, or two ends
// in one process. What is built on it (HTTP, WebSocket) is compiled once and asks for a ByteStream.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <boost/system/error_code.hpp>

namespace paperd::daemon {

// What is told once an operation is over: the error, and the bytes moved. Called once.
class Done {
public:
    template <class F>
    explicit Done(F function) : call_(std::make_unique<Model<F>>(std::move(function))) {}

    void operator()(boost::system::error_code error, std::size_t bytes) {
        std::exchange(call_, nullptr)->run(error, bytes);
    }

private:
    struct Call {
        Call() = default;
        virtual ~Call() = default;
        Call(const Call&) = delete;
        Call& operator=(const Call&) = delete;
        virtual void run(boost::system::error_code error, std::size_t bytes) = 0;
    };

    template <class F>
    struct Model final : Call {
        explicit Model(F f) : function(std::move(f)) {}

        void run(boost::system::error_code error, std::size_t bytes) override {
            function(error, bytes);
        }

        F function;
    };

    std::unique_ptr<Call> call_;
};

// One read and one write may be under way at a time. A cancellation through the slot, and close(),
// end them with operation_aborted.
class StreamBody {
public:
    using Slot = boost::asio::cancellation_slot;

    StreamBody() = default;
    virtual ~StreamBody() = default;
    StreamBody(const StreamBody&) = delete;
    StreamBody& operator=(const StreamBody&) = delete;

    virtual boost::asio::any_io_executor executor() = 0;
    virtual void read_some(boost::asio::mutable_buffer into, Slot slot, Done done) = 0;

    // The buffers' list lives until `done`.
    virtual void write_some(std::span<const boost::asio::const_buffer> from, Slot slot,
                            Done done) = 0;

    // Tells the other side that nothing more will be written (FIN; with TLS its notice as well).
    virtual void shutdown(Slot slot, Done done) = 0;

    virtual void close() = 0;
};

// The stream as Asio and Beast take it: an AsyncReadStream and AsyncWriteStream. Moved from only
// while nothing is under way.
class ByteStream {
public:
    // Names that Asio and Beast look for.
    using executor_type = boost::asio::any_io_executor;  // NOLINT(readability-identifier-naming)
    using lowest_layer_type = ByteStream;                // NOLINT(readability-identifier-naming)

    // No stream at all; what a result needs that holds one later.
    ByteStream() = default;

    explicit ByteStream(std::unique_ptr<StreamBody> body) : body_(std::move(body)) {}

    [[nodiscard]] executor_type get_executor() const { return body_->executor(); }

    lowest_layer_type& lowest_layer() { return *this; }

    void close() { body_->close(); }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return start(
            [body = body_.get(), into = first<boost::asio::mutable_buffer>(buffers)](
                StreamBody::Slot slot, Done done) { body->read_some(into, slot, std::move(done)); },
            std::forward<Token>(token));
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        // Heads and bodies in one call: many small writes are many packets.
        const std::span<const boost::asio::const_buffer> from(parts_->data(), gather(buffers));
        return start(
            [body = body_.get(), from](StreamBody::Slot slot, Done done) {
                body->write_some(from, slot, std::move(done));
            },
            std::forward<Token>(token));
    }

    template <class Token>
    auto async_shutdown(Token&& token) {
        return start([body = body_.get()](StreamBody::Slot slot,
                                          Done done) { body->shutdown(slot, std::move(done)); },
                     std::forward<Token>(token));
    }

private:
    static constexpr std::size_t kPartsMax = 16;

    template <class Buffer, class Buffers>
    static Buffer first(const Buffers& buffers) {
        for (auto at = boost::asio::buffer_sequence_begin(buffers);
             at != boost::asio::buffer_sequence_end(buffers); ++at) {
            if (Buffer(*at).size() > 0) {
                return Buffer(*at);
            }
        }
        return {};
    }

    template <class Buffers>
    std::size_t gather(const Buffers& buffers) {
        std::size_t count = 0;
        for (auto at = boost::asio::buffer_sequence_begin(buffers);
             at != boost::asio::buffer_sequence_end(buffers) && count < kPartsMax; ++at) {
            (*parts_)[count++] = boost::asio::const_buffer(*at);
        }
        return count;
    }

    template <class Operation, class Token>
    auto start(Operation operation, Token&& token) {
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [](auto handler, auto begin, auto own_executor) {
                const auto slot = boost::asio::get_associated_cancellation_slot(handler);
                const auto executor = boost::asio::get_associated_executor(handler, own_executor);
                begin(slot, Done([executor, handler = std::move(handler)](
                                     boost::system::error_code error, std::size_t bytes) mutable {
                          boost::asio::dispatch(
                              executor, [handler = std::move(handler), error, bytes]() mutable {
                                  std::move(handler)(error, bytes);
                              });
                      }));
            },
            token, std::move(operation), get_executor());
    }

    std::unique_ptr<StreamBody> body_;
    // Apart, so that it stays where it is when the stream is moved.
    std::unique_ptr<std::array<boost::asio::const_buffer, kPartsMax>> parts_ =
        std::make_unique<std::array<boost::asio::const_buffer, kPartsMax>>();
};

// How Beast's WebSocket ends a connection.
inline void beast_close_socket(ByteStream& stream) { stream.close(); }

template <class Handler>
void async_teardown(boost::beast::role_type, ByteStream& stream, Handler&& handler) {
    stream.async_shutdown(
        [handler = std::forward<Handler>(handler)](boost::system::error_code error,
                                                   std::size_t) mutable { handler(error); });
}

}  // namespace paperd::daemon
