// A query's rows one at a time for a pass over several tables side by side. An error ends the rows
// and is kept: the pass asks for it once, at its end.
#pragma once

#include <optional>
#include <utility>

#include "storage/database.h"

namespace paperd::storage {

class Cursor {
public:
    // On the first row already, where there is one.
    Cursor(Database& database, std::string_view sql) {
        auto statement = database.prepare(sql);
        if (statement.has_error()) {
            error_ = statement.error();
            return;
        }
        row_ = std::move(*statement);
        next();
    }

    [[nodiscard]] bool live() const { return live_; }

    void next() {
        const auto row = row_.step();
        live_ = !row.has_error() && *row;
        if (row.has_error()) {
            error_ = row.error();
        }
    }

    // The columns of the row it is on.
    [[nodiscard]] std::int64_t integer(int column) const { return row_.column_int(column); }

    [[nodiscard]] bool is_null(int column) const { return row_.is_null(column); }

    [[nodiscard]] std::string text(int column) const { return row_.column_text(column); }

    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

private:
    Statement row_;
    bool live_ = false;
    std::optional<Error> error_;
};

}  // namespace paperd::storage
