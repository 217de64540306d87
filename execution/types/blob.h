// Bytes of a checkpoint: fixed-width little-endian values in a fixed order. Whoever writes a
// section begins it with a tag of its own, so that a reader in the wrong place fails at once
// instead of reading nonsense.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace paperd {

static_assert(std::endian::native == std::endian::little,
              "blobs are written as the machine has them");

class BlobWriter {
public:
    template <class T>
        requires std::is_trivially_copyable_v<T>
    void put(const T& value) {
        append(&value, sizeof(T));
    }

    template <class T>
        requires std::is_trivially_copyable_v<T>
    void put_span(std::span<const T> values) {
        put(static_cast<std::uint64_t>(values.size()));
        append(values.data(), values.size_bytes());
    }

    template <class T>
    void put_vector(const std::vector<T>& values) {
        put_span(std::span<const T>(values));
    }

    void put_text(std::string_view text) {
        put_span(std::span<const char>(text.data(), text.size()));
    }

    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

    [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

private:
    void append(const void* from, std::size_t count) {
        if (count > 0) {
            const std::size_t at = bytes_.size();
            bytes_.resize(at + count);
            std::memcpy(bytes_.data() + at, from, count);
        }
    }

    std::vector<std::byte> bytes_;
};

// Reading past the end sets failed() and yields zeros; callers check failed() once at the end.
class BlobReader {
public:
    explicit BlobReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

    template <class T>
        requires std::is_trivially_copyable_v<T>
    [[nodiscard]] T get() {
        T value{};
        if (bytes_.size() < sizeof(T)) {
            failed_ = true;
            bytes_ = {};
            return value;
        }
        std::memcpy(&value, bytes_.data(), sizeof(T));
        bytes_ = bytes_.subspan(sizeof(T));
        return value;
    }

    template <class T>
        requires std::is_trivially_copyable_v<T>
    [[nodiscard]] std::vector<T> get_vector() {
        const auto count = get<std::uint64_t>();
        if (count > bytes_.size() / sizeof(T)) {
            failed_ = true;
            bytes_ = {};
            return {};
        }
        std::vector<T> values(static_cast<std::size_t>(count));
        if (!values.empty()) {
            std::memcpy(values.data(), bytes_.data(), values.size() * sizeof(T));
        }
        bytes_ = bytes_.subspan(values.size() * sizeof(T));
        return values;
    }

    [[nodiscard]] std::string get_text() {
        const auto chars = get_vector<char>();
        return {chars.begin(), chars.end()};
    }

    // Consumes `tag` or fails.
    void expect(std::uint32_t tag) {
        if (get<std::uint32_t>() != tag) {
            failed_ = true;
        }
    }

    void fail() { failed_ = true; }

    [[nodiscard]] bool failed() const { return failed_; }

    [[nodiscard]] bool at_end() const { return bytes_.empty(); }

private:
    std::span<const std::byte> bytes_;
    bool failed_ = false;
};

}  // namespace paperd
