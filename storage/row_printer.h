// Rows as an aligned table, CSV (RFC 4180) or JSON (an array of objects). Rows go straight through;
// only the table looks at them twice, to measure its columns.
#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "storage/queries.h"

namespace paperd::storage {

struct OutputColumn {
    std::string name;
    bool numeric = false;  // right-aligned; unquoted in JSON
};

// Empty: unknown (CSV: nothing, JSON: null, table: "-").
using Cell = std::optional<std::string>;

class RowPrinter {
public:
    RowPrinter(std::vector<OutputColumn> columns, OutputFormat format, std::ostream& out);

    // Table only: call it with every row before the first print().
    void measure(const std::vector<Cell>& cells);

    [[nodiscard]] bool wants_measuring() const { return format_ == OutputFormat::table; }

    void print(const std::vector<Cell>& cells);
    // The header where no row came, and the end.
    void finish();

private:
    void begin();
    void print_table(const std::vector<Cell>& cells);
    void print_csv(const std::vector<Cell>& cells);
    void print_json(const std::vector<Cell>& cells);

    std::vector<OutputColumn> columns_;
    OutputFormat format_;
    std::ostream& out_;
    std::vector<std::size_t> widths_;
    std::size_t rows_ = 0;
    std::string line_;
};

}  // namespace paperd::storage
