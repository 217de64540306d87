// No look-ahead: poisoning every later row (x10, absurd volume) changes nothing earlier, at every
// tenth bar.
#include <gtest/gtest.h>

#include "config/loader.h"
#include "daemon/engine/run_plan.h"
#include "tests/support/jobs.h"
#include "tests/support/paths.h"
#include "tests/support/poison.h"

namespace paperd::daemon {
namespace {

std::unique_ptr<Engine> engine_for(const std::string& yaml, const Universe& symbols) {
    auto config = config::parse_config(yaml, "test.yaml", {.check_files = false});
    auto plan = plan_run(*config, symbols, RunMode::replay, "", "");
    EXPECT_FALSE(plan.has_error()) << (plan.has_error() ? plan.error().text : "");
    auto engine = make_engine(*plan);
    EXPECT_FALSE(engine.has_error()) << (engine.has_error() ? engine.error().text : "");
    return std::move(*engine);
}

std::vector<std::uint64_t> hashes(Engine& engine, const std::vector<Slice>& slices) {
    std::vector<std::uint64_t> all;
    for (const Slice& slice : slices) {
        auto step = engine.on_slice(slice);
        EXPECT_FALSE(step.has_error()) << (step.has_error() ? step.error().text : "");
        all.push_back(step->state_hash);
    }
    return all;
}

// The state's hash after bar t must be the same whatever comes after t. Only two bars after each
// poisoned place are run: what changes earlier hashes would show there.
void check_poisoned(const std::string& yaml, std::size_t length) {
    Universe symbols;
    std::vector<Slice> slices = support::slices_of(yaml, symbols);
    slices.resize(std::min(slices.size(), length));
    const auto clean = hashes(*engine_for(yaml, symbols), slices);
    for (std::size_t cut = 10; cut < slices.size(); cut += 10) {
        std::vector<Slice> poisoned(
            slices.begin(),
            slices.begin() + static_cast<std::ptrdiff_t>(std::min(cut + 2, slices.size())));
        for (std::size_t i = cut; i < poisoned.size(); ++i) {
            for (Bar& bar : poisoned[i].bars) {
                bar = support::poisoned(bar, support::Poison::times_ten);
            }
        }
        const auto dirty = hashes(*engine_for(yaml, symbols), poisoned);
        for (std::size_t i = 0; i < cut; ++i) {
            ASSERT_EQ(clean[i], dirty[i]) << "bar " << i << " knew of bar " << cut;
        }
        ASSERT_NE(clean[cut], dirty[cut]);
    }
}

// NaN in everything the model says from a tenth slice on: what was before does not change, and what
// comes after is a reason, never an order of that size.
void check_poisoned_predictions(const std::string& yaml, std::size_t length) {
    Universe symbols;
    std::vector<Slice> slices = support::slices_of(yaml, symbols);
    slices.resize(std::min(slices.size(), length));
    const auto clean = hashes(*engine_for(yaml, symbols), slices);
    const auto engine = engine_for(yaml, symbols);
    const std::vector<std::byte> fresh = engine->save();
    std::size_t refused = 0;
    for (std::size_t cut = 10; cut < slices.size(); cut += 10) {
        ASSERT_FALSE(engine->load(fresh).has_error());
        engine->adopt_outputs = [cut](const Slice& slice, std::size_t /*model*/,
                                      strategy::ModelOutputs& outputs) {
            if (slice.id > static_cast<std::int64_t>(cut)) {
                std::ranges::fill(outputs.values, std::numeric_limits<double>::quiet_NaN());
            }
        };
        for (std::size_t i = 0; i < std::min(cut + 5, slices.size()); ++i) {
            const auto step = engine->on_slice(slices[i]);
            ASSERT_FALSE(step.has_error()) << step.error().text;
            if (i < cut) {
                ASSERT_EQ(step->state_hash, clean[i]) << "slice " << i + 1 << " knew of " << cut;
                continue;
            }
            for (const Decision& decision : step->decisions) {
                ASSERT_NE(decision.reason, Reason::none);
                ASSERT_NE(decision.reason, Reason::ordered);
                ASSERT_TRUE(std::isfinite(decision.approved_weight));
                refused += decision.reason == Reason::not_finite ? 1U : 0U;
            }
        }
    }
    EXPECT_GT(refused, 20U);
}

}  // namespace

TEST(LookAhead, LaterBarsChangeNothingEarlier) { check_poisoned(support::synthetic_job(2), 300); }

#ifdef PAPERD_WITH_TORCH
TEST(LookAhead, LaterBarsChangeNothingEarlierWithTheHybrid) {
    check_poisoned(support::hybrid_job(), 260);
}

TEST(LookAhead, LaterPredictionsThatAreNoNumbersChangeNothingEarlier) {
    check_poisoned_predictions(support::hybrid_job(), 260);
}
#endif

TEST(LookAhead, ABarThatMakesNoSenseIsRefusedAndChangesNothing) {
    Universe symbols;
    const std::string yaml = support::synthetic_job(1);
    const std::vector<Slice> slices = support::slices_of(yaml, symbols);
    auto engine = engine_for(yaml, symbols);
    ASSERT_FALSE(engine->on_slice(slices[0]).has_error());
    const std::uint64_t before = engine->state_hash();
    Slice bad = slices[1];
    bad.bars[0].volume = std::numeric_limits<double>::quiet_NaN();
    EXPECT_TRUE(engine->on_slice(bad).has_error());
    bad = slices[1];
    bad.bars[0].high = bad.bars[0].low - Price::whole(1);
    EXPECT_TRUE(engine->on_slice(bad).has_error());
    bad = slices[1];
    bad.closed_at = slices[0].closed_at;
    EXPECT_TRUE(engine->on_slice(bad).has_error());
    EXPECT_EQ(engine->state_hash(), before);
    EXPECT_FALSE(engine->on_slice(slices[1]).has_error());
}

}  // namespace paperd::daemon
