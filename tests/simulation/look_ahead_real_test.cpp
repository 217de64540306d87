// No look-ahead on a real series with a shipped bundle: SPY's daily bars and the attention job. At
// every tenth bar the file is written again with everything after it poisoned, read, traded on and
// stored, and nothing up to that bar may know: not the reader's slices, not the engine's hashes,
// not a stored row.
#include <cstring>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "config/loader.h"
#include "daemon/engine/run_plan.h"
#include "daemon/engine/stepper.h"
#include "storage/bars/history.h"
#include "storage/database.h"
#include "tests/support/jobs.h"
#include "tests/support/paths.h"
#include "tests/support/poison.h"
#include "tests/support/process.h"
#include "tests/support/tables.h"

#ifdef PAPERD_WITH_TORCH
namespace paperd::daemon {
namespace {

using support::Poison;

constexpr std::size_t kStep = 10;
constexpr const char* kFirstRow = "2012-12-01";  // two years of warm-up before the first decision

// The value, or the test ends: whatever comes after could only repeat the complaint.
template <class T>
T must(Result<T> result) {
    if (result.has_error()) {
        throw std::runtime_error(result.error().text);
    }
    return std::move(*result);
}

void must(const Result<void>& result) {
    if (result.has_error()) {
        throw std::runtime_error(result.error().text);
    }
}

std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> fields;
    std::istringstream in(line);
    for (std::string field; std::getline(in, field, ',');) {
        fields.push_back(field);
    }
    return fields;
}

Price price(const std::string& text) { return Price::parse(text).value(); }

std::string poisoned(const std::string& row, Poison poison) {
    const auto f = fields_of(row);
    Bar bar;
    bar.open = price(f[1]);
    bar.high = price(f[2]);
    bar.low = price(f[3]);
    bar.close = price(f[4]);
    bar.adj_close = price(f[5]);
    bar = support::poisoned(bar, poison);
    const std::string volume = poison == Poison::times_ten && f[6] != "0" ? f[6] + "0" : f[6];
    return f[0] + ',' + bar.open.text() + ',' + bar.high.text() + ',' + bar.low.text() + ',' +
           bar.close.text() + ',' + bar.adj_close.text() + ',' + volume;
}

// The job, its plan and the file's rows.
class Spy {
public:
    explicit Spy(const std::string& file) {
        std::ifstream in(file);
        std::getline(in, header_);
        for (std::string row; std::getline(in, row);) {
            if (row >= kFirstRow && row < "2025") {
                clean_.push_back(row);
            }
        }
        for (const Poison poison : {Poison::times_ten, Poison::another_factor}) {
            for (const std::string& row : clean_) {
                poisoned_[poison == Poison::times_ten ? 0 : 1].push_back(poisoned(row, poison));
            }
        }
        auto config =
            must(config::load_config(support::source_path("config/attention-daily.yaml")));
        config.symbols = {"SPY"};
        config.checkpoint_slices = 1'000'000;  // the test keeps its own
        plan_ = must(plan_run(config, config.symbols, RunMode::replay, "2015-01-02", "2024-12-31"));
        slices_ = read(clean_.size(), Poison::times_ten);
    }

    // The slices of a file whose rows from `first_bad` on are poisoned.
    std::vector<Slice> read(std::size_t first_bad, Poison poison) {
        std::string text = header_ + "\n";
        for (std::size_t i = 0; i < clean_.size(); ++i) {
            text += i < first_bad ? clean_[i] : poisoned_[poison == Poison::times_ten ? 0 : 1][i];
            text += '\n';
        }
        support::write_file(dir_.path("SPY.csv"), text);
        const auto calendar = must(Calendar::make(plan_->config.calendar));
        auto history = must(storage::read_history({.path = dir_.root(),
                                                   .symbols = {"SPY"},
                                                   .from = parse_day("2015-01-02").value(),
                                                   .to = parse_day("2024-12-31").value(),
                                                   .warmup_bars = plan_->config.warmup_bars},
                                                  calendar));
        return std::move(history.slices);
    }

    // `slices` were read from a file poisoned after slice `last`: up to it they are the clean ones.
    void expect_clean_until(const std::vector<Slice>& slices, std::size_t last) const {
        ASSERT_EQ(slices.size(), slices_.size());
        for (std::size_t i = 0; i < slices.size(); ++i) {
            ASSERT_EQ(slices[i].closed_at, slices_[i].closed_at);
            ASSERT_EQ(slices[i].warmup, slices_[i].warmup);
            ASSERT_EQ(slices[i].bars == slices_[i].bars, i < last) << "slice " << i + 1;
        }
    }

    [[nodiscard]] const RunPlan& plan() const { return *plan_; }

    [[nodiscard]] const std::vector<Slice>& slices() const { return slices_; }

    // Rows before the first slice.
    [[nodiscard]] std::size_t rows_before() const { return clean_.size() - slices_.size(); }

    [[nodiscard]] std::unique_ptr<Engine> engine() const { return must(make_engine(*plan_)); }

    [[nodiscard]] std::unique_ptr<storage::Journal> journal(const std::string& name) const {
        return must(storage::Journal::open(dir_.path(name), plan_->header, {}));
    }

    [[nodiscard]] std::string path(const std::string& name) const { return dir_.path(name); }

private:
    support::TempDir dir_;
    std::string header_;
    std::vector<std::string> clean_;
    std::vector<std::string> poisoned_[2];
    std::optional<RunPlan> plan_;
    std::vector<Slice> slices_;
};

std::uint64_t run(Engine& engine, const Slice& slice, storage::Journal* journal = nullptr) {
    constexpr std::int64_t kNoCheckpoints = std::numeric_limits<std::int64_t>::max();
    Stepper stepper =
        journal == nullptr ? Stepper(engine) : Stepper(engine, *journal, kNoCheckpoints);
    return must(stepper.take(slice))->state_hash;
}

// A volume that is no number is refused, and the engine is as before.
void expect_refused(Engine& engine, Slice slice) {
    const std::uint64_t before = engine.state_hash();
    slice.bars[0] = support::poisoned(slice.bars[0], Poison::no_number);
    EXPECT_TRUE(engine.on_slice(slice).has_error());
    EXPECT_EQ(engine.state_hash(), before);
}

// Every later prediction is NaN, as a model fed with NaN would give it.
void poison_predictions(Engine& engine) {
    engine.adopt_outputs = [](const Slice&, std::size_t, strategy::ModelOutputs& outputs) {
        std::ranges::fill(outputs.values, std::numeric_limits<double>::quiet_NaN());
    };
}

}  // namespace

// The run stands at the bar, engine and database; three poisoned slices are traded and stored after
// it, for the last of which the predictions are NaN too. Then the database is compared with that of
// the whole clean run.
TEST(LookAheadReal, PoisonAfterEveryTenthBarLeavesWhatWasStored) {
    PAPERD_NEEDS_SHARED(file, "data/daily/SPY.csv");
    Spy spy(file);
    const std::size_t size = spy.slices().size();
    ASSERT_EQ(size, 504U + 2516U);
    const auto whole = spy.engine();
    std::vector<std::uint64_t> hashes;
    {
        const auto journal = spy.journal("clean.db");
        for (const Slice& slice : spy.slices()) {
            hashes.push_back(run(*whole, slice, journal.get()));
        }
    }
    EXPECT_GT(support::row_count(spy.path("clean.db"), "fills"), 50);

    const auto engine = spy.engine();
    const auto dirty_engine = spy.engine();
    const auto journal = spy.journal("base.db");
    std::size_t cuts = 0;
    for (std::size_t last = 1; last + 3 <= size; ++last) {
        ASSERT_EQ(run(*engine, spy.slices()[last - 1], journal.get()), hashes[last - 1]);
        if (last % kStep != 0) {
            continue;
        }
        const Poison poison = last % (2 * kStep) == 0 ? Poison::times_ten : Poison::another_factor;
        SCOPED_TRACE(name_of(poison));
        const auto slices = spy.read(spy.rows_before() + last, poison);
        spy.expect_clean_until(slices, last);
        {
            auto base = must(
                storage::Database::open(spy.path("base.db"), storage::OpenMode::read_only, 5000));
            must(base.backup(spy.path("dirty.db")));
        }
        must(dirty_engine->load(engine->save()));
        dirty_engine->adopt_outputs = nullptr;
        {
            const auto dirty = spy.journal("dirty.db");
            expect_refused(*dirty_engine, slices[last]);
            ASSERT_NE(run(*dirty_engine, slices[last], dirty.get()), hashes[last]);
            run(*dirty_engine, slices[last + 1], dirty.get());
            poison_predictions(*dirty_engine);
            run(*dirty_engine, slices[last + 2], dirty.get());
        }
        ASSERT_EQ(support::row_count(spy.path("dirty.db"), "slices"),
                  static_cast<std::int64_t>(last) + 3);
        ASSERT_EQ(support::differing_tables(spy.path("clean.db"), spy.path("dirty.db"),
                                            static_cast<std::int64_t>(last)),
                  "")
            << "rows up to slice " << last << " knew of what came after";
        ASSERT_NE(support::differing_tables(spy.path("clean.db"), spy.path("dirty.db"),
                                            static_cast<std::int64_t>(last) + 1),
                  "");
        ++cuts;
    }
    EXPECT_EQ(cuts, 301U);
}

// From the first bar to the last poisoned one, at every tenth bar: minutes, so not of the quick
// suite.
TEST(LookAheadReal, WholePoisonedSeriesAgreeUpToTheLastCleanBar) {
    if (std::getenv("PAPERD_LONG") == nullptr) {
        GTEST_SKIP() << "takes minutes: runs with the label `long`";
    }
    PAPERD_NEEDS_SHARED(file, "data/daily/SPY.csv");
    Spy spy(file);
    const auto begin = spy.engine();
    const std::vector<std::byte> fresh = begin->save();
    std::vector<std::uint64_t> hashes;
    for (const Slice& slice : spy.slices()) {
        hashes.push_back(run(*begin, slice));
    }
    for (std::size_t last = kStep; last < spy.slices().size(); last += kStep) {
        const Poison poison = last % (2 * kStep) == 0 ? Poison::times_ten : Poison::another_factor;
        SCOPED_TRACE(name_of(poison));
        const auto slices = spy.read(spy.rows_before() + last, poison);
        spy.expect_clean_until(slices, last);
        must(begin->load(fresh));
        for (std::size_t i = 0; i < slices.size(); ++i) {
            const std::uint64_t hash = run(*begin, slices[i]);
            ASSERT_EQ(hash == hashes[i], i < last) << "slice " << i + 1 << " of " << last;
        }
    }
}

}  // namespace paperd::daemon
#endif
