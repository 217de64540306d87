// Lines of a CSV text as fields, without copying: the views point into the text. No quoting: none
// of the bar formats has any. "\n" and "\r\n" end a line; the last one may lack its end.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace paperd::storage {

class CsvLines {
public:
    // One more than any bar format has, so that a field too many is seen.
    static constexpr std::size_t kFieldsMax = 8;

    explicit CsvLines(std::string_view text) : rest_(text) {}

    // Goes to the next line; false at the end of the text.
    bool next() {
        if (rest_.empty()) {
            return false;
        }
        ++number_;
        const void* found = std::memchr(rest_.data(), '\n', rest_.size());
        const std::size_t length =
            found == nullptr
                ? rest_.size()
                : static_cast<std::size_t>(static_cast<const char*>(found) - rest_.data());
        line_ = rest_.substr(0, length);
        rest_.remove_prefix(found == nullptr ? length : length + 1);
        if (line_.ends_with('\r')) {
            line_.remove_suffix(1);
        }
        split();
        return true;
    }

    [[nodiscard]] std::int64_t number() const { return number_; }  // of the line, from 1

    [[nodiscard]] std::string_view line() const { return line_; }

    // At most kFieldsMax: of a longer line the first ones. A blank line has one blank field.
    [[nodiscard]] std::span<const std::string_view> fields() const {
        return {fields_.data(), field_count_};
    }

private:
    void split() {
        field_count_ = 0;
        std::size_t begin = 0;
        for (std::size_t at = 0; at <= line_.size() && field_count_ < kFieldsMax; ++at) {
            if (at == line_.size() || line_[at] == ',') {
                fields_[field_count_++] = line_.substr(begin, at - begin);
                begin = at + 1;
            }
        }
    }

    std::string_view rest_;
    std::string_view line_;
    std::int64_t number_ = 0;
    std::array<std::string_view, kFieldsMax> fields_;
    std::size_t field_count_ = 0;
};

}  // namespace paperd::storage
