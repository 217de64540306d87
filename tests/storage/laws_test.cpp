#include <filesystem>

#include <gtest/gtest.h>

#include "storage/database.h"
#include "storage/journal.h"
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
                 ", and its fills and settlements sum to ");
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

// A column, a number that stands for nothing, and how to find a row to put it into.
struct Nonsense {
    const char* table;
    const char* key;
    const char* column;
    std::int64_t value;
};

constexpr Nonsense kNonsense[] = {
    {"slices", "slice_id", "trading_state", 3},
    {"slices", "slice_id", "trading_reason", 254},
    {"slices", "slice_id", "warmup", 2},
    {"bars", "bar_id", "flags", 4},
    {"commands", "command_id", "kind", 5},
    {"decisions", "decision_id", "reason", 9},
    {"decisions", "decision_id", "signal_reason", -1},
    {"decisions", "decision_id", "in_sample", 256},
    {"risk_adjustments", "adjustment_id", "rule", 300},
    {"ledger", "entry_id", "kind", 8},
    {"ledger", "entry_id", "symbol_id", 12},
    {"corporate_actions", "action_id", "kind", 3},
    {"incidents", "incident_id", "severity", 3},
    {"orders", "order_id", "state", 5},
    {"orders", "order_id", "type", 4},
    {"orders", "order_id", "time_in_force", 256},
    {"orders", "order_id", "reason", 71 + 256},
};

TEST_F(Laws, NameNumbersThatStandForNothing) {
    for (const Nonsense& wrong : kNonsense) {
        const std::string table = wrong.table;
        const std::string where =
            std::string(" WHERE ") + wrong.key + " = (SELECT max(" + wrong.key + ") FROM " + table;
        const std::string tampering = "UPDATE " + table + " SET " + wrong.column + " = " +
                                      std::to_string(wrong.value) + where + ")";
        auto database = Database::open(directory_->file(), OpenMode::read_only, 100);
        const auto row =
            *database->integer(std::string("SELECT max(") + wrong.key + ") FROM " + table, -1);
        ASSERT_GT(row, 0) << table;
        const std::string words = table + " row " + std::to_string(row) + ": " + wrong.column +
                                  " is " + std::to_string(wrong.value) +
                                  ", which stands for nothing";
        expect_found(tampering, words);
        // What recovery and a replay read is refused as well.
        auto run = StoredRun::open(directory_->file("copy.db"));
        ASSERT_FALSE(run.has_error());
        const Result<void> read = [&]() -> Result<void> {
            if (table == "orders") {
                const auto orders = (*run)->orders();
                return orders.has_error() ? Result<void>(orders.error()) : Result<void>();
            }
            const auto steps = (*run)->steps(1, 40);
            return steps.has_error() ? Result<void>(steps.error()) : Result<void>();
        }();
        ASSERT_TRUE(read.has_error()) << words;
        EXPECT_EQ(read.error().kind, ErrorKind::difference);
        EXPECT_NE(read.error().text.find("copy.db: " + words), std::string::npos)
            << read.error().text;
        EXPECT_NE(read.error().text.find("restore it from a backup"), std::string::npos);
    }
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
