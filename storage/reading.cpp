#include "storage/reading.h"

#include <utility>

#include "storage/schema.h"

namespace paperd::storage {
namespace {

constexpr int kReaderPatienceMs = 5000;

}  // namespace

Result<Database> open_for_reading(const std::string& path) {
    TRY_LET(auto database, Database::open(path, OpenMode::read_only, kReaderPatienceMs));
    TRY(check_schema_readable(database, migrations()));
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

Result<void> read_in_one_view(
    const std::string& path, const std::function<Result<void>(Database&, const RunHeader&)>& read) {
    TRY_LET(auto database, open_for_reading(path));
    TRY_LET([[maybe_unused]] const auto view,
            Transaction::begin(database, Transaction::Kind::read));
    TRY_LET(const auto run, read_header(database, false));
    return read(database, run);
}

}  // namespace paperd::storage
