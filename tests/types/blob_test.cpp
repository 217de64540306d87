#include "execution/types/blob.h"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "execution/types/random.h"

namespace paperd {
namespace {

constexpr std::uint32_t kTag = 0x54455354;

void write_sample(BlobWriter& writer) {
    writer.put(kTag);
    writer.put(std::int64_t{-5});
    writer.put(2.5);
    writer.put_vector(std::vector<double>{1, 2, 3});
    writer.put_vector(std::vector<std::int32_t>{});
    writer.put_text("caf\xC3\xA9");
}

std::vector<std::byte> sample() {
    BlobWriter writer;
    write_sample(writer);
    return writer.take();
}

TEST(Blob, ReadsBackWhatWasWritten) {
    const auto bytes = sample();
    BlobReader reader(bytes);
    reader.expect(kTag);
    EXPECT_EQ(reader.get<std::int64_t>(), -5);
    EXPECT_EQ(reader.get<double>(), 2.5);
    EXPECT_EQ(reader.get_vector<double>(), (std::vector<double>{1, 2, 3}));
    EXPECT_TRUE(reader.get_vector<std::int32_t>().empty());
    EXPECT_EQ(reader.get_text(), "caf\xC3\xA9");
    EXPECT_TRUE(reader.at_end());
    EXPECT_FALSE(reader.failed());
}

TEST(Blob, IsLittleEndianAndPacked) {
    BlobWriter writer;
    writer.put(std::uint8_t{7});
    writer.put(std::uint32_t{0x01020304});
    const std::vector<std::byte> expected = {std::byte{7}, std::byte{4}, std::byte{3}, std::byte{2},
                                             std::byte{1}};
    EXPECT_EQ(writer.take(), expected);
}

TEST(Blob, EveryTruncationFailsAndYieldsNoGarbage) {
    const auto bytes = sample();
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        SCOPED_TRACE("cut to " + std::to_string(length));
        const std::span<const std::byte> all(bytes);
        BlobReader reader(all.first(length));
        reader.expect(kTag);
        static_cast<void>(reader.get<std::int64_t>());
        static_cast<void>(reader.get<double>());
        static_cast<void>(reader.get_vector<double>());
        static_cast<void>(reader.get_vector<std::int32_t>());
        static_cast<void>(reader.get_text());
        EXPECT_TRUE(reader.failed());
    }
}

TEST(Blob, AWrongTagFails) {
    const auto bytes = sample();
    BlobReader reader(bytes);
    reader.expect(kTag + 1);
    EXPECT_TRUE(reader.failed());
}

TEST(Blob, AnAbsurdLengthFailsInsteadOfAllocating) {
    BlobWriter writer;
    writer.put(~std::uint64_t{0});
    writer.put(1.0);
    const auto bytes = writer.take();
    BlobReader reader(bytes);
    EXPECT_TRUE(reader.get_vector<double>().empty());
    EXPECT_TRUE(reader.failed());
    EXPECT_EQ(reader.get<std::int64_t>(), 0) << "after a failure only zeros follow";
}

TEST(Blob, RandomBytesNeverReadPastTheEnd) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::vector<std::byte> bytes(draw64(seed, 0, 0) % 64);
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            bytes[i] = static_cast<std::byte>(draw64(seed, i, 1) & (i % 8 == 0 ? 0x1F : 0x01));
        }
        BlobReader reader(bytes);
        std::size_t given = 0;
        while (!reader.at_end() && !reader.failed()) {
            given += sizeof(std::uint64_t) + reader.get_vector<std::uint16_t>().size() * 2;
        }
        EXPECT_TRUE(reader.at_end());
        EXPECT_LE(given, bytes.size() + sizeof(std::uint64_t));
    }
}

}  // namespace
}  // namespace paperd
