// What a reader does with the rows it refuses: collects them as incidents-to-be (quarantine), or as
// one error that shows the first ones (stop). Either way kBadRowsMax end the file.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "storage/bars/bar_file.h"

namespace paperd::storage {

inline constexpr std::size_t kBadRowsShown = 20;  // of one file, in an error

class BadRows {
public:
    BadRows(std::string path, const BarFileOptions& options)
        : path_(std::move(path)),
          on_bad_row_(options.on_bad_row),
          from_config_(options.from_config) {}

    void add(std::int64_t line, const std::string& fault) {
        ++count_;
        const bool stops = on_bad_row_ == OnBadRow::stop;
        if (!stops || count_ <= kBadRowsShown) {
            const std::string place_and_fault = path_ + ":" + std::to_string(line) + ": " + fault;
            rows_.push_back({place_and_fault +
                             (!stops         ? "; set aside"
                              : from_config_ ? "; correct the row, or set on_bad_row: quarantine"
                                             : "; correct the row")});
            if (count_ == 1) {
                first_ = place_and_fault;
            }
        }
    }

    [[nodiscard]] bool any() const { return count_ > 0; }

    // No more are taken: reading ends here.
    [[nodiscard]] bool full() const { return count_ >= kBadRowsMax; }

    [[nodiscard]] bool stops() const { return full() || (any() && on_bad_row_ == OnBadRow::stop); }

    // One line a row.
    [[nodiscard]] Error error() const {
        if (full()) {
            return fail(path_ + ": has " + std::to_string(kBadRowsMax) +
                        " bad rows and perhaps more, beginning with\n" + first_ +
                        "\nfetch the file again, or correct it");
        }
        std::string text;
        for (const BadRow& row : rows_) {
            text += (text.empty() ? "" : "\n") + row.text;
        }
        if (count_ > rows_.size()) {
            text +=
                "\n" + path_ + ": and " + std::to_string(count_ - rows_.size()) + " more bad rows";
        }
        return fail(std::move(text));
    }

    // The rows set aside since the last call; none where bad rows stop the reading.
    [[nodiscard]] std::vector<BadRow> take() {
        return stops() ? std::vector<BadRow>() : std::exchange(rows_, {});
    }

private:
    std::string path_;
    OnBadRow on_bad_row_;
    bool from_config_;
    std::size_t count_ = 0;
    std::string first_;
    std::vector<BadRow> rows_;
};

}  // namespace paperd::storage
