#include "daemon/net/tls.h"

#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <fmt/format.h>

#include "daemon/net/awaiting.h"

namespace paperd::daemon {
namespace {

namespace net = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;

class TlsStream final : public StreamBody {
public:
    // The stream keeps what it needs of the context.
    TlsStream(ByteStream inner, ssl::context& context) : stream_(std::move(inner), context) {}

    net::any_io_executor executor() override { return stream_.get_executor(); }

    void read_some(net::mutable_buffer into, Slot slot, Done done) override {
        stream_.async_read_some(into, net::bind_cancellation_slot(slot, std::move(done)));
    }

    void write_some(std::span<const net::const_buffer> from, Slot slot, Done done) override {
        stream_.async_write_some(from, net::bind_cancellation_slot(slot, std::move(done)));
    }

    // Waits for the other side's word; who calls sets the limit.
    void shutdown(Slot slot, Done done) override {
        stream_.async_shutdown(net::bind_cancellation_slot(
            slot, [done = std::move(done)](const error_code& error) mutable { done(error, 0); }));
    }

    void close() override { stream_.next_layer().close(); }

    ssl::stream<ByteStream>& stream() { return stream_; }

private:
    ssl::stream<ByteStream> stream_;
};

bool is_certificate_error(const error_code& error) {
    return error.category() == net::error::get_ssl_category();
}

net::awaitable<HttpResult<ByteStream>> shake_hands(std::unique_ptr<TlsStream> tls, Timers& timers,
                                                   ssl::stream_base::handshake_type side,
                                                   std::string with, Timers::Duration timeout) {
    bool late = false;
    auto deadline = timers.call_after(timeout, [&] {
        late = true;
        tls->close();
    });
    error_code error;
    co_await tls->stream().async_handshake(side, to(error));
    deadline.reset();
    if (late) {
        co_return HttpFailure{NoAnswer::timed_out,
                              fmt::format("{} did not finish its TLS handshake in time", with)};
    }
    if (error) {
        const NoAnswer kind = error == net::error::operation_aborted ? NoAnswer::cancelled
                              : is_certificate_error(error)          ? NoAnswer::untrusted
                                                                     : NoAnswer::closed;
        co_return HttpFailure{kind,
                              fmt::format("no TLS connection with {}: {}", with, error.message())};
    }
    co_return ByteStream(std::move(tls));
}

HttpFailure unusable(const std::string& file, const error_code& error) {
    return {NoAnswer::untrusted,
            fmt::format("TLS: {} cannot be used: {}; give a PEM file", file, error.message())};
}

}  // namespace

net::awaitable<HttpResult<ByteStream>> start_tls(ByteStream stream, Timers& timers,
                                                 std::string host, TlsTrust trust,
                                                 Timers::Duration timeout) {
    ssl::context context(ssl::context::tls_client);
    error_code error;
    if (trust.ca_file.empty()) {
        (void)context.set_default_verify_paths(error);
    } else {
        (void)context.load_verify_file(trust.ca_file, error);
    }
    if (error) {
        co_return unusable(trust.ca_file.empty() ? "the system's store" : trust.ca_file, error);
    }
    context.set_verify_mode(ssl::verify_peer);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    auto tls = std::make_unique<TlsStream>(std::move(stream), context);
    tls->stream().set_verify_callback(ssl::host_name_verification(host));
    // SSL_set_tlsext_host_name(), which is a macro with a C cast.
    SSL_ctrl(tls->stream().native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(host.c_str()));
    co_return co_await shake_hands(std::move(tls), timers, ssl::stream_base::client, host, timeout);
}

net::awaitable<HttpResult<ByteStream>> accept_tls(ByteStream stream, Timers& timers,
                                                  TlsIdentity identity, Timers::Duration timeout) {
    ssl::context context(ssl::context::tls_server);
    error_code error;
    (void)context.use_certificate_chain_file(identity.certificate_file, error);
    if (error) {
        co_return unusable(identity.certificate_file, error);
    }
    (void)context.use_private_key_file(identity.key_file, ssl::context::pem, error);
    if (error) {
        co_return unusable(identity.key_file, error);
    }
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    auto tls = std::make_unique<TlsStream>(std::move(stream), context);
    co_return co_await shake_hands(std::move(tls), timers, ssl::stream_base::server, "the client",
                                   timeout);
}

}  // namespace paperd::daemon
