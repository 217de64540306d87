#include "storage/bars/bar_header.h"

#include <algorithm>
#include <array>
#include <optional>

#include "execution/types/printable.h"

namespace paperd::storage {
namespace {

constexpr std::size_t kHeaderShown = 80;  // bytes of a wrong header, in a message

struct Format {
    BarFileKind kind;
    std::string_view header;
    std::string_view name;
};

constexpr std::array kFormats = {
    Format{BarFileKind::daily, "date,open,high,low,close,adj_close,volume", "daily bars"},
    Format{BarFileKind::intraday, "timestamp,open,high,low,close,volume", "intraday bars"},
    Format{BarFileKind::panel, "date,open,high,low,close,volume,Name", "a panel"}};

const Format& format_of(BarFileKind kind) { return kFormats.at(static_cast<std::size_t>(kind)); }

std::optional<Format> format_with(std::string_view header) {
    const auto* const found = std::ranges::find(kFormats, header, &Format::header);
    return found == kFormats.end() ? std::nullopt : std::optional(*found);
}

// What the first bytes say of an encoding that is not ours; empty where they say nothing.
std::string encoding_fault(std::string_view line) {
    if (line.starts_with("PAR1")) {
        return "the file is Parquet, which is not read; write it as CSV, e.g. with pandas: "
               "read_parquet(...).to_csv(...)";
    }
    if (line.starts_with("\xEF\xBB\xBF")) {
        return "the file begins with a byte order mark; save it as UTF-8 without one";
    }
    const bool marked = line.starts_with("\xFF\xFE") || line.starts_with("\xFE\xFF");
    // ASCII in UTF-16 is a NUL in every other byte.
    if (marked || line.find('\0') != std::string_view::npos) {
        return std::string(marked ? "the file is UTF-16"
                                  : "the header holds NUL bytes, as that of a UTF-16 file does") +
               "; bars are UTF-8: save the file so, or use iconv -f UTF-16 -t UTF-8";
    }
    return {};
}

// A line to read, in an encoding that can be read.
Result<void> begin(CsvLines& lines, const std::string& path, std::string_view expected) {
    if (!lines.next()) {
        return lines.problem() ? *lines.problem()
                               : fail(path + ": the file is empty; a bar file begins with " +
                                      in_quotes(expected));
    }
    const std::string fault = encoding_fault(lines.line());
    if (!fault.empty()) {
        return fail(path + ":1: " + fault);
    }
    return {};
}

std::string found_text(const std::string& path, std::string_view line) {
    return path + ":1: the header is " + in_quotes(line.substr(0, kHeaderShown)) +
           (line.size() > kHeaderShown ? " ..." : "");
}

}  // namespace

std::string_view bar_header(BarFileKind kind) { return format_of(kind).header; }

Result<void> read_header(CsvLines& lines, const std::string& path, BarFileKind kind) {
    const Format& expected = format_of(kind);
    TRY(begin(lines, path, expected.header));
    if (lines.line() != expected.header) {
        const auto other = format_with(lines.line());
        return fail(
            found_text(path, lines.line()) +
            (other ? ", that of " + std::string(other->name) : "") + ", expected " +
            in_quotes(expected.header) + ", that of " + std::string(expected.name) + "; " +
            (other ? "name a file of the kind that is needed" : "name and order the columns so"));
    }
    const std::size_t bytes = lines.line().size() + 1;
    if (!lines.has_more()) {
        return lines.problem() ? *lines.problem()
                               : fail(path + ": has a header (" + std::to_string(bytes) +
                                      " bytes) but no bars; fetch the file again or remove it");
    }
    return {};
}

Result<BarFileKind> read_any_header(CsvLines& lines, const std::string& path) {
    TRY(begin(lines, path, kFormats[0].header));
    const auto format = format_with(lines.line());
    if (format) {
        return format->kind;
    }
    std::string expected;
    for (const Format& one : kFormats) {
        expected += (expected.empty() ? " " : ", or ") + in_quotes(one.header) + " (" +
                    std::string(one.name) + ")";
    }
    return fail(found_text(path, lines.line()) + ", expected" + expected +
                "; name and order the columns so");
}

}  // namespace paperd::storage
