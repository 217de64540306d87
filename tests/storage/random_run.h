// A made-up run of rich, random slices that obey every law of storage/laws.h: the same seed gives
// the same run. A small account of its own keeps the books, so that the journal is not tested
// against code that shares its mistakes.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "execution/types/step.h"
#include "storage/journal.h"

namespace paperd::storage {

struct RandomSlice {
    Slice slice;
    Step step;
};

struct RandomRun {
    RunHeader header;
    std::vector<RandomSlice> slices;
    std::vector<Order> orders;  // as they ended
};

RunHeader random_header(std::uint64_t seed, std::size_t symbols);

// The first fifth of the slices is warm-up.
RandomRun random_run(std::uint64_t seed, std::size_t symbols, std::size_t slices);

// Commits all of it, with a checkpoint every five slices, and finishes.
Result<void> store(Journal& journal, const RandomRun& run);

}  // namespace paperd::storage
