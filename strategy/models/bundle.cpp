#include "strategy/models/bundle.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

#include "execution/types/blob.h"
#include "strategy/models/facts_json.h"
#include "strategy/models/sha256.h"

namespace paperd::strategy {
namespace {

constexpr std::array<char, 8> kMagic = {'P', 'A', 'P', 'E', 'R', 'D', 'M', 'B'};
constexpr std::uint8_t kKindWeights = 0;
constexpr std::uint8_t kKindModule = 1;
constexpr std::size_t kHeadBytes = sizeof kMagic + sizeof(std::uint32_t) + sizeof(std::uint64_t);
constexpr std::size_t kFrameBytes = kHeadBytes + sizeof(Sha256);

void put_tensor(BlobWriter& out, const NamedTensor& tensor) {
    out.put_text(tensor.name);
    out.put_vector(tensor.shape);
    out.put_vector(tensor.values);
}

// All between the head and the checksum.
void put_content(BlobWriter& out, const Bundle& bundle) {
    out.put(bundle.is_module() ? kKindModule : kKindWeights);
    out.put_text(facts_to_json(bundle.facts));
    if (bundle.is_module()) {
        out.put_vector(bundle.module);
        return;
    }
    out.put(static_cast<std::uint32_t>(bundle.weights.size()));
    for (const NamedTensor& tensor : bundle.weights) {
        put_tensor(out, tensor);
    }
}

NamedTensor get_tensor(BlobReader& in) {
    NamedTensor tensor;
    tensor.name = in.get_text();
    tensor.shape = in.get_vector<std::int64_t>();
    tensor.values = in.get_vector<float>();
    return tensor;
}

// Whether `bytes` are a whole and unaltered bundle of a format this build reads.
Result<void> check_frame(std::span<const std::byte> bytes) {
    BlobReader in(bytes);
    if (bytes.empty()) {
        return fail("the file is empty, so it is no model bundle; write one with 'paperd train'");
    }
    if (in.get<std::array<char, 8>>() != kMagic) {
        return fail(
            "this is not a model bundle (it does not begin with PAPERDMB); write one with "
            "'paperd train', or name a TorchScript module NAME.ts with its NAME.yaml");
    }
    const auto version = in.get<std::uint32_t>();
    if (version > kBundleFormatVersion) {
        return fail(fmt::format(
            "this bundle has format {}, newer than {}, the newest this paperd reads; upgrade "
            "paperd or train the model again",
            version, kBundleFormatVersion));
    }
    const auto size = in.get<std::uint64_t>();
    if (bytes.size() < kFrameBytes || bytes.size() < size) {
        return fail(fmt::format(
            "this bundle is truncated: {} bytes of {} are here; copy it again from its source",
            bytes.size(), std::max<std::uint64_t>(size, kFrameBytes)));
    }
    const auto content = bytes.first(bytes.size() - sizeof(Sha256));
    const Sha256 digest = sha256(content);
    if (bytes.size() != size || !std::ranges::equal(digest, bytes.last(sizeof(Sha256)))) {
        return fail(
            "this bundle was altered after it was written (its checksum does not match); copy it "
            "again from its source");
    }
    return {};
}

}  // namespace

BundleBytes encode_bundle(const Bundle& bundle) {
    BlobWriter out;
    put_content(out, bundle);
    const std::vector<std::byte> content = out.take();
    const std::uint64_t size = kFrameBytes + content.size();
    const std::uint32_t version = kBundleFormatVersion;
    BundleBytes bytes(static_cast<std::size_t>(size));
    std::byte* at = bytes.data();
    const auto append = [&at](const void* from, std::size_t count) {
        std::memcpy(at, from, count);
        at += count;
    };
    append(kMagic.data(), sizeof kMagic);
    append(&version, sizeof version);
    append(&size, sizeof size);
    append(content.data(), content.size());
    const Sha256 digest = sha256(std::span(bytes).first(bytes.size() - sizeof(Sha256)));
    append(digest.data(), digest.size());
    return bytes;
}

Result<Bundle> decode_bundle(std::span<const std::byte> bytes) {
    TRY(check_frame(bytes));
    BlobReader in(bytes.first(bytes.size() - sizeof(Sha256)).subspan(kHeadBytes));
    const auto kind = in.get<std::uint8_t>();
    TRY_LET(auto facts, facts_from_json(in.get_text()));
    Bundle bundle;
    bundle.facts = std::move(facts);
    TRY(check_sizes_stated(bundle.facts, kind == kKindModule));
    if (kind == kKindModule) {
        bundle.module = in.get_vector<std::byte>();
    } else if (kind == kKindWeights) {
        const auto count = in.get<std::uint32_t>();
        for (std::uint32_t i = 0; i < count && !in.failed(); ++i) {
            bundle.weights.push_back(get_tensor(in));
        }
    } else {
        in.fail();
    }
    if (in.failed() || !in.at_end()) {
        return fail("this bundle's parts do not fit together; train the model again");
    }
    return bundle;
}

std::string bundle_sha256(const BundleBytes& bytes) { return sha256_hex(bytes); }

Result<ModelFacts> bundle_facts(const BundleBytes& bytes) {
    TRY_LET(auto bundle, decode_bundle(bytes));
    return std::move(bundle.facts);
}

}  // namespace paperd::strategy
