#include "storage/run_row.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "storage/cursor.h"
#include "storage/run_rows.h"
#include "storage/table_sql.h"

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

// "forecaster abc123..., regime_veto def456...".
std::string models_text(const RunHeader& run) {
    std::string text;
    for (const StoredModel& model : run.models) {
        text += (text.empty() ? "" : ", ") + model.role + " " + model.sha256;
    }
    return text;
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

// The row at that place of its list.
template <class Table, class Row>
Result<void> write_row(Database& database, const Table& table, const Row& row, std::size_t at) {
    TRY_LET(auto insert, prepare_insert(database, table.facts, table.columns()));
    const Slice no_slice;
    Place place(no_slice);
    place.at = at;
    return insert.write(std::span(&row, 1), [&](RowBinder& binder, const Row&, std::size_t) {
        table.put(binder, row, place);
    });
}

// Without the bundle's bytes where they are not asked for: it can be megabytes.
Result<std::vector<StoredModel>> read_models(Database& database, bool with_bundle) {
    std::string sql = select_all(kModels.facts, kModels.columns()) + " ORDER BY model_id";
    if (!with_bundle) {
        sql.replace(sql.find(", bundle"), 8, ", x''");
    }
    std::vector<StoredModel> models;
    Cursor rows(database, sql);
    for (; rows.live(); rows.next()) {
        models.push_back(kModels.get(rows.row(), 0, Slice{}));
    }
    TRY(rows.ended());
    return models;
}

Result<Universe> read_instruments(Database& database) {
    Universe symbols;
    Cursor rows(database, "SELECT symbol FROM instruments ORDER BY symbol_id");
    for (; rows.live(); rows.next()) {
        symbols.push_back(rows.text(0));
    }
    TRY(rows.ended());
    return symbols;
}

}  // namespace

Result<void> write_run(Database& database, const RunHeader& run) {
    for (std::size_t i = 0; i < run.models.size(); ++i) {
        TRY(write_row(database, kModels, run.models[i], i));
    }
    TRY(write_row(database, kRuns, run, 0));
    return write_instruments(database, run.symbols);
}

Result<std::optional<RunHeader>> read_run(Database& database, bool with_bundles) {
    const Cursor row(database, select_all(kRuns.facts, kRuns.columns()));
    TRY(row.ended());
    if (!row.live()) {
        return std::optional<RunHeader>();
    }
    RunHeader run = kRuns.get(row.row(), 0, Slice{});
    TRY_LET(run.models, read_models(database, with_bundles));
    TRY_LET(run.symbols, read_instruments(database));
    return std::optional<RunHeader>(std::move(run));
}

Result<RunState> read_state(Database& database) {
    RunState state;
    TRY_LET(const auto complete, database.integer("SELECT complete FROM runs"));
    state.complete = complete != 0;
    const Cursor last(database,
                      "SELECT slice_id, closed_at_ns, state_hash FROM slices "
                      "ORDER BY slice_id DESC LIMIT 1");
    TRY(last.ended());
    if (last.live()) {
        state.fresh = false;
        state.last_slice_id = last.integer(0);
        state.last_closed_at = from_ns(last.integer(1));
        state.last_state_hash = static_cast<std::uint64_t>(last.integer(2));
    }
    const Cursor newest(database,
                        "SELECT slice_id, state FROM checkpoints ORDER BY slice_id DESC LIMIT 1");
    TRY(newest.ended());
    if (newest.live()) {
        state.checkpoint = Checkpoint{newest.integer(0), newest.blob(1)};
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
    setting("models", models_text(stored), models_text(wanted));
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
