// The one way to read rows:
//
//     Cursor rows(database, "SELECT ... WHERE x BETWEEN ? AND ?", {first, last});
//     for (; rows.live(); rows.next()) { ... rows.integer(0) ... }
//     TRY(rows.ended());
//
// An error ends the rows and is kept, so that a pass over several tables side by side asks for it
// once, at its end. Columns count from 0.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "storage/database.h"

namespace paperd::storage {

class Cursor {
public:
    using Parameter = std::variant<std::int64_t, std::string>;

    // On the first row already, where there is one.
    Cursor(Database& database, std::string_view sql,
           std::initializer_list<Parameter> parameters = {});

    [[nodiscard]] bool live() const { return live_; }

    void next();

    // The columns of the row it is on.
    [[nodiscard]] std::int64_t integer(int column) const { return row_.column_int(column); }

    [[nodiscard]] double real(int column) const { return row_.column_real(column); }

    [[nodiscard]] bool is_null(int column) const { return row_.is_null(column); }

    [[nodiscard]] std::string text(int column) const { return row_.column_text(column); }

    [[nodiscard]] std::vector<std::byte> blob(int column) const { return row_.column_blob(column); }

    // The same columns, for the lists of storage/rows.h.
    [[nodiscard]] const Statement& row() const { return row_; }

    // The error that ended the rows, if one did.
    [[nodiscard]] Result<void> ended() const {
        return error_ ? Result<void>(*error_) : Result<void>();
    }

private:
    Statement row_;
    bool live_ = false;
    std::optional<Error> error_;
};

}  // namespace paperd::storage
