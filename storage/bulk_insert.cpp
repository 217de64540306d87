#include "storage/bulk_insert.h"

#include <algorithm>

namespace paperd::storage {

Result<BulkInsert> BulkInsert::prepare(Database& database, const std::string& table,
                                       const std::string& columns, const std::string& ending) {
    const auto count = 1 + std::count(columns.begin(), columns.end(), ',');
    std::string row = "(?";
    for (std::ptrdiff_t i = 1; i < count; ++i) {
        row += ",?";
    }
    row += ")";
    const std::string head = "INSERT INTO " + table + " (" + columns + ") VALUES ";
    std::string many = head + row;
    for (std::size_t i = 1; i < kBulkRows; ++i) {
        many += "," + row;
    }
    TRY_LET(auto one_statement, database.prepare(head + row + ending));
    TRY_LET(auto many_statement, database.prepare(many + ending));
    return BulkInsert(std::move(one_statement), std::move(many_statement));
}

}  // namespace paperd::storage
