#include "daemon/engine/step_hash.h"

#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include <xxhash.h>

#include "storage/rows.h"

namespace paperd::daemon {
namespace {

// Stored values are gathered as 64-bit words and hashed in one go: padding bytes of structs never
// enter.
class Words {
public:
    void add(std::int64_t value) { words_.push_back(static_cast<std::uint64_t>(value)); }

    // Every NaN is the same "unknown", and -0 is 0, as the database has them.
    void add(double value) {
        words_.push_back(std::isnan(value) ? ~0ULL : std::bit_cast<std::uint64_t>(value + 0.0));
    }

    void add(const std::optional<std::int64_t>& value) {
        add(value.value_or(std::numeric_limits<std::int64_t>::min()));
    }

    void add(std::string_view text) {
        words_.push_back(text.size());
        words_.push_back(XXH3_64bits(text.data(), text.size()));
    }

    void add(std::span<const double> values) {
        words_.push_back(values.size());
        for (const double value : values) {
            add(value);
        }
    }

    void clear() { words_.clear(); }

    [[nodiscard]] std::uint64_t hash() const {
        return XXH3_64bits(words_.data(), words_.size() * sizeof(std::uint64_t));
    }

private:
    std::vector<std::uint64_t> words_;
};

template <class Tables, class Owner>
void add_tables(Words& words, const Tables& tables, const Owner& owner) {
    storage::each_table(tables, [&](const auto& rows) {
        const auto& all = rows.of(owner);
        using Row = typename std::remove_cvref_t<decltype(all)>::value_type;
        if constexpr (!std::is_same_v<Row, Incident>) {
            words.add(static_cast<std::int64_t>(all.size()));
            for (const Row& row : all) {
                rows.table.hash(words, row);
            }
        }
    });
}

}  // namespace

std::uint64_t step_hash(std::uint64_t before, const Slice& slice, const Step& step,
                        const execution::Portfolio& portfolio) {
    static thread_local Words words;
    words.clear();
    // In the place of the hash that is being made: the one before.
    storage::SliceRow row = storage::slice_row(slice, step, slice.closed_at + slice.late);
    row.state_hash = before;
    storage::kSlices.hash(words, row);
    add_tables(words, storage::kSliceTables, slice);
    add_tables(words, storage::kStepTables, step);
    storage::kEquity.hash(words, step.equity);
    for (std::size_t i = 0; i < portfolio.symbols(); ++i) {
        const Position& position = portfolio.position(symbol_id(i));
        if (position.quantity.raw() != 0 || position.realized.raw() != 0) {
            words.add(static_cast<std::int64_t>(i));
            words.add(position.quantity.raw());
            words.add(position.cost.raw());
            words.add(position.realized.raw());
        }
    }
    return words.hash();
}

}  // namespace paperd::daemon
