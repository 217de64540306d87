#include "storage/bars/text_source.h"

#include <filesystem>
#include <random>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <zlib.h>

#include "tests/storage/bars/scratch.h"

namespace paperd::storage {
namespace {

std::string gzip(std::string text) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string packed(deflateBound(&stream, text.size()) + 32, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(text.data());
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

// Lines that pack neither perfectly nor not at all.
std::string sample(std::uint64_t seed, std::size_t lines) {
    std::mt19937_64 random(seed);
    std::string text;
    for (std::size_t i = 0; i < lines; ++i) {
        text += std::to_string(random() % 100'000) + "\n";
    }
    return text;
}

// The whole text, in blocks of an odd size.
Result<std::string> read_text_file(const std::string& path) {
    TRY_LET(const auto source, open_text_file(path));
    std::string text;
    std::string block(8'191, '\0');
    for (std::size_t got = block.size(); got == block.size();) {
        TRY_LET(got, source->read(block));
        text.append(block, 0, got);
    }
    return {boost::system::in_place_value, std::move(text)};
}

using TextFile = Scratch;

TEST_F(TextFile, IsReadWhole) {
    const std::string text = sample(1, 300'000) + std::string("\0x", 2);
    EXPECT_EQ(*read_text_file(write("a.csv", text)), text);
    EXPECT_EQ(*read_text_file(write("empty.csv", "")), "");
    EXPECT_EQ(*read_text_file(write("short.csv", "\x1f\x8b")), "\x1f\x8b");
}

TEST_F(TextFile, IsUnpackedWhateverItsName) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const std::string text = sample(seed, seed * seed * 10'000);
        ASSERT_EQ(*read_text_file(write("a.csv.gz", gzip(text))), text);
        ASSERT_EQ(*read_text_file(write("a.csv", gzip(text))), text);
    }
    EXPECT_EQ(*read_text_file(write("empty.gz", gzip(""))), "");
    const std::string same(5'000'000,
                           'x');  // packs a thousandfold
    EXPECT_EQ(*read_text_file(write("same.gz", gzip(same))), same);
}

TEST_F(TextFile, OfSeveralGzipMembersIsTheirConcatenation) {
    const std::string one = sample(1, 20'000);
    const std::string two = sample(2, 10);
    EXPECT_EQ(*read_text_file(write("a.gz", gzip(one) + gzip(two) + gzip(""))), one + two);
}

TEST_F(TextFile, EveryDamageOfAGzipIsAnError) {
    const std::string packed = gzip(sample(3, 2'000));
    for (std::size_t length = 18; length < packed.size(); length += 97) {
        const auto read = read_text_file(write("cut.gz", packed.substr(0, length)));
        ASSERT_NE(complaint(read).find("damaged gzip data"), std::string::npos) << length;
    }
    std::string changed = packed;
    changed[packed.size() / 2] = static_cast<char>(changed[packed.size() / 2] ^ 0x55);
    const auto read = read_text_file(write("changed.gz", changed));
    EXPECT_NE(complaint(read).find("changed.gz: damaged gzip data"), std::string::npos);
    EXPECT_TRUE(read_text_file(write("tail.gz", packed + "tail")).has_error());
}

TEST_F(TextFile, SaysWhyItCannotBeOpened) {
    EXPECT_EQ(complaint(read_text_file(path("none.csv"))),
              path("none.csv") +
                  ": cannot be opened (No such file or directory); check the path "
                  "and its permissions");
    EXPECT_EQ(complaint(read_text_file(path())),
              path() + ": is a directory, not a bar file; name a file in it");
}

// What waits for a writer or never ends is not opened at all.
TEST_F(TextFile, AFifoASocketAndADeviceAreRefusedWithoutWaiting) {
    ASSERT_EQ(::mkfifo(path("fifo.csv").c_str(), 0600), 0);
    EXPECT_EQ(
        complaint(read_text_file(path("fifo.csv"))),
        path("fifo.csv") + ": is a FIFO, not a bar file; write what it gives into a file first");
    std::filesystem::create_symlink("fifo.csv", path("link.csv"));
    EXPECT_NE(complaint(read_text_file(path("link.csv"))).find("is a FIFO"), std::string::npos);
    EXPECT_NE(complaint(read_text_file("/dev/zero")).find("/dev/zero: is a device"),
              std::string::npos);

    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    ASSERT_LT(path("s.csv").size(), sizeof(address.sun_path));
    path("s.csv").copy(address.sun_path, sizeof(address.sun_path) - 1);
    ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_NE(complaint(read_text_file(path("s.csv"))).find("is a socket"), std::string::npos);
    ::close(fd);
}

TEST_F(TextFile, AGzipThatUnpacksWithoutEndIsRefused) {
    const std::string member = gzip(std::string(std::size_t{16} << 20, '\n'));
    std::string bomb;
    for (int i = 0; i < 129; ++i) {  // 2 GiB and 16 MiB, in 2 MB
        bomb += member;
    }
    const auto source = open_text_file(write("bomb.gz", bomb));
    ASSERT_FALSE(source.has_error()) << complaint(source);
    std::string block(std::size_t{1} << 20, '\0');
    std::size_t total = 0;
    for (;;) {
        const auto got = (*source)->read(block);
        if (got.has_error()) {
            EXPECT_EQ(got.error().text, path("bomb.gz") +
                                            ": unpacks to more than 2 GiB, which no bar file "
                                            "does; check the path");
            break;
        }
        ASSERT_EQ(*got, block.size());
        total += *got;
        ASSERT_LE(total, kTextBytesMax);
    }
    EXPECT_EQ(total, kTextBytesMax);
}

TEST_F(TextFile, OnlyAGzipProvesThatItEndedWhereItShould) {
    EXPECT_FALSE((*open_text_file(write("a.csv", "x")))->proves_its_end());
    EXPECT_TRUE((*open_text_file(write("a.gz", gzip("x"))))->proves_its_end());
}

}  // namespace
}  // namespace paperd::storage
