#include "storage/bars/text_source.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace paperd::storage {
namespace {

constexpr std::size_t kPackedBytes = std::size_t{64} << 10;  // of a gzip file, at a time
constexpr int kGzipOnly = 16 + MAX_WBITS;                    // how zlib is told the format
constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr std::size_t kSmallestGzip = 18;  // header and trailer

std::string reason() { return std::generic_category().message(errno); }

const char* kind_text(mode_t mode) {
    return S_ISDIR(mode)                    ? "a directory"
           : S_ISFIFO(mode)                 ? "a FIFO"
           : S_ISSOCK(mode)                 ? "a socket"
           : S_ISCHR(mode) || S_ISBLK(mode) ? "a device"
                                            : "no regular file";
}

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}

    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

    Descriptor& operator=(Descriptor&&) = delete;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    ~Descriptor() {
        if (fd_ >= 0) {
            ::close(fd_);  // opened for reading: nothing can be lost
        }
    }

    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

// Bytes as they stand on the disk.
class PlainFile final : public TextSource {
public:
    PlainFile(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}

    Result<std::size_t> read(std::span<char> out) override {
        std::size_t filled = 0;
        while (filled < out.size()) {
            const ssize_t got = ::read(file_.get(), out.data() + filled, out.size() - filled);
            if (got < 0 && errno == EINTR) {
                continue;
            }
            if (got < 0) {
                return fail(path_ + ": cannot be read (" + reason() + "); check the disk");
            }
            if (got == 0) {
                break;
            }
            filled += static_cast<std::size_t>(got);
        }
        total_ += filled;
        if (total_ > kTextBytesMax) {
            return fail(path_ + ": is larger than 2 GiB, which no bar file is; check the path");
        }
        return filled;
    }

    [[nodiscard]] bool proves_its_end() const override { return false; }

private:
    std::string path_;
    Descriptor file_;
    std::size_t total_ = 0;
};

class GzipFile final : public TextSource {
public:
    GzipFile(std::string path, Descriptor file)
        : path_(path), packed_(std::move(path), std::move(file)) {}

    GzipFile(const GzipFile&) = delete;
    GzipFile& operator=(const GzipFile&) = delete;

    ~GzipFile() override {
        if (started_) {
            inflateEnd(&stream_);
        }
    }

    // A gzip file may be several members, one after the other; it ends where a member does.
    Result<std::size_t> read(std::span<char> out) override {
        if (!started_ && inflateInit2(&stream_, kGzipOnly) != Z_OK) {
            return damaged("zlib does not start");
        }
        started_ = true;
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        while (stream_.avail_out > 0) {
            if (stream_.avail_in == 0) {
                TRY_LET(const std::size_t got, packed_.read(buffer_));
                stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
                stream_.avail_in = static_cast<uInt>(got);
                if (got == 0) {
                    if (!between_members_) {
                        return damaged("it ends too early");
                    }
                    break;
                }
            }
            between_members_ = false;
            const int state = inflate(&stream_, Z_NO_FLUSH);
            if (state == Z_STREAM_END) {
                between_members_ = inflateReset(&stream_) == Z_OK;
            } else if (state != Z_OK && state != Z_BUF_ERROR) {
                return damaged(stream_.msg != nullptr ? stream_.msg : "zlib does not go on");
            }
        }
        const std::size_t filled = out.size() - stream_.avail_out;
        total_ += filled;
        if (total_ > kTextBytesMax) {
            return fail(path_ +
                        ": unpacks to more than 2 GiB, which no bar file does; check the "
                        "path");
        }
        return filled;
    }

    [[nodiscard]] bool proves_its_end() const override { return true; }

private:
    [[nodiscard]] Error damaged(const char* why) const {
        return fail(path_ + ": damaged gzip data (" + why + "); fetch the file again");
    }

    std::string path_;
    PlainFile packed_;
    std::array<char, kPackedBytes> buffer_{};
    z_stream stream_{};
    bool started_ = false;
    bool between_members_ = false;
    std::size_t total_ = 0;
};

class MemoryText final : public TextSource {
public:
    explicit MemoryText(std::string_view text) : rest_(text) {}

    Result<std::size_t> read(std::span<char> out) override {
        const std::size_t count = std::min(out.size(), rest_.size());
        std::copy_n(rest_.begin(), count, out.begin());
        rest_.remove_prefix(count);
        return count;
    }

    [[nodiscard]] bool proves_its_end() const override { return false; }

private:
    std::string_view rest_;
};

}  // namespace

Result<std::unique_ptr<TextSource>> open_text_file(const std::string& path) {
    const auto not_opened = [&] {
        return fail(path + ": cannot be opened (" + reason() +
                    "); check the path and its permissions");
    };
    // Asked before opening: to open a device may already do something.
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) {
        return not_opened();
    }
    if (S_ISREG(status.st_mode)) {
        Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
        if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
            return not_opened();
        }
        if (S_ISREG(status.st_mode)) {  // still, and so nothing waits
            std::array<char, kGzipMagic.size()> first{};
            const ssize_t got = ::pread(file.get(), first.data(), first.size(), 0);
            const bool packed = got == static_cast<ssize_t>(first.size()) &&
                                std::equal(first.begin(), first.end(), kGzipMagic.begin()) &&
                                static_cast<std::size_t>(status.st_size) >= kSmallestGzip;
            return packed ? std::unique_ptr<TextSource>(
                                std::make_unique<GzipFile>(path, std::move(file)))
                          : std::make_unique<PlainFile>(path, std::move(file));
        }
    }
    return fail(
        path + ": is " + kind_text(status.st_mode) + ", not a bar file; " +
        (S_ISDIR(status.st_mode) ? "name a file in it" : "write what it gives into a file first"));
}

std::unique_ptr<TextSource> text_in_memory(std::string_view text) {
    return std::make_unique<MemoryText>(text);
}

}  // namespace paperd::storage
