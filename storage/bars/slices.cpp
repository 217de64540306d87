#include "storage/bars/slices.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace paperd::storage {
namespace {

struct Instant {
    Timestamp closed_at;
    Day day{};
    bool last_of_session = false;
    std::size_t bar_count = 0;
};

bool earlier(const Instant& a, const Instant& b) { return a.closed_at < b.closed_at; }

// Every instant at which a bar closes, ascending, with the number of its bars. Symbols of one
// market share most instants, so merging one symbol after the other is nearly a walk in step.
std::vector<Instant> all_instants(const std::vector<SymbolBars>& symbols) {
    std::vector<Instant> instants;
    std::vector<Instant> merged;
    for (const SymbolBars& symbol : symbols) {
        merged.clear();
        merged.reserve(instants.size() + symbol.bars.size());
        auto known = instants.cbegin();
        for (const ReadBar& read : symbol.bars) {
            const Instant at{.closed_at = read.bar.closed_at,
                             .day = read.day,
                             .last_of_session = read.last_of_session,
                             .bar_count = 1};
            while (known != instants.cend() && earlier(*known, at)) {
                merged.push_back(*known++);
            }
            merged.push_back(at);
            if (known != instants.cend() && known->closed_at == at.closed_at) {
                merged.back().bar_count += known->bar_count;
                ++known;
            }
        }
        merged.insert(merged.end(), known, instants.cend());
        std::swap(instants, merged);
    }
    return instants;
}

}  // namespace

std::vector<Slice> make_slices(const std::vector<SymbolBars>& symbols, std::optional<Day> from,
                               std::size_t warmup_slices) {
    std::vector<Instant> instants = all_instants(symbols);
    if (from) {
        const auto first = std::ranges::lower_bound(instants, *from, {}, &Instant::day);
        const auto before = static_cast<std::size_t>(first - instants.begin());
        instants.erase(instants.begin(),
                       first - static_cast<std::ptrdiff_t>(std::min(before, warmup_slices)));
    }
    std::vector<Slice> slices(instants.size());
    for (std::size_t i = 0; i < instants.size(); ++i) {
        slices[i].id = static_cast<std::int64_t>(i) + 1;
        slices[i].closed_at = instants[i].closed_at;
        slices[i].day = instants[i].day;
        slices[i].warmup = from && instants[i].day < *from;
        slices[i].last_of_session = instants[i].last_of_session;
        slices[i].bars.reserve(instants[i].bar_count);
    }
    for (std::size_t i = 0; i < symbols.size(); ++i) {
        auto slice = slices.begin();
        for (const ReadBar& read : symbols[i].bars) {
            while (slice != slices.end() && slice->closed_at < read.bar.closed_at) {
                ++slice;
            }
            // Bars before the first slice kept match none.
            if (slice != slices.end() && slice->closed_at == read.bar.closed_at) {
                slice->bars.push_back(read.bar);
                slice->bars.back().symbol = symbol_id(i);
            }
        }
    }
    return slices;
}

}  // namespace paperd::storage
