// How many rows a second the trade database takes: one bar and one decision a symbol, 505 symbols a
// transaction, every transaction durable (synchronous=FULL). SqliteAlone binds the same rows to
// prepared statements of the same tables and nothing more; JournalCommit is what the daemon calls.
// Counters: bars a second, the median and 99th percentile of a commit in ms, and bytes of the file
// a symbol and slice.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "storage/bulk_insert.h"
#include "storage/database.h"
#include "storage/journal.h"
#include "storage/keys.h"
#include "storage/rows.h"
#include "storage/table_sql.h"

namespace paperd::storage {
namespace {

constexpr std::size_t kSymbols = 505;

// Slices with random prices and weights; time and ids move on with each use.
class Market {
public:
    Market() {
        for (std::size_t i = 0; i < kSymbols; ++i) {
            Bar bar;
            bar.symbol = symbol_id(i);
            slice_.bars.push_back(bar);
            Decision decision;
            decision.symbol = symbol_id(i);
            step_.decisions.push_back(decision);
        }
    }

    void advance() {
        slice_.id = step_.slice_id = slice_.id + 1;
        slice_.closed_at = from_ns(1'577'116'800'000'000'000 + slice_.id * 60'000'000'000);
        slice_.day = Day{std::chrono::days{18'000 + slice_.id / 390}};
        step_.state_hash = random_();
        step_.model_digest = random_();
        for (std::size_t i = 0; i < kSymbols; ++i) {
            Bar& bar = slice_.bars[i];
            bar.closed_at = slice_.closed_at;
            bar.low = Price::from_raw(15'000'000'000 + below(1'000'000'000));
            bar.open = bar.close = bar.low + Price::from_raw(below(1'000'000));
            bar.high = bar.close + Price::from_raw(below(1'000'000));
            bar.adj_close = bar.close - Price::from_raw(below(1'000'000));
            bar.volume = static_cast<double>(below(1'000'000));
            Decision& decision = step_.decisions[i];
            decision.signal.prediction = static_cast<double>(below(1'000'000)) * 1e-9;
            decision.signal.weight = static_cast<double>(below(1'000'000)) * 1e-7;
            decision.approved_weight = decision.signal.weight * 0.5;
            decision.target_quantity = Quantity::whole(below(1'000));
            decision.reason = Reason::on_target;
        }
    }

    [[nodiscard]] const Slice& slice() const { return slice_; }

    [[nodiscard]] const Step& step() const { return step_; }

private:
    std::int64_t below(std::uint64_t bound) { return static_cast<std::int64_t>(random_() % bound); }

    std::mt19937_64 random_{1};
    Slice slice_;
    Step step_;
};

RunHeader header() {
    RunHeader made;
    made.run_key = "bench";
    made.currency = "USD";
    for (std::size_t i = 0; i < kSymbols; ++i) {
        made.symbols.push_back(std::string("S").append(std::to_string(i)));
    }
    return made;
}

class File {
public:
    File()
        : path_(std::filesystem::temp_directory_path() /
                ("paperd_storage_bench_" + std::to_string(::getpid()) + ".db")) {
        remove();
    }

    File(const File&) = delete;
    File& operator=(const File&) = delete;

    ~File() { remove(); }

    [[nodiscard]] std::string path() const { return path_.string(); }

    [[nodiscard]] double bytes() const {
        return static_cast<double>(std::filesystem::file_size(path_));
    }

private:
    void remove() const {
        for (const char* suffix : {"", "-wal", "-shm"}) {
            std::filesystem::remove(path_.string() + suffix);
        }
    }

    std::filesystem::path path_;
};

// Times `commit` once an iteration.
template <class Commit>
void run(benchmark::State& state, const Commit& commit) {
    Market market;
    std::vector<double> seconds;
    for (auto _ : state) {
        state.PauseTiming();
        market.advance();
        state.ResumeTiming();
        const auto begin = std::chrono::steady_clock::now();
        if (const auto r = commit(market.slice(), market.step()); r.has_error()) {
            state.SkipWithError(r.error().text.c_str());
            return;
        }
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
        seconds.push_back(spent.count());
    }
    const auto bars = static_cast<double>(seconds.size() * kSymbols);
    double total = 0;
    for (const double s : seconds) {
        total += s;
    }
    std::sort(seconds.begin(), seconds.end());
    state.counters["bars_a_second"] = bars / total;
    state.counters["commit_p50_ms"] = seconds[seconds.size() / 2] * 1e3;
    state.counters["commit_p99_ms"] = seconds[seconds.size() * 99 / 100] * 1e3;
}

void count_bytes(benchmark::State& state, const File& file) {
    state.counters["bytes_a_symbol_and_slice"] =
        file.bytes() / (static_cast<double>(state.iterations()) * static_cast<double>(kSymbols));
}

// The rows of a slice bound by hand.
class Rows {
public:
    static Result<Rows> prepare(Database& database) {
        TRY_LET(auto slices,
                database.prepare(
                    "INSERT INTO slices (slice_id, closed_at_ns, known_at_ns, day, model_digest, "
                    "state_hash, opened_at_ns, warmup, last_of_session, trading_state, "
                    "trading_reason) VALUES (?,?,?,?,?,?,0,0,0,0,0)"));
        TRY_LET(auto bars, prepare_insert(database, kBars.facts, kBars.columns()));
        TRY_LET(auto decisions, prepare_insert(database, kDecisions.facts, kDecisions.columns()));
        return Rows(std::move(slices), std::move(bars), std::move(decisions));
    }

    Result<void> write(const Slice& slice, const Step& step) {
        slices_.bind_int(1, slice.id);
        slices_.bind_int(2, to_ns(slice.closed_at));
        slices_.bind_int(3, to_ns(slice.closed_at));
        slices_.bind_int(4, day_number(slice.day));
        slices_.bind_int(5, static_cast<std::int64_t>(step.model_digest));
        slices_.bind_int(6, static_cast<std::int64_t>(step.state_hash));
        if (auto r = slices_.run(); r.has_error()) {
            return r;
        }
        auto r = bars_.write(slice.bars, [&](RowBinder& row, const Bar& bar, std::size_t) {
            row.put(bar_key(slice.id, bar.symbol));
            for (const Price price : {bar.open, bar.high, bar.low, bar.close, bar.adj_close}) {
                row.put(price.raw());
            }
            row.put(bar.volume);
            row.put(std::int64_t{0});
        });
        if (r.has_error()) {
            return r;
        }
        return decisions_.write(step.decisions,
                                [&](RowBinder& row, const Decision& decision, std::size_t) {
                                    row.put(symbol_key(slice.id, decision.symbol));
                                    row.put(decision.signal.prediction);
                                    row.null();
                                    row.put(decision.signal.weight);
                                    row.put(decision.approved_weight);
                                    row.put(decision.target_quantity.raw());
                                    row.put(std::int64_t{0});
                                    row.put(static_cast<std::int64_t>(decision.reason));
                                    row.put(std::int64_t{0});
                                    row.put(decision.numbers.packed());
                                    row.put(std::int64_t{0});
                                });
    }

private:
    Rows(Statement slices, BulkInsert bars, BulkInsert decisions)
        : slices_(std::move(slices)), bars_(std::move(bars)), decisions_(std::move(decisions)) {}

    Statement slices_;
    BulkInsert bars_;
    BulkInsert decisions_;
};

// foreign_keys: range(0) of the benchmark.
void SqliteAlone(benchmark::State& state) {
    const File file;
    {
        // The schema and the run's row.
        const auto journal = Journal::open(file.path(), header(), {});
        if (journal.has_error()) {
            state.SkipWithError(journal.error().text.c_str());
            return;
        }
    }
    {
        auto database = Database::open(file.path(), OpenMode::read_write, 1000);
        const auto set = database->execute(
            std::string("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; "
                        "PRAGMA cache_size=-16000; PRAGMA foreign_keys=") +
            (state.range(0) != 0 ? "ON" : "OFF"));
        auto rows = Rows::prepare(*database);
        if (set.has_error() || rows.has_error()) {
            state.SkipWithError("the database cannot be prepared");
            return;
        }
        run(state, [&](const Slice& slice, const Step& step) -> Result<void> {
            auto transaction = Transaction::begin(*database, Transaction::Kind::write);
            if (transaction.has_error()) {
                return transaction.error();
            }
            if (auto r = rows->write(slice, step); r.has_error()) {
                return r;
            }
            return transaction->commit();
        });
    }
    count_bytes(state, file);
}

void JournalCommit(benchmark::State& state) {
    const File file;
    {
        auto journal = Journal::open(file.path(), header(), {});
        if (journal.has_error()) {
            state.SkipWithError(journal.error().text.c_str());
            return;
        }
        run(state, [&](const Slice& slice, const Step& step) {
            return (*journal)->commit(slice, step, slice.closed_at, nullptr);
        });
    }
    count_bytes(state, file);
}

BENCHMARK(SqliteAlone)->ArgName("foreign_keys")->Arg(0)->Arg(1)->Iterations(2000);
BENCHMARK(JournalCommit)->Iterations(2000);

}  // namespace
}  // namespace paperd::storage
