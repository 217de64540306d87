#include "daemon/engine/resumed_bars.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "storage/number_text.h"
#include "storage/stored_run.h"

namespace paperd::daemon {
namespace {

constexpr std::int64_t kChunkSlices = 256;
constexpr const char* kNone = "none";

struct Difference {
    std::string field;
    std::string stored;
    std::string read;
};

std::string yes_no(bool value) { return value ? "yes" : "no"; }

std::optional<Difference> difference(const Bar& stored, const Bar& read) {
    struct PriceField {
        const char* name;
        Price Bar::* price;
    };

    constexpr std::array kPrices = {PriceField{"open", &Bar::open}, PriceField{"high", &Bar::high},
                                    PriceField{"low", &Bar::low}, PriceField{"close", &Bar::close},
                                    PriceField{"adj_close", &Bar::adj_close}};
    for (const PriceField& field : kPrices) {
        if (stored.*field.price != read.*field.price) {
            return Difference{field.name, (stored.*field.price).text(), (read.*field.price).text()};
        }
    }
    if (stored.volume != read.volume) {
        return Difference{"volume", storage::real_text(stored.volume),
                          storage::real_text(read.volume)};
    }
    if (stored.synthetic != read.synthetic) {
        return Difference{"synthetic", yes_no(stored.synthetic), yes_no(read.synthetic)};
    }
    return std::nullopt;
}

std::optional<Difference> difference(const Slice& stored, const Slice& read) {
    if (stored.closed_at != read.closed_at) {
        return Difference{"closing time", timestamp_text(stored.closed_at),
                          timestamp_text(read.closed_at)};
    }
    if (stored.day != read.day) {
        return Difference{"day", day_text(stored.day), day_text(read.day)};
    }
    if (stored.warmup != read.warmup) {
        return Difference{"warm-up", yes_no(stored.warmup), yes_no(read.warmup)};
    }
    if (stored.last_of_session != read.last_of_session) {
        return Difference{"last of session", yes_no(stored.last_of_session),
                          yes_no(read.last_of_session)};
    }
    return std::nullopt;
}

class Comparison {
public:
    Comparison(const std::string& db_path, const Universe& symbols)
        : db_path_(db_path), symbols_(symbols) {}

    [[nodiscard]] Result<void> compare(const Slice& stored, const Slice& read) const {
        if (const auto found = difference(stored, read)) {
            return refuse(stored, "", *found);
        }
        auto a = stored.bars.begin();
        auto b = read.bars.begin();
        while (a != stored.bars.end() || b != read.bars.end()) {
            const bool only_stored =
                b == read.bars.end() || (a != stored.bars.end() && a->symbol < b->symbol);
            const bool only_read =
                !only_stored && (a == stored.bars.end() || b->symbol < a->symbol);
            if (only_stored || only_read) {
                return refuse(stored, name((only_stored ? a : b)->symbol),
                              {"bar", only_stored ? "there" : kNone, only_read ? "there" : kNone});
            }
            if (const auto found = difference(*a, *b)) {
                return refuse(stored, name(a->symbol), *found);
            }
            ++a;
            ++b;
        }
        if (stored.splits != read.splits) {
            return refuse(stored, "",
                          {"a split", splits_text(stored.splits), splits_text(read.splits)});
        }
        return {};
    }

    // What was set aside while reading is stored with the first slice. Of each text only what
    // follows the last slash: the files may lie elsewhere now.
    [[nodiscard]] Result<void> compare_notes(const Slice& first,
                                             std::span<const Incident> incidents) const {
        const auto rest = [](std::string_view text) {
            return std::string(text.substr(text.rfind('/') + 1));
        };
        auto note = first.notes.begin();
        for (const Incident& stored : incidents) {
            const bool from_files =
                std::any_of(kNoteKinds.begin(), kNoteKinds.end(),
                            [&](std::string_view kind) { return kind == stored.kind; });
            if (!from_files) {
                continue;
            }
            if (note == first.notes.end() || note->kind != stored.kind ||
                rest(note->text) != rest(stored.text)) {
                return refuse(
                    first, "",
                    {stored.kind, stored.text, note == first.notes.end() ? kNone : note->text});
            }
            ++note;
        }
        if (note != first.notes.end()) {
            return refuse(first, "", {note->kind, kNone, note->text});
        }
        return {};
    }

    [[nodiscard]] Error too_few(std::int64_t stored, std::size_t read) const {
        return fail(fmt::format("{}: {} slices are stored, and the bar files have only {} in the "
                                "span now; {}",
                                db_path_, stored, read, kRemedy),
                    ErrorKind::usage);
    }

private:
    static constexpr const char* kRemedy =
        "a run cannot go on with other bars: put the files back as they were, or name a new file "
        "with --db";
    static constexpr std::array<std::string_view, 3> kNoteKinds = {"bad_row", "out_of_session",
                                                                   "no_bars"};

    [[nodiscard]] std::string name(SymbolId symbol) const {
        return index(symbol) < symbols_.size() ? symbols_[index(symbol)]
                                               : fmt::format("symbol {}", index(symbol));
    }

    [[nodiscard]] std::string splits_text(const std::vector<Split>& splits) const {
        std::string text;
        for (const Split& split : splits) {
            text += fmt::format("{}{} {} for {}", text.empty() ? "" : ", ", name(split.symbol),
                                split.new_shares, split.old_shares);
        }
        return text.empty() ? kNone : text;
    }

    [[nodiscard]] Error refuse(const Slice& slice, const std::string& symbol,
                               const Difference& what) const {
        return fail(fmt::format("{}: slice {} ({}){}: {} is {} in the database and {} in the bar "
                                "files now; {}",
                                db_path_, slice.id, timestamp_text(slice.closed_at),
                                symbol.empty() ? "" : " " + symbol, what.field, what.stored,
                                what.read, kRemedy),
                    ErrorKind::usage);
    }

    const std::string& db_path_;
    const Universe& symbols_;
};

}  // namespace

Result<void> check_resumed_bars(const std::string& db_path, std::span<const Slice> read,
                                const Universe& symbols) {
    TRY_LET(auto run, storage::StoredRun::open(db_path));
    const std::int64_t last = run->state().last_slice_id;
    if (last == 0) {
        return {};
    }
    const Comparison comparison(db_path, symbols);
    for (std::int64_t first = 1; first <= last; first += kChunkSlices) {
        TRY_LET(auto slices, run->slices(first, std::min(first + kChunkSlices - 1, last)));
        for (const Slice& stored : slices) {
            const auto place = static_cast<std::size_t>(stored.id - 1);
            if (place >= read.size()) {
                return comparison.too_few(last, read.size());
            }
            TRY(comparison.compare(stored, read[place]));
        }
    }
    TRY_LET(const auto first, run->steps(1, 1));
    return first.empty() || read.empty()
               ? Result<void>()
               : comparison.compare_notes(read.front(), first.front().step.incidents);
}

}  // namespace paperd::daemon
