// Model bundles: whatever the bytes, facts or a sentence, without reading past the end or taking
// memory for a length that is not there. The bytes are tried as they are and, since a random
// change never meets its digest, once more with the digest put right.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>

#include "strategy/models/bundle.h"
#include "strategy/models/sha256.h"
#include "tests/fuzz/promise.h"

namespace paperd {
namespace {

constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kSizeAt = 12;  // the total size follows the magic and the version

void read_facts(const strategy::BundleBytes& bytes) {
    const auto facts = strategy::bundle_facts(bytes);
    if (facts.has_error()) {
        fuzz::promise(!facts.error().text.empty(), "an error says something");
        return;
    }
    const auto json = strategy::facts_to_json(*facts);
    const auto again = strategy::facts_from_json(json);
    fuzz::promise(!again.has_error(), "facts survive being written");
    fuzz::promise(strategy::facts_to_json(*again) == json, "and say the same again");
}

// Puts the total size and the digest right, where there is room for them.
void set_size_and_digest(strategy::BundleBytes& bytes) {
    if (bytes.size() < kSizeAt + sizeof(std::uint64_t) + kDigestBytes) {
        return;
    }
    const std::uint64_t size = bytes.size();
    std::memcpy(bytes.data() + kSizeAt, &size, sizeof size);
    const std::span<std::byte> content(bytes.data(), bytes.size() - kDigestBytes);
    std::ranges::copy(strategy::sha256(content), bytes.end() - kDigestBytes);
}

}  // namespace
}  // namespace paperd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    paperd::strategy::BundleBytes bytes(size);
    std::transform(data, data + size, bytes.begin(),
                   [](std::uint8_t byte) { return std::byte{byte}; });
    paperd::read_facts(bytes);
    paperd::set_size_and_digest(bytes);
    paperd::read_facts(bytes);
    return 0;
}
