#include "storage/bars/history.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <limits>
#include <set>
#include <system_error>
#include <utility>

#include "storage/bars/bar_directory.h"
#include "storage/bars/slices.h"

namespace paperd::storage {
namespace {

constexpr std::size_t kErrorsShown = 20;      // files, in an error
constexpr std::size_t kSpansShown = 10;       // symbols, in an error
constexpr std::chrono::days kWarmupReach{7};  // how far back intraday warm-up looks

// What was read so far: the universe's bars in its order, and every file's complaint.
struct Reading {
    std::vector<SymbolBars> symbols;
    std::vector<BadRow> bad_rows;
    std::int64_t out_of_session = 0;
    std::vector<Error> errors;
    std::map<std::string, std::pair<Day, Day>> spans;  // first and last day of a symbol's files
    std::map<std::string, std::vector<std::string>> forms;  // of vendors: the names of their files

    void widen(const std::string& symbol, Day first, Day last) {
        const auto [at, fresh] = spans.try_emplace(symbol, first, last);
        at->second.first = std::min(at->second.first, first);
        at->second.second = std::max(at->second.second, last);
    }

    void take(SymbolBars& symbol, const std::string& path, Result<ReadBars> read) {
        if (read.has_error()) {
            errors.push_back(read.error());
            return;
        }
        if (!read->form.empty()) {
            forms[read->form].push_back(std::filesystem::path(path).filename().string());
        }
        if (!symbol.bars.empty() && !read->bars.empty() &&
            read->bars.front().bar.closed_at <= symbol.bars.back().bar.closed_at) {
            errors.push_back(fail(path + ": begins before the file before it ends (" +
                                  timestamp_text(symbol.bars.back().bar.closed_at) +
                                  "); keep one file for each day"));
            return;
        }
        add(symbol, std::move(*read));
    }

    void add(SymbolBars& symbol, ReadBars read) {
        if (!read.bars.empty()) {
            widen(symbol.symbol, read.bars.front().day, read.bars.back().day);
        }
        if (symbol.bars.empty()) {
            symbol.bars = std::move(read.bars);
        } else {
            symbol.bars.insert(symbol.bars.end(), read.bars.begin(), read.bars.end());
        }
        std::ranges::move(read.bad_rows, std::back_inserter(bad_rows));
        out_of_session += read.out_of_session;
    }
};

Error join(const std::vector<Error>& errors) {
    std::string text;
    for (std::size_t i = 0; i < std::min(errors.size(), kErrorsShown); ++i) {
        text += (i == 0 ? "" : "\n") + errors[i].text;
    }
    if (errors.size() > kErrorsShown) {
        text += "\nand " + std::to_string(errors.size() - kErrorsShown) + " more bad files";
    }
    return fail(std::move(text));
}

bool exists(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

Result<void> read_daily_directory(const HistoryRequest& request, const Calendar& calendar,
                                  Reading& reading) {
    std::vector<std::string> names = request.symbols;
    if (names.empty()) {
        TRY_LET(auto found, list_daily_symbols(request.path));
        names = std::move(found);
    }
    for (const std::string& name : names) {
        SymbolBars& symbol = reading.symbols.emplace_back(name, std::vector<ReadBar>());
        std::vector<std::string> paths = {daily_path(request.path, name)};
        if (!exists(paths[0])) {
            TRY_LET(paths, dump_paths(request.path, name, BarInterval::day_1));
        }
        for (const std::string& path : paths) {
            reading.take(symbol, path, read_daily_bars(path, calendar, request.options));
        }
    }
    return {};
}

Result<void> read_panel_file(const HistoryRequest& request, const Calendar& calendar,
                             Reading& reading) {
    TRY_LET(auto panel, read_panel(request.path, calendar, request.options, request.symbols));
    std::ranges::sort(panel, {}, &PanelSymbol::name);
    std::vector<std::string> names = request.symbols;
    if (names.empty()) {
        std::ranges::transform(panel, std::back_inserter(names), &PanelSymbol::name);
    }
    for (const std::string& name : names) {
        SymbolBars& symbol = reading.symbols.emplace_back(name, std::vector<ReadBar>());
        const auto found = std::ranges::lower_bound(panel, name, {}, &PanelSymbol::name);
        if (found != panel.end() && found->name == name) {
            reading.add(symbol, std::move(found->read));
        }
    }
    return {};
}

bool in_span(const HistoryRequest& request, Day day) {
    return (!request.from || day >= *request.from) && (!request.to || day <= *request.to);
}

// The days before `from` that warm up: the last `warmup_days` of the week before on which any
// symbol has a file.
std::set<Day> warmup_days(const HistoryRequest& request,
                          const std::vector<std::vector<Day>>& days_of) {
    std::set<Day> days;
    if (!request.from || request.warmup_days <= 0) {
        return days;
    }
    for (const std::vector<Day>& symbol_days : days_of) {
        for (const Day day : symbol_days) {
            if (day < *request.from && day >= *request.from - kWarmupReach) {
                days.insert(day);
            }
        }
    }
    while (days.size() > static_cast<std::size_t>(request.warmup_days)) {
        days.erase(days.begin());
    }
    return days;
}

// A symbol's bars from files of many days each: those of the span, and as many days before it as
// warm up.
Result<void> read_dumps(const HistoryRequest& request, const Calendar& calendar, SymbolBars& symbol,
                        Reading& reading) {
    TRY_LET(const auto paths, dump_paths(request.path, symbol.symbol, request.interval));
    for (const std::string& path : paths) {
        reading.take(symbol, path,
                     read_intraday_bars(path, request.interval, calendar, request.options));
    }
    std::set<Day> days;
    for (const ReadBar& bar : symbol.bars) {
        days.insert(bar.day);
    }
    const std::set<Day> warmup = warmup_days(request, {std::vector<Day>(days.begin(), days.end())});
    std::erase_if(symbol.bars, [&](const ReadBar& bar) {
        return !in_span(request, bar.day) && !warmup.contains(bar.day);
    });
    return {};
}

Result<void> read_intraday_directory(const HistoryRequest& request, const Calendar& calendar,
                                     Reading& reading) {
    std::vector<std::string> names = request.symbols;
    if (names.empty()) {
        TRY_LET(auto found, list_intraday_symbols(request.path, request.interval));
        names = std::move(found);
    }
    std::vector<std::vector<Day>> days_of;
    for (const std::string& name : names) {
        TRY_LET(auto days, list_intraday_days(request.path, name));
        if (!days.empty()) {
            reading.widen(name, days.front(), days.back());
        }
        days_of.push_back(std::move(days));
    }
    const auto asked = [&](Day day) { return in_span(request, day); };
    if (request.symbols.empty()) {
        for (std::size_t i = names.size(); i-- > 0;) {
            // Of a vendor's files the days are seen when they are read.
            if (!days_of[i].empty() && std::ranges::none_of(days_of[i], asked)) {
                names.erase(names.begin() + static_cast<std::ptrdiff_t>(i));
                days_of.erase(days_of.begin() + static_cast<std::ptrdiff_t>(i));
            }
        }
    }
    const std::set<Day> warmup = warmup_days(request, days_of);
    for (std::size_t i = 0; i < names.size(); ++i) {
        SymbolBars& symbol = reading.symbols.emplace_back(names[i], std::vector<ReadBar>());
        for (const Day day : days_of[i]) {
            if (!asked(day) && !warmup.contains(day)) {
                continue;
            }
            const std::string path = intraday_path(request.path, names[i], day);
            reading.take(symbol, path,
                         read_intraday_bars(path, request.interval, calendar, request.options));
        }
        if (days_of[i].empty()) {
            TRY(read_dumps(request, calendar, symbol, reading));
        }
    }
    return {};
}

Result<void> check_request(const HistoryRequest& request) {
    if (request.interval > BarInterval::day_1) {
        return fail("bar files hold bars of a day at most, not of " +
                        std::string(bar_interval_name(request.interval)) + "; ask for 1d",
                    ErrorKind::usage);
    }
    if (request.from && request.to && *request.from > *request.to) {
        return fail("the span begins on " + day_text(*request.from) + ", after its end on " +
                        day_text(*request.to) + "; exchange the two dates",
                    ErrorKind::usage);
    }
    if (request.symbols.size() > kMaxSymbols) {
        return fail(std::to_string(request.symbols.size()) + " symbols are more than the " +
                        std::to_string(kMaxSymbols) + " that a run can hold",
                    ErrorKind::usage);
    }
    std::set<std::string_view> seen;
    for (const std::string& symbol : request.symbols) {
        if (!seen.insert(symbol).second) {
            return fail("the symbol " + symbol + " is asked for twice; name it once",
                        ErrorKind::usage);
        }
    }
    return {};
}

Result<void> read_files(const HistoryRequest& request, const Calendar& calendar, Reading& reading) {
    if (!exists(request.path)) {
        return fail(request.path +
                        ": there is no such file or directory; check the path of the "
                        "bars",
                    ErrorKind::usage);
    }
    std::error_code ignored;
    if (std::filesystem::is_directory(request.path, ignored)) {
        return !is_intraday(request.interval) ? read_daily_directory(request, calendar, reading)
                                              : read_intraday_directory(request, calendar, reading);
    }
    if (is_intraday(request.interval)) {
        return fail(request.path +
                        ": is a file; intraday bars are read from a directory with a "
                        "folder for each symbol, which has a file for each day",
                    ErrorKind::usage);
    }
    return read_panel_file(request, calendar, reading);
}

// Cuts off what lies after the span, and notes which symbols have no bar in it: they are missing
// when they were asked for, and otherwise not part of the universe.
std::vector<std::string> cut(const HistoryRequest& request, std::vector<SymbolBars>& symbols) {
    std::vector<std::string> missing;
    for (SymbolBars& symbol : symbols) {
        if (request.to) {
            const auto after =
                std::ranges::upper_bound(symbol.bars, *request.to, {}, &ReadBar::day);
            symbol.bars.erase(after, symbol.bars.end());
        }
        // Ascending: the last bar is in the span, or none is.
        if (symbol.bars.empty() || !in_span(request, symbol.bars.back().day)) {
            missing.push_back(symbol.symbol);
        }
    }
    if (request.symbols.empty()) {
        std::erase_if(symbols, [&](const SymbolBars& symbol) {
            return std::ranges::binary_search(missing, symbol.symbol);  // both in name order
        });
    }
    return missing;
}

// When each day's session opened, for daily bars.
void note_opens(const Calendar& calendar, std::vector<Slice>& slices) {
    for (Slice& slice : slices) {
        if (const auto session = calendar.session(slice.day)) {
            slice.open_for = slice.closed_at - session->opens_at;
        }
    }
}

Error no_bars(const HistoryRequest& request, const Reading& reading) {
    const std::string wanted = (request.from ? " from " + day_text(*request.from) : std::string()) +
                               (request.to ? " to " + day_text(*request.to) : std::string());
    std::string text = request.path + ": no bars" + wanted;
    if (reading.spans.empty()) {
        return fail(text +
                    ", and no bar file of the symbols asked for; check the path, the "
                    "interval and the symbols");
    }
    if (!reading.bad_rows.empty()) {
        text += " (" + std::to_string(reading.bad_rows.size()) + " bad rows were set aside)";
    }
    if (reading.out_of_session > 0) {
        text += " (" + std::to_string(reading.out_of_session) +
                " lie outside the session: extended_hours keeps those)";
    }
    text += "; the files have";
    std::size_t shown = 0;
    for (const auto& [symbol, span] : reading.spans) {
        if (shown == kSpansShown) {
            text += ", and " + std::to_string(reading.spans.size() - shown) + " symbols more";
            break;
        }
        text += (shown++ == 0 ? " " : ", ") + symbol + " " + day_text(span.first) + " to " +
                day_text(span.second);
    }
    return fail(std::move(text));
}

}  // namespace

Result<History> read_history(const HistoryRequest& request, const Calendar& calendar) {
    TRY(check_request(request));
    Reading reading;
    TRY(read_files(request, calendar, reading));
    if (!reading.errors.empty()) {
        return join(reading.errors);
    }
    std::vector<std::string> missing = cut(request, reading.symbols);
    const bool all_missing = !request.symbols.empty() && missing.size() == reading.symbols.size();
    if (all_missing || reading.symbols.empty()) {
        return no_bars(request, reading);
    }
    if (reading.symbols.size() > kMaxSymbols) {
        return fail(request.path + ": holds " + std::to_string(reading.symbols.size()) +
                    " symbols, more than the " + std::to_string(kMaxSymbols) +
                    " that a run can hold; name the ones to use");
    }
    // Intraday warm-up is already as long as it may be: it was chosen by files.
    const auto warmup_slices = !is_intraday(request.interval)
                                   ? static_cast<std::size_t>(std::max(request.warmup_bars, 0))
                                   : std::numeric_limits<std::size_t>::max();
    History history;
    history.slices = make_slices(reading.symbols, request.from, warmup_slices);
    if (!is_intraday(request.interval)) {
        note_opens(calendar, history.slices);
    }
    for (SymbolBars& symbol : reading.symbols) {
        history.symbols.push_back(std::move(symbol.symbol));
    }
    history.bad_rows = std::move(reading.bad_rows);
    history.out_of_session = reading.out_of_session;
    for (const auto& [form, files] : reading.forms) {
        const std::string others =
            files.size() > 1 ? " and " + std::to_string(files.size() - 1) + " more" : "";
        history.foreign.push_back(files.front() + others + (others.empty() ? " is" : " are") +
                                  " of " + form);
    }
    if (!request.symbols.empty()) {
        history.missing = std::move(missing);
    }
    return history;
}

}  // namespace paperd::storage
