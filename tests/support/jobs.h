// Small jobs that need nothing but the repository: the synthetic market with a model-free strategy,
// and the golden synthetic daily bars with the hybrid.
#pragma once

#include <string>
#include <vector>

#include "execution/types/slice.h"

namespace paperd::support {

// Minute bars of three synthetic symbols for `days` sessions, sma_cross with shorts.
std::string synthetic_job(int days, const std::string& more = {});

// Daily bars of SYNTH_A and SYNTH_B (tests/golden/synthetic) with the hybrid module stepped over
// them.
std::string hybrid_job(const std::string& more = {});

// What a run stored, as text that must not differ between two runs of the same thing: trades,
// orders, positions, equity, decisions, and the last state hash.
std::string trading_tables(const std::string& db_path);

// The slices of a job's synthetic market, or of the golden daily bars.
std::vector<Slice> slices_of(const std::string& yaml, Universe& symbols);

}  // namespace paperd::support
