// SHA-256 through OpenSSL's EVP interface.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>

namespace paperd::strategy {

using Sha256 = std::array<std::byte, 32>;

Sha256 sha256(std::span<const std::byte> bytes);

std::string sha256_hex(std::span<const std::byte> bytes);

}  // namespace paperd::strategy
