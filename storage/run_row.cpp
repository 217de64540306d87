#include "storage/run_row.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace paperd::storage {
namespace {

constexpr std::size_t kConfigLinesShown = 20;
constexpr std::size_t kConfigLinesCompared = 2000;

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

// The lines that are not part of a longest common subsequence, "- " of a and "+ " of b.
std::vector<std::string> changed_lines(std::string_view text_a, std::string_view text_b) {
    const auto a = lines_of(text_a);
    const auto b = lines_of(text_b);
    if (a.size() > kConfigLinesCompared || b.size() > kConfigLinesCompared) {
        return {"(the configs are too long to compare here)"};
    }
    const std::size_t width = b.size() + 1;
    std::vector<std::uint16_t> common((a.size() + 1) * width);  // of the tails a[i..], b[j..]
    for (std::size_t i = a.size(); i-- > 0;) {
        for (std::size_t j = b.size(); j-- > 0;) {
            common[i * width + j] =
                a[i] == b[j] ? static_cast<std::uint16_t>(common[(i + 1) * width + j + 1] + 1)
                             : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
        }
    }
    std::vector<std::string> changed;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() || j < b.size()) {
        if (i < a.size() && j < b.size() && a[i] == b[j]) {
            ++i;
            ++j;
        } else if (j == b.size() ||
                   (i < a.size() && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
            changed.push_back("- " + std::string(a[i++]));
        } else {
            changed.push_back("+ " + std::string(b[j++]));
        }
    }
    return changed;
}

std::string shown(const std::string& text) { return text.empty() ? "(none)" : text; }

std::string symbols_differ(const Universe& stored, const Universe& wanted) {
    const auto only_in = [](const Universe& a, const Universe& b) {
        std::string names;
        std::size_t count = 0;
        for (const std::string& name : a) {
            if (std::find(b.begin(), b.end(), name) == b.end()) {
                ++count;
                if (count <= 5) {
                    names += (names.empty() ? "" : ", ") + name;
                }
            }
        }
        return count > 5 ? names + " and " + std::to_string(count - 5) + " more" : shown(names);
    };
    if (std::is_permutation(stored.begin(), stored.end(), wanted.begin(), wanted.end())) {
        return "the same names in another order";
    }
    return "only stored: " + only_in(stored, wanted) +
           "; only asked for: " + only_in(wanted, stored);
}

Result<void> write_instruments(Database& database, const Universe& symbols) {
    TRY_LET(auto insert, database.prepare("INSERT INTO instruments VALUES (?, ?)"));
    for (std::size_t i = 0; i < symbols.size(); ++i) {
        insert.bind_int(1, static_cast<std::int64_t>(i));
        insert.bind_text(2, symbols[i]);
        TRY(insert.run());
    }
    return {};
}

Result<void> write_model(Database& database, const RunHeader& run) {
    TRY_LET(auto insert, database.prepare("INSERT INTO models VALUES (1, ?, ?, ?)"));
    insert.bind_text(1, run.model_sha256);
    insert.bind_text(2, run.model_facts_json);
    insert.bind_blob(3, run.model_bundle);
    return insert.run();
}

}  // namespace

Result<void> write_run(Database& database, const RunHeader& run) {
    const bool with_model = !run.model_sha256.empty();
    if (with_model) {
        TRY(write_model(database, run));
    }
    TRY_LET(
        auto insert,
        database.prepare(
            "INSERT INTO runs (run_id, run_key, mode, version, config_path, config_text, "
            "calendar_version, seed, from_day, to_day, interval_ns, currency, feature_set, "
            "feature_set_hash, fingerprint, model_id) VALUES (1,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
    insert.bind_text(1, run.run_key);
    insert.bind_text(2, run.mode);
    insert.bind_text(3, run.version);
    insert.bind_text(4, run.config_path);
    insert.bind_text(5, run.config_text);
    insert.bind_text(6, run.calendar_version);
    insert.bind_int(7, static_cast<std::int64_t>(run.seed));
    insert.bind_text(8, run.from);
    insert.bind_text(9, run.to);
    insert.bind_int(10, run.interval_ns);
    insert.bind_text(11, run.currency);
    insert.bind_text(12, run.feature_set);
    insert.bind_int(13, static_cast<std::int64_t>(run.feature_set_hash));
    insert.bind_text(14, run.fingerprint);
    if (with_model) {
        insert.bind_int(15, 1);
    } else {
        insert.bind_null(15);
    }
    TRY(insert.run());
    return write_instruments(database, run.symbols);
}

Result<std::optional<RunHeader>> read_run(Database& database, bool with_model) {
    TRY_LET(
        auto select,
        database.prepare(
            "SELECT run_key, mode, version, config_path, config_text, calendar_version, seed, "
            "from_day, to_day, interval_ns, currency, feature_set, feature_set_hash, fingerprint, "
            "sha256, facts, bundle FROM runs LEFT JOIN models USING (model_id)"));
    TRY_LET(const auto row, select.step());
    if (!row) {
        return std::optional<RunHeader>();
    }
    RunHeader run;
    run.run_key = select.column_text(0);
    run.mode = select.column_text(1);
    run.version = select.column_text(2);
    run.config_path = select.column_text(3);
    run.config_text = select.column_text(4);
    run.calendar_version = select.column_text(5);
    run.seed = static_cast<std::uint64_t>(select.column_int(6));
    run.from = select.column_text(7);
    run.to = select.column_text(8);
    run.interval_ns = select.column_int(9);
    run.currency = select.column_text(10);
    run.feature_set = select.column_text(11);
    run.feature_set_hash = static_cast<std::uint64_t>(select.column_int(12));
    run.fingerprint = select.column_text(13);
    run.model_sha256 = select.column_text(14);
    run.model_facts_json = select.column_text(15);
    if (with_model) {
        run.model_bundle = select.column_blob(16);
    }
    TRY_LET(auto symbols, database.prepare("SELECT symbol FROM instruments ORDER BY symbol_id"));
    for (;;) {
        TRY_LET(const auto symbol, symbols.step());
        if (!symbol) {
            return std::optional<RunHeader>(std::move(run));
        }
        run.symbols.push_back(symbols.column_text(0));
    }
}

Result<RunState> read_state(Database& database) {
    RunState state;
    TRY_LET(const auto complete, database.integer("SELECT complete FROM runs"));
    state.complete = complete != 0;
    TRY_LET(auto last, database.prepare("SELECT slice_id, closed_at_ns, state_hash FROM slices "
                                        "ORDER BY slice_id DESC LIMIT 1"));
    auto row = last.step();
    if (row.has_error()) {
        return row.error();
    }
    if (*row) {
        state.fresh = false;
        state.last_slice_id = last.column_int(0);
        state.last_closed_at = from_ns(last.column_int(1));
        state.last_state_hash = static_cast<std::uint64_t>(last.column_int(2));
    }
    TRY_LET(
        auto newest,
        database.prepare("SELECT slice_id, state FROM checkpoints ORDER BY slice_id DESC LIMIT 1"));
    row = newest.step();
    if (row.has_error()) {
        return row.error();
    }
    if (*row) {
        state.checkpoint = Checkpoint{newest.column_int(0), newest.column_blob(1)};
    }
    return state;
}

std::string differences(const RunHeader& stored, const RunHeader& wanted) {
    std::string text;
    const auto setting = [&](const char* name, const std::string& was, const std::string& is) {
        if (was != is) {
            text += std::string("  ") + name + ": " + shown(was) + " stored, " + shown(is) +
                    " asked for\n";
        }
    };
    setting("mode", stored.mode, wanted.mode);
    setting("from", stored.from, wanted.from);
    setting("to", stored.to, wanted.to);
    setting("seed", std::to_string(stored.seed), std::to_string(wanted.seed));
    setting("model sha256", stored.model_sha256, wanted.model_sha256);
    setting("feature set", stored.feature_set, wanted.feature_set);
    setting("feature set hash", std::to_string(stored.feature_set_hash),
            std::to_string(wanted.feature_set_hash));
    setting("bar interval in ns", std::to_string(stored.interval_ns),
            std::to_string(wanted.interval_ns));
    setting("currency", stored.currency, wanted.currency);
    setting("calendar", stored.calendar_version, wanted.calendar_version);
    if (stored.symbols != wanted.symbols) {
        text += "  symbols: " + symbols_differ(stored.symbols, wanted.symbols) + "\n";
    }
    const auto lines = changed_lines(stored.config_text, wanted.config_text);
    if (!lines.empty()) {
        text += "  config (- stored, + asked for):\n";
        for (std::size_t i = 0; i < std::min(lines.size(), kConfigLinesShown); ++i) {
            text += "    " + lines[i] + "\n";
        }
        if (lines.size() > kConfigLinesShown) {
            text += "    and " + std::to_string(lines.size() - kConfigLinesShown) + " more lines\n";
        }
    }
    if (text.empty()) {
        setting("paperd's version", stored.version, wanted.version);
    }
    return text.empty() ? "  the data it was to be made from\n" : text;
}

}  // namespace paperd::storage
