// Lines of a CSV text as fields, read block by block: memory is a block and a line, however long
// the text. No quoting: none of the bar formats has any. "\n" and "\r\n" end a line.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "storage/bars/text_source.h"

namespace paperd::storage {

inline constexpr std::size_t kLineBytesMax = std::size_t{64} << 10;  // no bar's line is near it

class CsvLines {
public:
    // One more than any bar format has, so that a field too many is seen.
    static constexpr std::size_t kFieldsMax = 8;

    // `source` must outlive the lines; `path` stands in the messages. Blocks of another size are
    // for tests.
    CsvLines(TextSource& source, std::string path, std::size_t block_bytes = kLineBytesMax);

    // Goes to the next line; what line() and fields() gave before is gone. False at the end of the
    // text, or where it cannot be read on: problem() tells which.
    bool next();

    // Whether there is anything behind the line; asking ends the line's life as next() does.
    bool has_more() { return begin_ < buffer_.size() || fill(); }

    // Why the text was not read to its end: what the source says, or a line beyond kLineBytesMax.
    [[nodiscard]] const std::optional<Error>& problem() const { return problem_; }

    [[nodiscard]] std::int64_t number() const { return number_; }  // of the line, from 1

    [[nodiscard]] std::string_view line() const { return line_; }

    // Whether the line is known to be whole. One that only the end of the text ends is not: cut
    // inside its last number, it would look the same.
    [[nodiscard]] bool whole() const { return whole_; }

    // At most kFieldsMax: of a longer line the first ones. A blank line has one blank field.
    [[nodiscard]] std::span<const std::string_view> fields() const {
        return {fields_.data(), field_count_};
    }

private:
    bool fill();
    void split();

    TextSource& source_;
    std::string path_;
    std::size_t block_bytes_;
    std::string buffer_;
    std::size_t begin_ = 0;    // of what is not yet given as a line
    std::size_t scanned_ = 0;  // no line ends before here
    bool at_end_ = false;      // of the source
    std::optional<Error> problem_;
    std::string_view line_;
    std::int64_t number_ = 0;
    bool whole_ = false;
    std::array<std::string_view, kFieldsMax> fields_;
    std::size_t field_count_ = 0;
};

}  // namespace paperd::storage
