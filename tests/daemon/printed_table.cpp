#include "tests/daemon/printed_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/csv.h"

namespace paperd::support {
namespace {

double number(const std::string& text) {
    double value = std::nan("");
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    EXPECT_TRUE(error == std::errc() && end == text.data() + text.size())
        << "'" << text << "' is no number";
    return value;
}

}  // namespace

std::size_t PrintedTable::column(const std::string& name) const {
    const auto found = std::ranges::find(columns, name);
    EXPECT_NE(found, columns.end()) << name;
    return found == columns.end() ? 0 : static_cast<std::size_t>(found - columns.begin());
}

PrintedTable parse_table(const std::string& text) {
    std::istringstream in(text);
    std::string line;
    std::getline(in, line);
    PrintedTable table;
    table.columns = fields_of(line);
    while (std::getline(in, line)) {
        table.rows.push_back(fields_of(line));
        EXPECT_EQ(table.rows.back().size(), table.columns.size()) << line;
        table.rows.back().resize(table.columns.size());
    }
    return table;
}

void expect_same_text(const PrintedTable& actual, const PrintedTable& expected,
                      const std::string& column) {
    const std::size_t in_actual = actual.column(column);
    const std::size_t in_expected = expected.column(column);
    ASSERT_EQ(actual.rows.size(), expected.rows.size());
    for (std::size_t r = 0; r < expected.rows.size(); ++r) {
        ASSERT_EQ(actual.rows[r][in_actual], expected.rows[r][in_expected]) << "row " << r;
    }
}

void expect_column(const PrintedTable& actual, const PrintedTable& expected,
                   const std::string& column, Closeness closeness) {
    SCOPED_TRACE(column);
    const std::size_t in_actual = actual.column(column);
    const std::size_t in_expected = expected.column(column);
    ASSERT_EQ(actual.rows.size(), expected.rows.size());
    std::vector<double> sizes;
    for (const auto& row : expected.rows) {
        if (!row[in_expected].empty()) {
            sizes.push_back(std::abs(number(row[in_expected])));
        }
    }
    ASSERT_FALSE(sizes.empty());
    std::ranges::sort(sizes);
    const double median = sizes[sizes.size() / 2];
    for (std::size_t r = 0; r < expected.rows.size(); ++r) {
        const std::string& want = expected.rows[r][in_expected];
        const std::string& got = actual.rows[r][in_actual];
        ASSERT_EQ(got.empty(), want.empty()) << expected.rows[r][0];
        if (!want.empty()) {
            const double size = closeness.absolute ? 1.0 : std::max(std::abs(number(want)), median);
            ASSERT_NEAR(number(got), number(want), closeness.tolerance * size)
                << expected.rows[r][0];
        }
    }
}

}  // namespace paperd::support
