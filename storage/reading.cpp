#include "storage/reading.h"

#include <utility>

#include "storage/schema.h"

namespace paperd::storage {
namespace {

constexpr int kReaderPatienceMs = 5000;

}  // namespace

Result<Database> open_for_reading(const std::string& path) {
    auto database = Database::open(path, OpenMode::read_only, kReaderPatienceMs);
    if (database.has_error()) {
        return database.error();
    }
    if (auto r = check_schema_readable(*database, migrations()); r.has_error()) {
        return r.error();
    }
    return database;
}

Result<RunHeader> read_header(Database& database, bool with_model) {
    auto run = read_run(database, with_model);
    if (run.has_error()) {
        return run.error();
    }
    if (!run->has_value()) {
        return fail(database.path() + ": holds no run yet; start one with --db " + database.path());
    }
    return std::move(**run);
}

}  // namespace paperd::storage
