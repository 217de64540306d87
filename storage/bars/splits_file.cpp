#include "storage/bars/splits_file.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "execution/types/symbol_name.h"
#include "storage/bars/csv_lines.h"

namespace paperd::storage {
namespace {

constexpr std::size_t kErrorsShown = 20;
constexpr std::string_view kHeader = "symbol,ex_date,ratio";

// One side of a ratio, at scale 1e-8.
Result<std::int64_t> parse_side(std::string_view text) {
    TRY_LET(const auto raw, parse_scaled(text));
    if (raw <= 0) {
        return fail("'" + std::string(text) + "' is not above 0");
    }
    return raw;
}

Result<void> parse_ratio(std::string_view text, Split& split) {
    const std::size_t slash = text.find('/');
    TRY_LET(std::int64_t new_shares, parse_side(text.substr(0, slash)));
    std::int64_t old_shares = kScale;
    if (slash != std::string_view::npos) {
        TRY_LET(old_shares, parse_side(text.substr(slash + 1)));
    }
    const std::int64_t common = std::gcd(new_shares, old_shares);
    split.new_shares = new_shares / common;
    split.old_shares = old_shares / common;
    if (split.new_shares == split.old_shares) {
        return fail("a ratio of 1 is no split");
    }
    if (std::max(split.new_shares, split.old_shares) > kSplitSharesMax) {
        return fail("'" + std::string(text) + "' is " + std::to_string(split.new_shares) +
                    " new shares for " + std::to_string(split.old_shares) +
                    " old ones, and neither may be above " + std::to_string(kSplitSharesMax) +
                    "; write a fraction, as 1/3 for 0.33333333");
    }
    return {};
}

Result<SplitRow> parse_row(std::span<const std::string_view> fields) {
    if (fields.size() != 3) {
        return fail("has " + std::to_string(fields.size()) + " fields, and " +
                    std::string(kHeader) + " are needed");
    }
    SplitRow row;
    row.symbol = fields[0];
    if (!is_symbol_name(row.symbol)) {
        return fail("'" + row.symbol + "' is no symbol's name");
    }
    TRY_LET(row.split.ex_date, parse_day(fields[1]));
    TRY(parse_ratio(fields[2], row.split));
    return row;
}

}  // namespace

Result<std::vector<SplitRow>> parse_splits(TextSource& text, const std::string& path) {
    CsvLines lines(text, path);
    std::vector<SplitRow> rows;
    std::set<std::pair<std::string, Day>> seen;
    std::string errors;
    std::size_t count = 0;
    const auto complain = [&](const std::string& what) {
        if (count++ < kErrorsShown) {
            errors += (errors.empty() ? "" : "\n") + path + ":" + std::to_string(lines.number()) +
                      ": " + what;
        }
    };
    if (!lines.next()) {
        return lines.problem()
                   ? *lines.problem()
                   : fail(path + ": is empty; its first line is " + std::string(kHeader),
                          ErrorKind::usage);
    }
    if (lines.line() != kHeader) {
        complain("the header is '" + std::string(lines.line()) + "'; it must be " +
                 std::string(kHeader));
    }
    while (lines.next()) {
        auto row = parse_row(lines.fields());
        if (row.has_error()) {
            complain(row.error().text + "; a row is like AAPL,2020-08-31,4");
        } else if (!seen.emplace(row->symbol, row->split.ex_date).second) {
            complain(row->symbol + " has a split on " + day_text(row->split.ex_date) +
                     " already; leave one out");
        } else {
            rows.push_back(std::move(*row));
        }
    }
    if (lines.problem()) {
        return *lines.problem();
    }
    if (count > kErrorsShown) {
        errors += "\nand " + std::to_string(count - kErrorsShown) + " more bad rows";
    }
    if (count > 0) {
        return fail(std::move(errors), ErrorKind::usage);
    }
    return rows;
}

Result<std::vector<SplitRow>> read_splits(const std::string& path) {
    TRY_LET(const auto text, open_text_file(path));
    return parse_splits(*text, path);
}

void attach_splits(std::vector<SplitRow> rows, const Universe& symbols,
                   std::vector<Slice>& slices) {
    std::map<SymbolId, std::vector<Split>> waiting;  // by symbol, the latest first
    for (SplitRow& row : rows) {
        const auto found = std::ranges::find(symbols, row.symbol);
        if (found != symbols.end()) {
            row.split.symbol = symbol_id(static_cast<std::size_t>(found - symbols.begin()));
            waiting[row.split.symbol].push_back(row.split);
        }
    }
    for (auto& [symbol, splits] : waiting) {
        std::ranges::sort(splits, std::ranges::greater{}, &Split::ex_date);
    }
    std::set<SymbolId> begun;  // had a bar before
    for (Slice& slice : slices) {
        for (const Bar& bar : slice.bars) {
            const auto found = bar.synthetic ? waiting.end() : waiting.find(bar.symbol);
            if (found == waiting.end()) {
                continue;
            }
            std::vector<Split>& splits = found->second;
            const bool old_shares = !begun.insert(bar.symbol).second;
            for (; !splits.empty() && splits.back().ex_date <= slice.day; splits.pop_back()) {
                if (old_shares) {
                    slice.splits.push_back(splits.back());
                }
            }
        }
    }
}

}  // namespace paperd::storage
