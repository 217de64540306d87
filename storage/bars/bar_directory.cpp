#include "storage/bars/bar_directory.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "storage/bars/bar_fields.h"
#include "storage/bars/dump_names.h"

namespace paperd::storage {
namespace {

namespace fs = std::filesystem;

struct Entry {
    std::string name;
    bool directory = false;
};

// In name order: the order that a file system gives is no order.
Result<std::vector<Entry>> list(const std::string& directory) {
    std::vector<Entry> entries;
    std::error_code problem;
    for (fs::directory_iterator it(directory, problem), end; !problem && it != end;
         it.increment(problem)) {
        std::error_code ignored;  // an entry that cannot be looked at is no directory
        entries.push_back({it->path().filename().string(), it->is_directory(ignored)});
    }
    if (problem) {
        return fail(directory + ": cannot be listed (" + problem.message() +
                    "); check the path and its permissions");
    }
    std::ranges::sort(entries, {}, &Entry::name);
    return entries;
}

constexpr std::string_view kSuffix = ".csv";

// Each once: a symbol may have many files, and "A-B.csv" comes before "A.csv", but "A" before
// "A-B".
std::vector<std::string> in_name_order(std::vector<std::string> symbols) {
    std::ranges::sort(symbols);
    const auto repeated = std::ranges::unique(symbols);
    symbols.erase(repeated.begin(), repeated.end());
    return symbols;
}

// An entry that looks like a symbol's and is named like none is not passed over in silence.
Result<void> check_name(const std::string& directory, const std::string& name) {
    std::string fault;
    if (!check_symbol(name, fault)) {
        return fail(directory + ": has bars of which " + fault +
                    "; rename the entry, or name the symbols to use");
    }
    return {};
}

}  // namespace

Result<std::vector<std::string>> list_daily_symbols(const std::string& directory) {
    TRY_LET(const auto entries, list(directory));
    std::vector<std::string> symbols;
    for (const Entry& entry : entries) {
        if (entry.directory) {
            continue;
        }
        if (const auto dump = dump_name(entry.name)) {
            if (dump->interval == BarInterval::day_1) {
                symbols.push_back(dump->symbol);
                TRY(check_name(directory, symbols.back()));
            }
        } else if (entry.name.ends_with(kSuffix) && entry.name.size() > kSuffix.size()) {
            symbols.push_back(entry.name.substr(0, entry.name.size() - kSuffix.size()));
            TRY(check_name(directory, symbols.back()));
        }
    }
    return in_name_order(std::move(symbols));
}

Result<std::vector<std::string>> list_intraday_symbols(const std::string& directory,
                                                       BarInterval interval) {
    TRY_LET(const auto entries, list(directory));
    std::vector<std::string> symbols;
    for (const Entry& entry : entries) {
        if (!entry.directory) {
            if (const auto dump = dump_name(entry.name); dump && dump->interval == interval) {
                TRY(check_name(directory, dump->symbol));
                symbols.push_back(dump->symbol);
            }
            continue;
        }
        TRY_LET(const auto days, list_intraday_days(directory, entry.name));
        TRY_LET(const auto dumps, dump_paths(directory, entry.name, interval));
        if (!days.empty() || !dumps.empty()) {
            TRY(check_name(directory, entry.name));
            symbols.push_back(entry.name);
        }
    }
    return in_name_order(std::move(symbols));
}

Result<std::vector<Day>> list_intraday_days(const std::string& directory,
                                            const std::string& symbol) {
    const std::string folder = directory + "/" + symbol;
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) {
        return std::vector<Day>();
    }
    TRY_LET(const auto entries, list(folder));
    std::vector<Day> days;
    for (const Entry& entry : entries) {
        const std::string_view name = entry.name;
        if (entry.directory || !name.ends_with(kSuffix)) {
            continue;
        }
        const auto day = parse_day(name.substr(0, name.size() - kSuffix.size()));
        if (day.has_value()) {
            days.push_back(*day);
        }
    }
    return days;  // ascending, because the names are
}

Result<std::vector<std::string>> dump_paths(const std::string& directory, const std::string& symbol,
                                            BarInterval interval) {
    std::vector<std::string> paths;
    for (const std::string& folder : {directory, directory + "/" + symbol}) {
        std::error_code ignored;
        if (!fs::is_directory(folder, ignored)) {
            continue;
        }
        TRY_LET(const auto entries, list(folder));
        for (const Entry& entry : entries) {
            if (!entry.directory && dump_name(entry.name) == DumpName{symbol, interval}) {
                paths.push_back(folder + "/" + entry.name);
            }
        }
    }
    return paths;
}

std::string daily_path(const std::string& directory, const std::string& symbol) {
    return directory + "/" + symbol + std::string(kSuffix);
}

std::string intraday_path(const std::string& directory, const std::string& symbol, Day day) {
    return directory + "/" + symbol + "/" + day_text(day) + std::string(kSuffix);
}

}  // namespace paperd::storage
