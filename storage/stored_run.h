// A stored run, read back for `verify`, `explain` and the queries; the file is opened read-only.
#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "storage/journal.h"

namespace paperd::storage {

// Everything stored of one slice, to compare with a replayed Step and to take predictions and
// weights from. Bars are those the decisions saw: revision 0, as they came with their slice.
struct StoredStep {
    Slice slice;  // bars, commands and the feed's notes included
    Step step;    // without orders: they are stored as they ended
};

class StoredRun {
public:
    static Result<std::unique_ptr<StoredRun>> open(const std::string& path);
    ~StoredRun();

    [[nodiscard]] const RunHeader& header() const;
    [[nodiscard]] const RunState& state() const;

    // Slices [first, last] as they came in: bars and commands.
    Result<std::vector<Slice>> slices(std::int64_t first, std::int64_t last);

    // Slices [first, last] with their fills, ledger, decisions, adjustments, corporate actions and
    // equity. Orders are stored as they ended: compare them once, at the end, with orders().
    Result<std::vector<StoredStep>> steps(std::int64_t first, std::int64_t last);
    Result<std::vector<Order>> orders();

    // The laws that the rows alone can show: PRAGMA integrity_check and foreign_key_check, cash =
    // sum of the ledger at every slice, positions = sum of fills, equity re-derived from ledger,
    // fills and closes, fills after decisions, fill columns that sum, filled <= quantity, a
    // decision row for each symbol of each slice, hashes chained, and what columns repeat of other
    // rows. Each violation is a sentence with the row's key; at most `most` are returned.
    Result<std::vector<std::string>> check_laws(std::size_t most);

private:
    struct Rep;
    explicit StoredRun(std::unique_ptr<Rep> rep);
    std::unique_ptr<Rep> rep_;
};

}  // namespace paperd::storage
