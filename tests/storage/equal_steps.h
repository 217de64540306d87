// Column by column of the lists of storage/rows.h: NaN equals NaN, and -0 equals 0, since SQLite
// does not keep its sign.
#pragma once

#include <type_traits>

#include <gtest/gtest.h>

#include "storage/rows.h"

namespace paperd::storage {

template <class Tables, class Owner>
void expect_same_rows(const Tables& tables, const Owner& a, const Owner& b) {
    each_table(tables, [&](const auto& rows) {
        const auto& of_a = rows.of(a);
        const auto& of_b = rows.of(b);
        // Orders are stored as they ended, not as each slice left them.
        if (std::is_same_v<std::remove_cvref_t<decltype(of_a)>, std::vector<Order>>) {
            return;
        }
        ASSERT_EQ(of_a.size(), of_b.size()) << rows.table.facts.name;
        for (std::size_t i = 0; i < of_a.size(); ++i) {
            EXPECT_EQ(rows.table.difference(of_a[i], of_b[i]), "")
                << rows.table.facts.name << " row " << i;
        }
    });
}

inline void expect_same(const Slice& a, const Slice& b) {
    const Step none;
    EXPECT_EQ(kSlices.difference(slice_row(a, none, a.closed_at + a.late),
                                 slice_row(b, none, b.closed_at + b.late)),
              "");
    expect_same_rows(kSliceTables, a, b);
}

inline void expect_same(const Step& a, const Step& b) {
    const Slice none;
    EXPECT_EQ(a.slice_id, b.slice_id);
    EXPECT_EQ(a.warmup, b.warmup);
    EXPECT_EQ(kSlices.difference(slice_row(none, a, {}), slice_row(none, b, {})), "");
    EXPECT_EQ(kEquity.difference(a.equity, b.equity), "");
    expect_same_rows(kStepTables, a, b);
}

}  // namespace paperd::storage
