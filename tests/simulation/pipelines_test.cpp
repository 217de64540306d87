// Strategies of every shape with the reference's modules: a forecaster under the veto of a regime
// classifier, a horizon of five returns, a pair, and a universe that decides by the month. Each is
// run whole and stopped over and over, and verified with the model files gone.
#include <cmath>
#include <filesystem>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "daemon/engine/run_plan.h"
#include "daemon/engine/verify.h"
#include "storage/queries.h"
#include "strategy/features/pairs.h"
#include "tests/strategy/random_bars.h"
#include "tests/support/jobs.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"
#include "tests/support/runs.h"
#include "tests/support/tables.h"

#ifdef PAPERD_WITH_TORCH
namespace paperd::daemon {
namespace {

namespace fs = std::filesystem;

// What a module's description says; the rest is what every one of them has.
struct Module {
    std::string name;  // of the golden module
    std::string interval = "1d";
    std::string features{};
    std::vector<std::string> columns{};
    int sequence_length = 30;
    std::string group = "symbol";
    std::vector<std::string> outputs{};
    std::string transform{};
    std::string positions{};
    std::string more{};      // further lines
    double feature_std = 1;  // of each column
    std::vector<std::string> trained_symbols = {"SYNTH_A"};
};

std::string quoted(const std::vector<std::string>& texts) {
    return texts.empty() ? "[]" : fmt::format("[\"{}\"]", fmt::join(texts, "\", \""));
}

class Pipelines : public testing::Test {
protected:
    // Puts the module and its description where a job finds them; gives its path.
    std::string put(const Module& m) {
        fs::copy(support::golden_path(fmt::format("synthetic/model_{}.ts", m.name)),
                 dir_.path(m.name + ".ts"));
        const std::vector<double> mean(m.columns.size(), 0);
        const std::vector<double> spread(m.columns.size(), m.feature_std);
        support::write_file(
            dir_.path(m.name + ".yaml"),
            fmt::format("architecture: \"window\"\ninterval: \"{}\"\nfeatures: \"{}\"\n"
                        "columns: {}\nsequence_length: {}\ngroup: \"{}\"\noutputs: {}\n"
                        "transform: \"{}\"\npositions: \"{}\"\n{}"
                        "feature_mean: [{:.1f}]\nfeature_std: [{}]\n"
                        "target_mean: 0.0\ntarget_std: 0.02\ntrained_symbols: {}\n"
                        "trained_from: \"2010-01-04\"\ntrained_until: \"2012-12-31\"\n",
                        m.interval, m.features, quoted(m.columns), m.sequence_length, m.group,
                        quoted(m.outputs), m.transform, m.positions, m.more, fmt::join(mean, ", "),
                        fmt::join(spread, ", "), quoted(m.trained_symbols)));
        return dir_.path(m.name + ".ts");
    }

    static std::string job(const Universe& symbols, const std::string& model,
                           const std::string& strategy) {
        return fmt::format(
            "market:\n  symbols: [{}]\n  interval: 1d\n  calendar: always_open\n  bars: {}\n"
            "  warmup_bars: 150\n"
            "model:\n  path: {}\n"
            "strategy:\n  kind: model\n  allow_short: true\n  use_regime_filter: false\n"
            "  gross_budget: 1\n{}"
            "execution:\n  edge_to_cost_min: 0\n"
            "storage:\n  checkpoint_slices: 40\nserver:\n  enabled: false\n",
            fmt::join(symbols, ", "), support::golden_path("synthetic"), model, strategy);
    }

    // Whole and in parts; the tables are the same, and verify needs no file but the database.
    void run_and_verify(const std::string& yaml, const Universe& symbols,
                        const std::vector<Slice>& slices, std::size_t part) {
        const RunPlan plan = support::plan_for(yaml, symbols);
        ASSERT_TRUE(support::run_some(plan, db(), slices, slices.size()));
        for (std::size_t i = 0; i < slices.size(); i += part) {
            ASSERT_TRUE(support::run_some(plan, dir_.path("parts.db"), slices, part)) << i;
        }
        EXPECT_EQ(support::trading_tables(db()), support::trading_tables(dir_.path("parts.db")));
        EXPECT_EQ(support::differing_tables(db(), dir_.path("parts.db")), "");
        for (const auto& entry : fs::directory_iterator(dir_.root())) {
            if (entry.path().extension() == ".ts" || entry.path().extension() == ".yaml") {
                fs::remove(entry.path());
            }
        }
        std::ostringstream said;
        const auto verified = verify_database(db(), {.replay = true, .progress = {}}, said);
        ASSERT_FALSE(verified.has_error()) << verified.error().text;
        EXPECT_TRUE(*verified) << said.str();
        read_decisions(slices);
    }

    // Decisions by reason, with orders among them.
    void read_decisions(const std::vector<Slice>& slices) {
        std::ostringstream csv;
        ASSERT_FALSE(storage::print_query(db(), "decisions", {}, storage::OutputFormat::csv, csv)
                         .has_error());
        decisions_ = csv.str();
        ASSERT_GT(std::ranges::count(decisions_, '\n'), static_cast<long>(slices.size() / 2));
    }

    [[nodiscard]] long count(std::string_view reason) const {
        long found = 0;
        for (std::size_t at = decisions_.find(reason); at != std::string::npos;
             at = decisions_.find(reason, at + 1)) {
            ++found;
        }
        return found;
    }

    [[nodiscard]] std::string db() const { return dir_.path("whole.db"); }

    support::TempDir dir_;
    std::string decisions_;
};

const Universe kPairSymbols = {"SYNTH_A", "SYNTH_B"};

std::vector<Slice> golden_slices(std::size_t count) {
    Universe symbols;
    auto slices = support::slices_of(support::hybrid_job(), symbols);
    slices.resize(std::min(slices.size(), count));
    return slices;
}

Module seq2seq() {
    return {.name = "seq2seq",
            .features = "attention",
            .columns = {"log_return"},
            .outputs = {"return_1", "return_2", "return_3", "return_4", "return_5"},
            .transform = "scaled_return",
            .positions = "horizon",
            .feature_std = 0.012};
}

Module regime() {
    return {.name = "regime",
            .features = "regime_labels",
            .columns = {"returns", "rolling_return", "rolling_vol"},
            .outputs = {"p_bear", "p_low_vol", "p_bull", "p_high_vol"},
            .transform = "softmax",
            .feature_std = 0.01};
}

TEST_F(Pipelines, FiveReturnsAreTradedByTheirMeanABar) {
    const std::string model = put(seq2seq());
    run_and_verify(job(kPairSymbols, model, "  positions: default\n"), kPairSymbols,
                   golden_slices(330), 11);
    EXPECT_GT(count(",ordered,"), 10);
    EXPECT_GT(support::row_count(db(), "model_outputs"), 300);
}

TEST_F(Pipelines, AForecasterIsVetoedByTheRegimeClassifier) {
    const std::string forecaster = put(seq2seq());
    const std::string overlay = put(regime());
    // The classifier is not trained: its probabilities stay about what its biases say, so that a
    // threshold within their range vetoes some slices and lets others pass.
    run_and_verify(job(kPairSymbols, forecaster,
                       fmt::format("  positions: attention\n  overlays: [{{rule: regime_veto, "
                                   "model: {}}}]\n  veto_above: 0.44\n",
                                   overlay)),
                   kPairSymbols, golden_slices(330), 13);
    EXPECT_GT(count(",overlay_veto,"), 0) << "of " << count(",ordered,") << " that were ordered";
    EXPECT_GT(count(",ordered,"), 0);
    EXPECT_EQ(support::row_count(db(), "models"), 2);
}

TEST_F(Pipelines, APairIsLongOneLegAndShortTheOther) {
    const auto slices = golden_slices(330);
    std::vector<double> first;
    std::vector<double> second;
    for (const Slice& slice : slices) {
        if (slice.warmup && slice.bars.size() == 2) {
            first.push_back(slice.bars[0].close.to_double() * slice.bars[0].factor());
            second.push_back(slice.bars[1].close.to_double() * slice.bars[1].factor());
        }
    }
    const strategy::PairScalers fit = strategy::fit_pair(first, second);
    const std::string model =
        put({.name = "pairs",
             .features = "pairs",
             .columns = {"spread", "z_score", "z_score_lag1", "spread_lag1", "rolling_mean",
                         "rolling_std", "volatility"},
             .sequence_length = 7,
             .group = "pair",
             .outputs = {"p_revert"},
             .transform = "sigmoid",
             .positions = "pair",
             .more = fmt::format("pairs: [\"SYNTH_A/SYNTH_B\"]\npair_window: 7\n"
                                 "pair_scalers: [{}, {}, {}, {}, {}, {}]\n",
                                 fit.first_mean, fit.first_std, fit.second_mean, fit.second_std,
                                 fit.spread_mean, fit.spread_std),
             .trained_symbols = kPairSymbols});
    run_and_verify(job(kPairSymbols, model,
                       "  pairs: [SYNTH_A/SYNTH_B]\n  revert_entry: 0.5\n  revert_exit: 0.48\n"),
                   kPairSymbols, slices, 17);
    EXPECT_GT(count(",ordered,"), 3);
    EXPECT_GT(count(",signal_gated,"), 0);
}

TEST_F(Pipelines, AUniverseDecidesByTheMonthOnDailyBars) {
    Universe symbols;
    std::vector<std::string> columns;
    std::vector<std::vector<Bar>> bars;
    for (std::size_t i = 0; i < 7; ++i) {
        symbols.push_back(fmt::format("SYM{}", i + 1));
        columns.push_back(symbols.back() + ".log_return");
        bars.push_back(strategy::random_bars(static_cast<unsigned>(i), 700, symbol_id(i)));
    }
    std::vector<Slice> slices;
    for (std::size_t t = 0; t < bars[0].size(); ++t) {
        std::vector<Bar> of_slice;
        for (const auto& series : bars) {
            of_slice.push_back(series[t]);
        }
        slices.push_back(strategy::slice_of(static_cast<std::int64_t>(t) + 1, of_slice));
        slices.back().last_of_session = true;
        slices.back().warmup = t < 150;
    }
    const std::string model = put({.name = "multi_asset",
                                   .interval = "1mo",
                                   .features = "attention",
                                   .columns = columns,
                                   .sequence_length = 12,
                                   .group = "universe",
                                   .outputs = {"return_1"},
                                   .transform = "scaled_return",
                                   .positions = "allocation",
                                   .more = "per_member: true\n",
                                   .feature_std = 0.08,
                                   .trained_symbols = symbols});
    run_and_verify(job(symbols, model, "  vol_target: 0.05\n"), symbols, slices, 31);
    EXPECT_GT(count(",between_bars,"), 3000);
    EXPECT_GT(count(",ordered,"), 5);
    // One row a month, once twelve monthly returns are there.
    EXPECT_NEAR(static_cast<double>(support::row_count(db(), "model_outputs")), 10, 2);
}

}  // namespace
}  // namespace paperd::daemon
#endif
