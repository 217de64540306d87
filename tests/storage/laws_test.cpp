#include <filesystem>
#include <optional>

#include <gtest/gtest.h>

#include "storage/database.h"
#include "storage/journal.h"
#include "storage/rows.h"
#include "storage/stored_run.h"
#include "tests/storage/random_run.h"
#include "tests/storage/temporary_file.h"

namespace paperd::storage {
namespace {

// One stored run for all tests of this file; each tampers with a copy.
class Laws : public testing::Test {
protected:
    static void SetUpTestSuite() {
        directory_ = new TemporaryDirectory();
        const RandomRun run = random_run(21, 12, 40);
        auto journal = Journal::open(directory_->file(), run.header, {});
        ASSERT_FALSE(journal.has_error());
        ASSERT_FALSE(store(**journal, run).has_error());
    }

    static void TearDownTestSuite() { delete directory_; }

    static std::vector<std::string> violations_after(const std::string& tampering,
                                                     std::size_t most = 100) {
        const std::string copy = directory_->file("copy.db");
        std::filesystem::copy_file(directory_->file(), copy,
                                   std::filesystem::copy_options::overwrite_existing);
        {
            auto database = Database::open(copy, OpenMode::read_write, 100);
            EXPECT_FALSE(database.has_error());
            const auto r = database->execute("PRAGMA foreign_keys=OFF;" + tampering);
            EXPECT_FALSE(r.has_error()) << r.error().text;
        }
        auto run = StoredRun::open(copy);
        EXPECT_FALSE(run.has_error()) << run.error().text;
        auto violations = (*run)->check_laws(most);
        EXPECT_FALSE(violations.has_error()) << violations.error().text;
        return std::move(*violations);
    }

    // Some violation has this text.
    static void expect_found(const std::string& tampering, const std::string& text) {
        const auto violations = violations_after(tampering);
        std::string all;
        bool found = false;
        for (const std::string& violation : violations) {
            found = found || violation.find(text) != std::string::npos;
            all += violation + "\n";
        }
        EXPECT_TRUE(found) << tampering << "\nlooked for: " << text << "\nfound:\n" << all;
    }

    static TemporaryDirectory* directory_;
};

TemporaryDirectory* Laws::directory_ = nullptr;

TEST_F(Laws, HoldForWhatTheJournalWrote) {
    for (const std::string& violation : violations_after("")) {
        ADD_FAILURE() << violation;
    }
}

TEST_F(Laws, NameAnAlteredLedgerRow) {
    expect_found(
        "UPDATE ledger SET amount_e8 = amount_e8 + 1 WHERE entry_id = "
        "(SELECT min(entry_id) FROM ledger WHERE kind = 1)",
        "(trade of fill 1) books ");
    expect_found(
        "UPDATE ledger SET amount_e8 = amount_e8 - 1 WHERE entry_id = "
        "(SELECT min(entry_id) FROM ledger WHERE kind = 6)",
        "cash (the sum of the ledger) is ");
    expect_found("UPDATE ledger SET amount_e8 = 0 WHERE kind = 3", "dividends booked for S");
    expect_found("DELETE FROM ledger WHERE fill_id = 3", "fill 3 is not wholly booked");
    expect_found(
        "UPDATE ledger SET fill_id = 2 WHERE fill_id = "
        "(SELECT max(fill_id) FROM fills)",
        "books fill 2, which is not of this slice");
}

TEST_F(Laws, NameAnAlteredOrMissingFill) {
    expect_found("UPDATE fills SET price_e8 = price_e8 + 1000 WHERE fill_id = 5",
                 "fill 5 quantity x (price - reference_price) is ");
    expect_found("UPDATE fills SET spread_cost_e8 = spread_cost_e8 + 1 WHERE fill_id = 5",
                 "fill 5 quantity x (price - reference_price) is ");
    expect_found("UPDATE fills SET delay_cost_e8 = delay_cost_e8 + 1 WHERE fill_id = 5",
                 "fill 5 has the delay cost ");
    expect_found("UPDATE fills SET quantity_e8 = -quantity_e8 WHERE fill_id = 5",
                 "fill 5 is not on its order's side");
    expect_found("UPDATE fills SET reference_price_e8 = 1 WHERE fill_id = 5",
                 "fill 5 has the reference price 0.00000001 outside its bar's low and high");
    expect_found("DELETE FROM fills WHERE fill_id = 5", "fill 6 follows fill 4");
    expect_found("DELETE FROM fills WHERE fill_id = 5", "ledger row ");
    expect_found("UPDATE fills SET decision_id = decision_id + (100 << 16) WHERE fill_id = 5",
                 "fill 5 is not after its decision");
    expect_found(
        "UPDATE orders SET limit_price_e8 = 1 WHERE quantity_e8 > 0 AND order_id = "
        "(SELECT order_id FROM fills WHERE quantity_e8 > 0 LIMIT 1)",
        "passes its order's limit price");
    expect_found(
        "UPDATE bars SET flags = flags | 1 WHERE bar_id = "
        "(SELECT bar_id FROM fills WHERE fill_id = 5)",
        "fill 5 has no real bar of S");
}

TEST_F(Laws, NameASplitThatWasNotDoneByItsRatio) {
    const std::string one =
        " WHERE action_id = (SELECT max(action_id) FROM corporate_actions WHERE kind = 3 AND "
        "held_e8 <> 0 AND amount_e8 <> 0)";
    expect_found("UPDATE corporate_actions SET amount_e8 = amount_e8 + 1" + one,
                 "is due for the rest");
    expect_found("UPDATE corporate_actions SET amount_e8 = amount_e8 + 1" + one,
                 "rests of splits booked for S");
    expect_found("UPDATE corporate_actions SET held_after_e8 = 2 * held_after_e8" + one,
                 ": it leaves ");
    expect_found("UPDATE corporate_actions SET held_e8 = held_e8 + 1" + one, " were held");
    expect_found("UPDATE corporate_actions SET per_share_e8 = per_share_e8 + 1" + one,
                 ": the close before was ");
    expect_found("UPDATE splits SET old_shares = 0", ": no split is 3 for 0");
    expect_found("UPDATE splits SET new_shares = 9223372036854775807", ": no split is ");
    expect_found("DELETE FROM splits", ": there is no such split");
    expect_found("DELETE FROM corporate_actions" + one, " has no corporate action");
    expect_found("UPDATE ledger SET amount_e8 = 9223372036854775807 WHERE kind = 10",
                 "rests of splits booked for S");
    expect_found(
        "UPDATE corporate_actions SET held_e8 = 9223372036854775807, "
        "held_after_e8 = -9223372036854775807" +
            one,
        "the split of S");
}

TEST_F(Laws, NameAMissingDecision) {
    expect_found("DELETE FROM decisions WHERE decision_id = (20 << 16) + 7",
                 "slice 20 (2019-05-04T21:00:00Z): there is no decision row for S7");
    expect_found("DELETE FROM decisions WHERE slice_id = 40", "there is no decision row for S11");
    expect_found("UPDATE slices SET warmup = 1 WHERE slice_id = 20",
                 "has a decision row (symbol 0) although it is warm-up");
}

TEST_F(Laws, NameAPositionThatIsNotTheSumOfItsFills) {
    const std::string last = " WHERE position_id = (SELECT max(position_id) FROM positions)";
    expect_found("UPDATE positions SET quantity_e8 = quantity_e8 + 1" + last,
                 ", and its fills and corporate actions sum to ");
    expect_found("UPDATE positions SET cost_e8 = cost_e8 + 1" + last, "has cost less realized of ");
    expect_found("DELETE FROM positions" + last, " changed and has no row");
    expect_found(
        "INSERT INTO positions SELECT position_id + 65536, quantity_e8, cost_e8, "
        "realized_e8, since_ns FROM positions WHERE slice_id < 39 AND position_id + 65536 "
        "NOT IN (SELECT position_id FROM positions) LIMIT 1",
        "has a row without a fill");
}

TEST_F(Laws, NameAnEquityRowThatCannotBeDerived) {
    for (const auto& [column, text] :
         {std::pair{"cash_e8", "cash (the sum of the ledger) is "},
          std::pair{"value_e8", "value (positions at their last closes) is "},
          std::pair{"equity_e8", "equity (cash + value) is "},
          std::pair{"gross_e8", "gross (positions at their last closes, without sign) is "},
          std::pair{"net_e8", "net (the value) is "},
          std::pair{"peak_e8", "peak (the highest equity so far) is "}}) {
        expect_found(std::string("UPDATE equity SET ") + column + " = " + column +
                         " + 1 WHERE slice_id = 30",
                     std::string("slice 30 (2019-05-14T21:00:00.123456789Z): equity row: ") + text);
    }
    expect_found("DELETE FROM equity WHERE slice_id = 30", "has no equity row");
    expect_found(
        "UPDATE bars SET close_e8 = close_e8 + 1 WHERE bar_id = (SELECT max(b.bar_id) "
        "FROM bars b JOIN positions p ON p.symbol_id = b.symbol_id WHERE b.slice_id = 39 "
        "AND b.flags & 1 = 0 AND p.quantity_e8 <> 0)",
        "value (positions at their last closes) is ");
}

TEST_F(Laws, NameSlicesThatDoNotFollow) {
    expect_found("DELETE FROM slices WHERE slice_id = 12",
                 "slice 13 (2019-04-27T21:00:00Z): follows slice 11");
    expect_found("DELETE FROM slices WHERE slice_id = 12",
                 "decisions row 786432 and 11 more refer to a row of slices that is not there");
    expect_found(
        "UPDATE slices SET closed_at_ns = closed_at_ns - 10 * 86400000000001 "
        "WHERE slice_id = 20",
        "closes no later than the slice before it");
    expect_found(
        "UPDATE slices SET state_hash = (SELECT state_hash FROM slices WHERE "
        "slice_id = 19) WHERE slice_id = 20",
        "has the state hash of the slice before it");
    expect_found("DELETE FROM slices WHERE slice_id = 40",
                 "the run ended with slice 40, and the last slice stored is 39");
}

TEST_F(Laws, NameAnOrderThatDisagreesWithItsFills) {
    expect_found(
        "UPDATE orders SET filled_e8 = filled_e8 / 2 WHERE order_id = "
        "(SELECT order_id FROM fills WHERE fill_id = 1)",
        ", and its fills sum to ");
    expect_found(
        "UPDATE orders SET state = 0 WHERE order_id = (SELECT min(order_id) FROM orders "
        "WHERE state = 1)",
        "is wholly filled and in another state");
    expect_found("DELETE FROM orders WHERE order_id = 2", "order 3 follows order 1");
    expect_found("UPDATE orders SET decided_at_ns = decided_at_ns + 1 WHERE order_id = 2",
                 "order 2 was not decided at the close of its decision's slice");
}

TEST_F(Laws, NameABarThatContradictsItself) {
    expect_found(
        "UPDATE bars SET high_e8 = low_e8 - 1 WHERE bar_id = "
        "(SELECT min(bar_id) FROM bars)",
        "has open or close outside its low and high");
}

TEST_F(Laws, TellOneWrongRowOnceAndNotAtEverySliceAfterIt) {
    const auto violations = violations_after(
        "UPDATE ledger SET amount_e8 = amount_e8 - 1 WHERE entry_id = "
        "(SELECT min(entry_id) FROM ledger WHERE kind = 6)");
    EXPECT_EQ(violations.size(), 1U);
}

TEST_F(Laws, GoThroughAbsurdNumbersAndStopAtTheMostAskedFor) {
    const auto violations = violations_after(
        "UPDATE fills SET quantity_e8 = 9223372036854775807, "
        "price_e8 = 9223372036854775807 WHERE fill_id % 2 = 0",
        7);
    EXPECT_EQ(violations.size(), 7U);
}

// A number that stands for nothing in a column of that kind; nothing where every number stands for
// something.
std::optional<std::int64_t> nonsense_for(const Column& column) {
    switch (column.kind) {
        case Kind::flag:
        case Kind::enumeration:
            return column.greatest + 1;
        case Kind::reason:
            return 254;
        case Kind::symbol:
            return 12;
        default:
            return std::nullopt;
    }
}

// The column of the table's newest row gets that number: the laws must name it, and reading must
// refuse it.
void expect_refused(const std::string& db, const std::string& words) {
    auto run = StoredRun::open(db);
    ASSERT_FALSE(run.has_error());
    const auto steps = (*run)->steps(1, 40);
    const auto orders = (*run)->orders();
    ASSERT_TRUE(steps.has_error() || orders.has_error()) << words;
    const Error& error = steps.has_error() ? steps.error() : orders.error();
    EXPECT_EQ(error.kind, ErrorKind::difference);
    EXPECT_NE(error.text.find("copy.db: " + words), std::string::npos) << error.text;
    EXPECT_NE(error.text.find("restore it from a backup"), std::string::npos);
}

TEST_F(Laws, NameNumbersThatStandForNothingInEveryColumnThatStandsForSomething) {
    std::size_t tried = 0;
    for (const TableShape& table : table_shapes()) {
        const std::string name = table.facts.name;
        const std::string key = table.facts.key;
        auto database = Database::open(directory_->file(), OpenMode::read_only, 100);
        const auto row = *database->integer("SELECT max(" + key + ") FROM " + name, -1);
        ASSERT_GT(row, 0) << name;
        for (const Column& column : table.columns) {
            const auto nonsense = nonsense_for(column);
            if (!nonsense) {
                continue;
            }
            const std::string words = name + " row " + std::to_string(row) + ": " + column.name +
                                      " is " + std::to_string(*nonsense) +
                                      ", which stands for nothing";
            SCOPED_TRACE(words);
            expect_found("UPDATE " + name + " SET " + column.name + " = " +
                             std::to_string(*nonsense) + " WHERE " + key + " = " +
                             std::to_string(row),
                         words);
            expect_refused(directory_->file("copy.db"), words);
            ++tried;
        }
    }
    EXPECT_GE(tried, 20U);
}

TEST_F(Laws, NameModelsThatAreNotNumberedInOrder) {
    expect_found("UPDATE models SET model_id = 7 WHERE model_id = 1",
                 "the models are not numbered 0, 1, ... without gaps");
}

TEST_F(Laws, SymbolsOutsideTheUniverseAreRefused) {
    // The symbol is part of the key.
    expect_found(
        "UPDATE decisions SET decision_id = decision_id + 500 WHERE decision_id = "
        "(SELECT max(decision_id) FROM decisions)",
        ": symbol_id is 5");
    auto run = StoredRun::open(directory_->file("copy.db"));
    EXPECT_TRUE((*run)->steps(1, 40).has_error());
    expect_found(
        "UPDATE bars SET bar_id = bar_id + (500 << 8) WHERE bar_id = "
        "(SELECT max(bar_id) FROM bars)",
        ": symbol_id is 5");
}

}  // namespace
}  // namespace paperd::storage
