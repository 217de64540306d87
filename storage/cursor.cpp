#include "storage/cursor.h"

namespace paperd::storage {

Cursor::Cursor(Database& database, std::string_view sql,
               std::initializer_list<Parameter> parameters) {
    auto statement = database.prepare(sql);
    if (statement.has_error()) {
        error_ = statement.error();
        return;
    }
    row_ = std::move(*statement);
    int at = 1;
    for (const Parameter& parameter : parameters) {
        if (const auto* number = std::get_if<std::int64_t>(&parameter)) {
            row_.bind_int(at++, *number);
        } else {
            row_.bind_text(at++, std::get<std::string>(parameter));
        }
    }
    next();
}

void Cursor::next() {
    const auto row = row_.step();
    live_ = !row.has_error() && *row;
    if (row.has_error()) {
        error_ = row.error();
    }
}

}  // namespace paperd::storage
