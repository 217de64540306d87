#include "storage/bars/csv_lines.h"

#include <cstring>
#include <utility>

namespace paperd::storage {

CsvLines::CsvLines(TextSource& source, std::string path, std::size_t block_bytes)
    : source_(source), path_(std::move(path)), block_bytes_(block_bytes) {}

bool CsvLines::next() {
    std::size_t end = std::string::npos;
    while ((end = buffer_.find('\n', scanned_)) == std::string::npos) {
        scanned_ = buffer_.size();
        if (at_end_ || !fill()) {
            break;
        }
    }
    if (problem_ || (end == std::string::npos && begin_ == buffer_.size())) {
        return false;
    }
    ++number_;
    const bool ended = end != std::string::npos;
    line_ = std::string_view(buffer_).substr(begin_, (ended ? end : buffer_.size()) - begin_);
    begin_ = ended ? end + 1 : buffer_.size();
    scanned_ = begin_;
    const bool returned = line_.ends_with('\r');
    if (returned) {
        line_.remove_suffix(1);
    }
    whole_ = ended || returned || source_.proves_its_end();
    split();
    return true;
}

// Reads the next block behind what is left; false where there is none.
bool CsvLines::fill() {
    buffer_.erase(0, begin_);
    scanned_ -= begin_;
    begin_ = 0;
    const std::size_t left = buffer_.size();
    if (left > kLineBytesMax) {
        problem_ =
            fail(path_ + ":" + std::to_string(number_ + 1) + ": a line of more than " +
                 std::to_string(kLineBytesMax) + " bytes, which no bar file has; check the path");
        return false;
    }
    buffer_.resize(left + block_bytes_);
    const auto got = source_.read({buffer_.data() + left, block_bytes_});
    buffer_.resize(left + (got.has_error() ? 0 : *got));
    if (got.has_error()) {
        problem_ = got.error();
        return false;
    }
    at_end_ = *got < block_bytes_;
    return *got > 0;
}

void CsvLines::split() {
    field_count_ = 0;
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= line_.size() && field_count_ < kFieldsMax; ++at) {
        if (at == line_.size() || line_[at] == ',') {
            fields_[field_count_++] = line_.substr(begin, at - begin);
            begin = at + 1;
        }
    }
}

}  // namespace paperd::storage
