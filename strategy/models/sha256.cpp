#include "strategy/models/sha256.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "execution/types/check.h"

namespace paperd::strategy {

Sha256 sha256(std::span<const std::byte> bytes) {
    Sha256 digest{};
    unsigned int size = 0;
    const int done =
        EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()),
                   &size, EVP_sha256(), nullptr);
    CHECK(done == 1 && size == digest.size(), "OpenSSL always has SHA-256");
    return digest;
}

std::string sha256_hex(std::span<const std::byte> bytes) {
    std::string text;
    for (const std::byte b : sha256(bytes)) {
        text += fmt::format("{:02x}", std::to_integer<unsigned>(b));
    }
    return text;
}

}  // namespace paperd::strategy
