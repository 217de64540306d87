#include "storage/stored_run.h"

#include <utility>

#include "storage/database.h"
#include "storage/laws.h"
#include "storage/reading.h"
#include "storage/step_reader.h"

namespace paperd::storage {

struct StoredRun::Rep {
    Database database;
    RunHeader header;
    RunState state;
};

StoredRun::StoredRun(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}

StoredRun::~StoredRun() = default;

Result<std::unique_ptr<StoredRun>> StoredRun::open(const std::string& path) {
    TRY_LET(auto database, open_for_reading(path));
    TRY_LET(auto header, read_header(database, true));
    TRY_LET(auto state, read_state(database));
    auto rep = std::make_unique<Rep>(Rep{std::move(database), std::move(header), std::move(state)});
    return std::unique_ptr<StoredRun>(new StoredRun(std::move(rep)));
}

const RunHeader& StoredRun::header() const { return rep_->header; }

const RunState& StoredRun::state() const { return rep_->state; }

Result<std::vector<Slice>> StoredRun::slices(std::int64_t first, std::int64_t last) {
    TRY_LET([[maybe_unused]] const auto view,
            Transaction::begin(rep_->database, Transaction::Kind::read));
    return read_slices(rep_->database, first, last);
}

Result<std::vector<StoredStep>> StoredRun::steps(std::int64_t first, std::int64_t last) {
    TRY_LET([[maybe_unused]] const auto view,
            Transaction::begin(rep_->database, Transaction::Kind::read));
    return read_steps(rep_->database, first, last);
}

Result<std::vector<Order>> StoredRun::orders() { return read_orders(rep_->database); }

Result<std::vector<std::string>> StoredRun::check_laws(std::size_t most) {
    TRY_LET([[maybe_unused]] const auto view,
            Transaction::begin(rep_->database, Transaction::Kind::read));
    return find_violations(rep_->database, rep_->header, most);
}

}  // namespace paperd::storage
