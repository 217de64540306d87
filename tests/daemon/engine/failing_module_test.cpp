// Users' TorchScript modules that go wrong while the run is on: the run stops at that slice, with a
// word on what to do, and nothing absurd is traded.
#include <cmath>

#include <gtest/gtest.h>

#include "storage/database.h"
#include "tests/daemon/said.h"
#include "tests/support/jobs.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"
#include "tests/support/runs.h"

#ifdef PAPERD_WITH_TORCH
#include "tests/strategy/models/script_modules.h"

namespace paperd::daemon {
namespace {

using support::golden_path;

// The hybrid job with a module of these lines, which leave (d, m, u) of a batch x and may stop.
class FailingModule : public testing::Test {
protected:
    std::string job(const std::string& lines) {
        const auto module = test::script_module(
            "def step(self, x: Tensor, h: Tensor, history: Tensor, dt: float) -> "
            "Tuple[Tensor, Tensor, Tensor, Tensor]:\n"
            "    d, m, u = x[:, 0], x[:, 0].abs(), x[:, 0].exp()\n" +
            lines + "    return d, m, u, h\n");
        support::write_file(dir_.path("m.ts"),
                            {reinterpret_cast<const char*>(module.data()), module.size()});
        support::write_file(dir_.path("m.yaml"),
                            support::read_file(golden_path("synthetic/module_hybrid.yaml")));
        return support::exchanged(support::hybrid_job(), golden_path("synthetic/module_hybrid.ts"),
                                  dir_.path("m.ts"));
    }

    support::TempDir dir_;
};

TEST_F(FailingModule, StopsTheEngineAtItsSliceForGood) {
    for (const std::string& end : {std::string("assert False, \"no threes\""),
                                   std::string("d = x.mean().reshape([1])")}) {
        SCOPED_TRACE(end);
        Universe symbols;
        const std::string yaml = job("    if bool((x > 3).any()):\n        " + end + "\n");
        const auto slices = support::slices_of(yaml, symbols);
        const auto engine = make_engine(support::plan_for(yaml, symbols));
        ASSERT_FALSE(engine.has_error()) << engine.error().text;
        std::size_t at = 0;
        while (at < slices.size() && !(*engine)->on_slice(slices[at]).has_error()) {
            ++at;
        }
        ASSERT_GT(at, 30U) << "it began to predict";
        ASSERT_LT(at, slices.size());
        const auto again = (*engine)->on_slice(slices[at]);
        ASSERT_TRUE(again.has_error());
        const std::string& said = again.error().text;
        EXPECT_TRUE(said.starts_with("slice " + std::to_string(at + 1) + " (")) << said;
        EXPECT_NE(said.find("TorchScript module failed"), std::string::npos) << said;
        EXPECT_EQ((*engine)->on_slice(slices[at + 1]).error().text, said);
    }
}

TEST_F(FailingModule, LeavesNothingOfItsSliceInTheDatabase) {
    support::write_file(
        dir_.path("job.yaml"),
        job("    if bool((x > 3).any()):\n        assert False, \"no threes\"\n"));
    const std::string db = dir_.path("a.db");
    const auto done = support::run_paperd(
        {"replay", "-c", dir_.path("job.yaml"), "--from", "2018-06-01", "--db", db});
    EXPECT_EQ(done.exit_code, 1) << done.err;
    for (const char* part : {"slice ", "no threes", "name another model"}) {
        EXPECT_NE(done.err.find(part), std::string::npos) << done.err;
    }
    auto database = storage::Database::open(db, storage::OpenMode::read_only, 1000);
    ASSERT_FALSE(database.has_error());
    auto last = database->prepare("SELECT max(slice_id) FROM slices");
    ASSERT_TRUE(*last->step());
    const std::string next = std::to_string(last->column_int(0) + 1);
    EXPECT_NE(done.err.find("slice " + next + " ("), std::string::npos) << done.err;
}

TEST_F(FailingModule, WhosePredictionsNoMarketMakesTradesNothing) {
    Universe symbols;
    const std::string yaml = job("    m = m + 8e30\n");
    const auto slices = support::slices_of(yaml, symbols);
    const auto engine = make_engine(support::plan_for(yaml, symbols));
    ASSERT_FALSE(engine.has_error()) << engine.error().text;
    std::size_t refused = 0;
    for (std::size_t i = 0; i < 150; ++i) {
        const auto step = (*engine)->on_slice(slices.at(i));
        ASSERT_FALSE(step.has_error()) << step.error().text;
        EXPECT_TRUE(step->orders.empty());
        for (const Decision& decision : step->decisions) {
            refused += decision.signal.reason == Reason::implausible_prediction ? 1U : 0U;
        }
    }
    EXPECT_GT(refused, 50U);
}

// Its inputs were defined, so they are not to blame; and no kill switch is thrown for it.
TEST_F(FailingModule, WhosePredictionsAreNoNumbersTradesNothingAndSaysWhy) {
    for (const char* const number : {"m = m + float('nan')", "m = m + float('inf')",
                                     "d = d + float('nan')", "u = u + float('inf')"}) {
        SCOPED_TRACE(number);
        Universe symbols;
        const std::string yaml = job("    " + std::string(number) + "\n");
        const auto slices = support::slices_of(yaml, symbols);
        const auto engine = make_engine(support::plan_for(yaml, symbols));
        ASSERT_FALSE(engine.has_error()) << engine.error().text;
        std::size_t refused = 0;
        for (std::size_t i = 0; i < 150; ++i) {
            const auto step = (*engine)->on_slice(slices.at(i));
            ASSERT_FALSE(step.has_error()) << step.error().text;
            EXPECT_TRUE(step->orders.empty());
            EXPECT_EQ(step->trading_state, TradingState::active);
            for (const Decision& decision : step->decisions) {
                EXPECT_TRUE(std::isnan(decision.signal.prediction));
                refused += decision.signal.reason == Reason::prediction_not_finite ? 1U : 0U;
            }
        }
        EXPECT_GT(refused, 50U);
    }
}

}  // namespace
}  // namespace paperd::daemon
#endif
