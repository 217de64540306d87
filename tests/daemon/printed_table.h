// CSV as the program prints it, and as the reference wrote it.
#pragma once

#include <string>
#include <vector>

namespace paperd::support {

struct PrintedTable {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;  // as many fields as columns

    // The column's place; the test fails where there is none.
    [[nodiscard]] std::size_t column(const std::string& name) const;
};

PrintedTable parse_table(const std::string& text);

// Every column of `expected` is in `actual`, in the same rows: columns of `exact` as text, the
// others undefined (empty) exactly where expected and else within `tolerance` of
// max(|expected|, the column's median magnitude), or of 1 where `absolute`.
struct Closeness {
    double tolerance = 1e-9;
    bool absolute = false;
};

void expect_column(const PrintedTable& actual, const PrintedTable& expected,
                   const std::string& column, Closeness closeness);
void expect_same_text(const PrintedTable& actual, const PrintedTable& expected,
                      const std::string& column);

}  // namespace paperd::support
