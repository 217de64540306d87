// TLS over streams in memory, with certificates made here.
#include "daemon/net/tls.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "daemon/net/http_client.h"
#include "daemon/net/http_server.h"
#include "tests/daemon/net/by_hand.h"

namespace paperd::daemon {
namespace {

namespace fs = std::filesystem;
namespace net = boost::asio;
using std::chrono::seconds;

// A certificate for that name, signed by itself.
void make_identity(const std::string& name, const TlsIdentity& files) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509* const cert = certificate.get();
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_set_pubkey(cert, key.get());
    X509_NAME* const subject = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("paperd test"), -1, -1, 0);
    X509_set_issuer_name(cert, subject);
    const std::string names = "DNS:" + name;
    X509_EXTENSION* const alternative =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    X509_add_ext(cert, alternative, -1);
    X509_EXTENSION_free(alternative);
    X509_sign(cert, key.get(), EVP_sha256());
    std::FILE* out = std::fopen(files.certificate_file.c_str(), "w");
    PEM_write_X509(out, cert);
    std::fclose(out);
    out = std::fopen(files.key_file.c_str(), "w");
    PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(out);
}

class Tls : public testing::Test {
protected:
    void SetUp() override {
        fs::create_directories(folder_);
        make_identity("world.example", identity_);
    }

    ~Tls() override { fs::remove_all(folder_); }

    // Both sides shake hands; the server's stream and the client's outcome.
    void shake_hands(const std::string& host, const std::string& ca_file) {
        net::co_spawn(context_, accept_tls(link_.server(), timers_, identity_, seconds{5}),
                      [this](const std::exception_ptr&, HttpResult<ByteStream> stream) {
                          server_.emplace(std::move(stream));
                      });
        net::co_spawn(context_,
                      start_tls(link_.client(), timers_, host, TlsTrust{ca_file}, seconds{5}),
                      [this](const std::exception_ptr&, HttpResult<ByteStream> stream) {
                          client_.emplace(std::move(stream));
                      });
        timers_.advance(seconds{0});
    }

    net::io_context context_{1};
    ManualTimers timers_{context_};
    MemoryLink link_{context_.get_executor()};
    std::string folder_ = testing::TempDir() + "paperd_tls_" + std::to_string(::getpid());
    TlsIdentity identity_{folder_ + "/cert.pem", folder_ + "/key.pem"};
    std::optional<HttpResult<ByteStream>> server_;
    std::optional<HttpResult<ByteStream>> client_;
};

TEST_F(Tls, CarriesHttpWhereTheCertificateIsTrustedAndNamesTheHost) {
    shake_hands("world.example", identity_.certificate_file);
    ASSERT_TRUE(client_ && !client_->has_error()) << client_->error().text;
    ASSERT_TRUE(server_ && !server_->has_error()) << server_->error().text;
    HttpServer server(timers_, HttpHandler{.answer = [](const HttpRequest& request) {
                          return HttpReply{.status = 200, .body = request.body + "!"};
                      }});
    auto source = std::make_unique<MemorySource>(context_.get_executor());
    source->push(std::move(**server_));
    server.serve(context_.get_executor(), std::move(source));
    std::optional<HttpResult<HttpReply>> reply;
    {
        HttpClient client(
            timers_,
            [this]() -> net::awaitable<HttpResult<ByteStream>> { co_return std::move(**client_); },
            "world.example");
        const HttpRequest request{.method = "POST", .body = std::string(3'000, 'x')};
        net::co_spawn(context_, client.request(request),
                      [&](const std::exception_ptr&, HttpResult<HttpReply> answer) {
                          reply.emplace(std::move(answer));
                      });
        timers_.advance(seconds{0});
    }
    server.stop();
    timers_.advance(seconds{60});
    ASSERT_TRUE(reply && !reply->has_error()) << reply->error().text;
    EXPECT_EQ((*reply)->body, std::string(3'000, 'x') + "!");
}

TEST_F(Tls, RefusesACertificateForAnotherName) {
    shake_hands("other.example", identity_.certificate_file);
    ASSERT_TRUE(client_ && client_->has_error());
    EXPECT_EQ(client_->error().kind, NoAnswer::untrusted) << client_->error().text;
    EXPECT_NE(client_->error().text.find("other.example"), std::string::npos);
}

TEST_F(Tls, RefusesACertificateThatNobodyItTrustsHasSigned) {
    shake_hands("world.example", "");  // the system's authorities
    ASSERT_TRUE(client_ && client_->has_error());
    EXPECT_EQ(client_->error().kind, NoAnswer::untrusted) << client_->error().text;
}

TEST_F(Tls, GivesUpOnAHandshakeThatDoesNotCome) {
    const RawEnd silent(context_, link_.server());
    net::co_spawn(context_,
                  start_tls(link_.client(), timers_, "world.example",
                            TlsTrust{identity_.certificate_file}, seconds{5}),
                  [this](const std::exception_ptr&, HttpResult<ByteStream> stream) {
                      client_.emplace(std::move(stream));
                  });
    timers_.advance(seconds{4});
    EXPECT_FALSE(client_);
    timers_.advance(seconds{2});
    ASSERT_TRUE(client_ && client_->has_error());
    EXPECT_EQ(client_->error().kind, NoAnswer::timed_out);
}

TEST_F(Tls, SaysWhichFileIsNoGood) {
    net::co_spawn(context_,
                  start_tls(link_.client(), timers_, "world.example",
                            TlsTrust{folder_ + "/none.pem"}, seconds{5}),
                  [this](const std::exception_ptr&, HttpResult<ByteStream> stream) {
                      client_.emplace(std::move(stream));
                  });
    timers_.advance(seconds{0});
    ASSERT_TRUE(client_ && client_->has_error());
    EXPECT_NE(client_->error().text.find("none.pem"), std::string::npos);
}

}  // namespace
}  // namespace paperd::daemon
