#include "storage/bars/text_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <system_error>
#include <utility>

#include <zlib.h>

namespace paperd::storage {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20;  // of a file whose size is not known
constexpr std::size_t kSmallestGzip = 18;             // header and trailer
constexpr int kGzipOnly = 16 + MAX_WBITS;             // how zlib is told the format
constexpr std::size_t kStep = std::numeric_limits<uInt>::max();  // the most zlib takes at once

// A string could also be an Error's text, so which one is meant must be said.
Result<std::string> in_place(std::string text) {
    return {boost::system::in_place_value, std::move(text)};
}

struct CloseFile {
    void operator()(std::FILE* file) const {
        std::fclose(file);  // opened for reading: nothing can be lost
    }
};

Error too_large(const std::string& path) {
    return fail(path + ": unpacks to more than 2 GiB, which no bar file does; check the path");
}

Result<std::string> read_bytes(const std::string& path) {
    std::error_code status;
    if (std::filesystem::is_directory(path, status)) {
        return fail(path + ": is a directory, not a bar file; name a file in it");
    }
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
    if (file == nullptr) {
        return fail(path + ": cannot be opened (" + std::generic_category().message(errno) +
                    "); check the path and its permissions");
    }
    const std::uintmax_t size = std::filesystem::file_size(path, status);
    std::string bytes;
    if (!status && size <= kTextBytesMax) {
        bytes.reserve(static_cast<std::size_t>(size) + 1);  // room to see the end
    }
    while (std::feof(file.get()) == 0 && std::ferror(file.get()) == 0) {
        const std::size_t before = bytes.size();
        const std::size_t left = bytes.capacity() - before;
        const std::size_t room = left > 0 ? left : kChunk;
        bytes.resize(before + room);
        bytes.resize(before + std::fread(bytes.data() + before, 1, room, file.get()));
        if (bytes.size() > kTextBytesMax) {
            return too_large(path);
        }
    }
    if (std::ferror(file.get()) != 0) {
        return fail(path + ": cannot be read (" + std::generic_category().message(errno) +
                    "); check the disk");
    }
    return in_place(std::move(bytes));
}

struct EndInflate {
    void operator()(z_stream* stream) const { inflateEnd(stream); }
};

// The trailer's size of the last member, modulo 2^32: a hint for the buffer, never trusted.
std::size_t size_hint(const std::string& packed) {
    std::uint32_t size = 0;
    std::memcpy(&size, packed.data() + packed.size() - sizeof(size), sizeof(size));
    return std::min(static_cast<std::size_t>(size) + 1, packed.size() * 32);
}

Result<std::string> unpack(const std::string& path, std::string& packed) {
    const auto damaged = [&](const char* why) {
        return fail(path + ": damaged gzip data (" + why + "); fetch the file again");
    };
    z_stream stream{};
    if (inflateInit2(&stream, kGzipOnly) != Z_OK) {
        return damaged("zlib does not start");
    }
    const std::unique_ptr<z_stream, EndInflate> end(&stream);
    std::string text(size_hint(packed), '\0');
    std::size_t in = 0;
    std::size_t out = 0;
    for (;;) {
        if (out == text.size()) {
            if (out > kTextBytesMax) {
                return too_large(path);
            }
            text.resize(out * 2);
        }
        const std::size_t given = std::min(packed.size() - in, kStep);
        const std::size_t room = std::min(text.size() - out, kStep);
        stream.next_in = reinterpret_cast<Bytef*>(packed.data() + in);
        stream.avail_in = static_cast<uInt>(given);
        stream.next_out = reinterpret_cast<Bytef*>(text.data() + out);
        stream.avail_out = static_cast<uInt>(room);
        const int state = inflate(&stream, Z_NO_FLUSH);
        in += given - stream.avail_in;
        out += room - stream.avail_out;
        const bool wants_room = stream.avail_out == 0;
        if (state == Z_STREAM_END) {
            if (in == packed.size()) {
                text.resize(out);
                return in_place(std::move(text));
            }
            // A gzip file may be several members, one after the other.
            if (inflateReset(&stream) != Z_OK) {
                return damaged("zlib does not go on");
            }
        } else if (state != Z_OK && !(state == Z_BUF_ERROR && wants_room)) {
            return damaged(stream.msg != nullptr ? stream.msg : "it ends too early");
        } else if (in == packed.size() && !wants_room) {
            return damaged("it ends too early");
        }
    }
}

}  // namespace

Result<std::string> read_text_file(const std::string& path) {
    TRY_LET(auto bytes, read_bytes(path));
    if (bytes.size() < kSmallestGzip || !bytes.starts_with("\x1f\x8b")) {
        return bytes;
    }
    return unpack(path, bytes);
}

}  // namespace paperd::storage
