#include "storage/table_sql.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "storage/cursor.h"
#include "storage/database.h"
#include "storage/rows.h"
#include "storage/run_rows.h"
#include "tests/storage/temporary_file.h"

namespace paperd::storage {
namespace {

struct Dice {
    std::int64_t thrown = 0;
    double weight = 0;
    OrderState state = OrderState::working;
};

constexpr auto kDice =
    table<Dice>({.name = "dice", .meaning = "for a test", .key = "thrown", .by = "thrown"},
                field<&Dice::thrown>("thrown", "how often"),
                field<&Dice::weight>("weight_kg", "", {.nullable = true}),
                field<&Dice::state>("state", "as of an order", {.changes = true}));

TEST(TableSql, DefinesATableFromItsListWithTheMeaningOfEachColumn) {
    EXPECT_EQ(create_table(kDice.facts, kDice.columns()),
              "CREATE TABLE dice (  -- for a test\n"
              "    thrown INTEGER PRIMARY KEY,  -- how often\n"
              "    weight_kg REAL,\n"
              "    state INTEGER NOT NULL  -- as of an order: 0 working, 1 filled, 2 cancelled, "
              "3 expired, 4 rejected\n"
              ") STRICT;\n\n");
}

TEST(TableSql, ReadsBackWhatItInsertsAndChangesOnlyWhatChanges) {
    const TemporaryDirectory directory;
    auto database = *Database::open(directory.file(), OpenMode::create, 100);
    ASSERT_FALSE(database.execute(create_table(kDice.facts, kDice.columns())).has_error());
    auto insert = prepare_insert(database, kDice.facts, kDice.columns());
    ASSERT_FALSE(insert.has_error()) << insert.error().text;
    const Slice slice;
    const auto put = [&](const std::vector<Dice>& rows) {
        Place place(slice);
        return insert->write(rows, [&](RowBinder& binder, const Dice& row, std::size_t) {
            kDice.put(binder, row, place);
        });
    };
    ASSERT_FALSE(
        put({{3, 0.5, OrderState::filled}, {4, kUnknown, OrderState::expired}}).has_error());
    ASSERT_FALSE(put({{3, 9.5, OrderState::rejected}}).has_error());
    Cursor rows(database, select_rows(kDice.facts, kDice.columns()) + " ORDER BY thrown");
    ASSERT_TRUE(rows.live());
    EXPECT_EQ(kDice.difference({3, 0.5, OrderState::rejected},
                               kDice.get(rows.row(), kFirstColumn, slice)),
              "");
    rows.next();
    ASSERT_TRUE(rows.live());
    EXPECT_TRUE(rows.is_null(2));
    const Dice read = kDice.get(rows.row(), kFirstColumn, slice);
    EXPECT_EQ(kDice.difference({4, kUnknown, OrderState::expired}, read), "");
    EXPECT_EQ(kDice.difference({4, 0.25, OrderState::expired}, read),
              "weight_kg was 0.25 and is unknown");
}

TEST(TableSql, ListsEachColumnOnceAndNoTableTwice) {
    std::set<std::string> tables;
    for (const TableShape& shape : table_shapes()) {
        EXPECT_TRUE(tables.insert(shape.facts.name).second) << shape.facts.name;
        std::set<std::string> columns;
        for (const Column& column : shape.columns) {
            EXPECT_TRUE(columns.insert(column.name).second) << shape.facts.name << column.name;
            const bool scaled = std::string(column.name).ends_with("_e8");
            EXPECT_EQ(scaled, column.kind == Kind::scaled) << shape.facts.name << column.name;
        }
    }
    EXPECT_EQ(tables.size(), 15U);
}

}  // namespace
}  // namespace paperd::storage
