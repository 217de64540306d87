#include "storage/row_printer.h"

#include <algorithm>
#include <utility>

#include "execution/types/json_text.h"

namespace paperd::storage {
namespace {

// Display columns of UTF-8 text: bytes that begin a character.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

void append_csv(std::string& line, const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        line += text;
        return;
    }
    line += '"';
    for (const char c : text) {
        line += c;
        if (c == '"') {
            line += '"';
        }
    }
    line += '"';
}

}  // namespace

RowPrinter::RowPrinter(std::vector<OutputColumn> columns, OutputFormat format, std::ostream& out)
    : columns_(std::move(columns)), format_(format), out_(out) {
    for (const OutputColumn& column : columns_) {
        widths_.push_back(width(column.name));
    }
}

void RowPrinter::measure(const std::vector<Cell>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        widths_[i] = std::max(widths_[i], cells[i] ? width(*cells[i]) : 1);
    }
}

void RowPrinter::begin() {
    if (format_ == OutputFormat::json) {
        out_ << "[";
        return;
    }
    std::vector<Cell> names;
    names.reserve(columns_.size());
    for (const OutputColumn& column : columns_) {
        names.emplace_back(column.name);
    }
    if (format_ == OutputFormat::csv) {
        print_csv(names);
    } else {
        print_table(names);
    }
}

void RowPrinter::print(const std::vector<Cell>& cells) {
    if (rows_ == 0) {
        begin();
    }
    switch (format_) {
        case OutputFormat::table:
            print_table(cells);
            break;
        case OutputFormat::csv:
            print_csv(cells);
            break;
        case OutputFormat::json:
            print_json(cells);
            break;
    }
    ++rows_;
}

void RowPrinter::finish() {
    if (rows_ == 0) {
        begin();
        if (format_ == OutputFormat::table) {
            out_ << "(no rows)\n";
        }
    }
    if (format_ == OutputFormat::json) {
        out_ << (rows_ == 0 ? "]\n" : "\n]\n");
    }
}

void RowPrinter::print_table(const std::vector<Cell>& cells) {
    line_.clear();
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string text = cells[i].value_or("-");
        const std::size_t used = width(text);
        const std::size_t pad = widths_[i] > used ? widths_[i] - used : 0;
        line_ += i == 0 ? "" : "  ";
        line_.append(columns_[i].numeric ? pad : 0, ' ');
        line_ += text;
        line_.append(columns_[i].numeric || i + 1 == cells.size() ? 0 : pad, ' ');
    }
    out_ << line_ << '\n';
}

void RowPrinter::print_csv(const std::vector<Cell>& cells) {
    line_.clear();
    for (std::size_t i = 0; i < cells.size(); ++i) {
        line_ += i == 0 ? "" : ",";
        append_csv(line_, cells[i].value_or(""));
    }
    out_ << line_ << '\n';
}

void RowPrinter::print_json(const std::vector<Cell>& cells) {
    line_ = rows_ == 0 ? "\n  {" : ",\n  {";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        line_ += i == 0 ? "" : ", ";
        append_json_string(line_, columns_[i].name);
        line_ += ": ";
        if (!cells[i]) {
            line_ += "null";
        } else if (columns_[i].numeric) {
            line_ += *cells[i];
        } else {
            append_json_string(line_, *cells[i]);
        }
    }
    out_ << line_ << '}';
}

}  // namespace paperd::storage
