#include "daemon/engine/resumed_bars.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "storage/journal.h"
#include "storage/stored_run.h"
#include "tests/daemon/running_paperd.h"
#include "tests/daemon/said.h"
#include "tests/support/jobs.h"
#include "tests/support/paths.h"

namespace paperd::daemon {
namespace {

// A history of 360 slices of which 320 are stored.
class ResumedBars : public testing::Test {
protected:
    void SetUp() override {
        slices_ = support::slices_of(support::synthetic_job(2), symbols_);
        slices_.resize(360);
        for (std::size_t i = 0; i < 40; ++i) {
            slices_[i].warmup = true;
        }
        slices_.front().notes = {
            {Severity::warning, "bad_row", kNoSymbol, "here/A.csv:7: close is blank; set aside"},
            {Severity::warning, "no_bars", kNoSymbol, "CHRL has no bar in the span"}};
        slices_[310].bars[1].synthetic = true;
        storage::RunHeader header;
        header.run_key = "test";
        header.currency = "USD";
        header.symbols = symbols_;
        auto journal = storage::Journal::open(db(), header, {});
        ASSERT_FALSE(journal.has_error()) << journal.error().text;
        for (std::size_t i = 0; i < 320; ++i) {
            Step step;
            step.slice_id = slices_[i].id;
            step.warmup = slices_[i].warmup;
            step.incidents = slices_[i].notes;
            step.incidents.push_back({Severity::info, "series_cut", kNoSymbol, "the engine's"});
            ASSERT_FALSE(
                (*journal)->commit(slices_[i], step, slices_[i].closed_at, nullptr).has_error());
        }
    }

    [[nodiscard]] std::string db() const { return dir_.path("a.db"); }

    [[nodiscard]] Result<void> check() const { return check_resumed_bars(db(), slices_, symbols_); }

    void expect_refused(const std::string& what) const {
        const auto checked = check();
        ASSERT_TRUE(checked.has_error()) << what;
        EXPECT_EQ(checked.error().kind, ErrorKind::usage);
        const std::string& text = checked.error().text;
        EXPECT_NE(text.find(db() + ": " + what), std::string::npos) << text;
        EXPECT_NE(text.find("put the files back as they were, or name a new file with --db"),
                  std::string::npos)
            << text;
    }

    // "slice 301 (2024-07-01T18:31:00Z)".
    [[nodiscard]] std::string slice(std::size_t place) const {
        return "slice " + std::to_string(place + 1) + " (" +
               timestamp_text(slices_[place].closed_at) + ")";
    }

    support::TempDir dir_;
    Universe symbols_;
    std::vector<Slice> slices_;
};

TEST_F(ResumedBars, TheSameOnesAreTakenAndLaterOnesMayBeAny) {
    EXPECT_FALSE(check().has_error()) << check().error().text;
    slices_[340].bars[0].close = slices_[340].bars[0].high;
    slices_.front().notes[0].text = "/elsewhere/A.csv:7: close is blank; set aside";
    EXPECT_FALSE(check().has_error()) << check().error().text;
}

TEST_F(ResumedBars, SplitsCount) {
    slices_[300].splits = {
        {.symbol = symbol_id(1), .ex_date = slices_[300].day, .new_shares = 3, .old_shares = 2}};
    expect_refused(slice(300) + ": a split is none in the database and " + symbols_[1] +
                   " 3 for 2 in the bar files now");
}

TEST_F(ResumedBars, EachFieldOfABarCounts) {
    constexpr std::size_t kPlace = 300;
    Bar& bar = slices_[kPlace].bars[1];
    const Bar good = bar;
    const Price cent = Price::from_raw(1);
    const auto expect_field = [&](const std::string& field, const std::string& stored,
                                  const std::string& read) {
        expect_refused(slice(kPlace) + " " + symbols_[index(good.symbol)] + ": " + field + " is " +
                       stored + " in the database and " + read + " in the bar files now");
        bar = good;
    };

    struct PriceField {
        const char* name;
        Price Bar::* price;
    };

    for (const PriceField& field : {PriceField{"open", &Bar::open}, PriceField{"high", &Bar::high},
                                    PriceField{"low", &Bar::low}, PriceField{"close", &Bar::close},
                                    PriceField{"adj_close", &Bar::adj_close}}) {
        bar.*field.price += cent;
        expect_field(field.name, (good.*field.price).text(), (bar.*field.price).text());
    }
    bar.volume += 0.5;
    expect_refused(slice(kPlace) + " " + symbols_[index(good.symbol)] + ": volume is ");
    bar = good;
    bar.synthetic = true;
    expect_field("synthetic", "no", "yes");
    slices_[310].bars[1].synthetic = false;
    expect_refused(slice(310) + " " + symbols_[1] + ": synthetic is yes in the database and no");
}

TEST_F(ResumedBars, BarsThatCameOrWentAreNamed) {
    const std::vector<Slice> good = slices_;
    std::vector<Bar>& bars = slices_[300].bars;
    const Bar gone = bars.back();
    bars.pop_back();
    expect_refused(slice(300) + " " + symbols_[index(gone.symbol)] +
                   ": bar is there in the database and none in the bar files now");
    bars.push_back(gone);
    EXPECT_FALSE(check().has_error());
    slices_.erase(slices_.begin() + 299);
    expect_refused("slice 300 (");
    slices_.resize(310);
    expect_refused("slice 300 (");
    slices_ = good;
    slices_.resize(310);
    expect_refused("320 slices are stored, and the bar files have only 310 in the span now");
}

TEST_F(ResumedBars, TimesAndFlagsOfSlicesCount) {
    const std::vector<Slice> good = slices_;
    slices_[200].closed_at += std::chrono::seconds{1};
    expect_refused("slice 201 (" + timestamp_text(good[200].closed_at) + "): closing time is " +
                   timestamp_text(good[200].closed_at) + " in the database and " +
                   timestamp_text(slices_[200].closed_at));
    slices_ = good;
    slices_[39].warmup = false;
    expect_refused(slice(39) + ": warm-up is yes in the database and no");
    slices_ = good;
    slices_[200].last_of_session = !slices_[200].last_of_session;
    expect_refused(slice(200) + ": last of session is ");
    slices_ = good;
    slices_[10].day += std::chrono::days{1};
    expect_refused(slice(10) + ": day is " + day_text(good[10].day));
}

TEST_F(ResumedBars, RowsThatWereSetAsideCount) {
    const std::vector<Incident> notes = slices_.front().notes;
    slices_.front().notes.erase(slices_.front().notes.begin());
    expect_refused(slice(0) +
                   ": bad_row is here/A.csv:7: close is blank; set aside in the "
                   "database and CHRL has no bar");
    slices_.front().notes = notes;
    slices_.front().notes.push_back({Severity::warning, "bad_row", kNoSymbol, "x/B.csv:9: new"});
    expect_refused(slice(0) + ": bad_row is none in the database and x/B.csv:9: new");
}

// The whole way: a replay stopped, a row of its files changed, and put back.
TEST(ResumedReplay, IsRefusedOnChangedFilesAndGoesOnWithTheOldOnes) {
    const support::TempDir dir;
    const std::string bars = dir.path("bars");
    std::filesystem::create_directory(bars);
    for (const char* name : {"SYNTH_A.csv", "SYNTH_B.csv"}) {
        std::filesystem::copy_file(support::golden_path(std::string("synthetic/") + name),
                                   bars + "/" + name);
    }
    support::write_file(dir.path("job.yaml"),
                        "market:\n  symbols: [SYNTH_A, SYNTH_B]\n  interval: 1d\n"
                        "  calendar: always_open\n  feed: files\n  bars: bars\n"
                        "  warmup_bars: 30\nstrategy:\n  kind: sma_cross\n"
                        "  allow_short: true\nserver:\n  enabled: false\n");
    const auto replay = [&](const std::string& db) -> std::vector<std::string> {
        return {"replay", "-c", dir.path("job.yaml"), "--from", "2019-01-02", "--db", dir.path(db)};
    };
    ASSERT_EQ(support::run_paperd(replay("whole.db")).exit_code, 0);
    {
        std::vector<std::string> slowly = replay("parts.db");
        slowly.insert(slowly.end(), {"--speed", "100"});
        support::RunningPaperd process(slowly, dir.path("log"));
        ASSERT_TRUE(support::becomes_true([&] {
            const auto run = storage::StoredRun::open(dir.path("parts.db"));
            return !run.has_error() && (*run)->state().last_slice_id > 50;
        })) << support::read_file(dir.path("log"));
        ASSERT_EQ(process.stop(), 0) << support::read_file(dir.path("log"));
    }
    const std::string good = support::read_file(bars + "/SYNTH_B.csv");
    const auto run = storage::StoredRun::open(dir.path("parts.db"));
    ASSERT_FALSE((*run)->state().complete);
    const auto stored = (*run)->slices(45, 45);
    const Bar& bar = stored->front().bars.back();
    const std::string day = day_text(stored->front().day);
    const std::size_t line = good.find("\n" + day);
    ASSERT_NE(line, std::string::npos);
    const std::size_t end = good.find('\n', line + 1);
    const std::string row = good.substr(line, end - line);
    support::write_file(bars + "/SYNTH_B.csv",
                        support::exchanged(good, row, row.substr(0, row.rfind(',')) + ",12345"));
    support::expect_said(
        support::run_paperd(replay("parts.db")), 2,
        {dir.path("parts.db") + ": slice 45 (" + timestamp_text(bar.closed_at) +
             ") SYNTH_B: volume is " + std::to_string(static_cast<std::int64_t>(bar.volume)),
         "in the database and 12345 in the bar files now",
         "a run cannot go on with other bars: put the files back"});
    support::write_file(bars + "/SYNTH_B.csv", good);
    const auto resumed = support::run_paperd(replay("parts.db"));
    EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
    EXPECT_EQ(support::trading_tables(dir.path("parts.db")),
              support::trading_tables(dir.path("whole.db")));
}

}  // namespace
}  // namespace paperd::daemon
