// `paperd predict` against what PyTorch says of the same module, as printed.
#include <gtest/gtest.h>

#include "strategy/models/model.h"
#include "tests/daemon/printed_table.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

#ifdef PAPERD_WITH_TORCH
namespace paperd {
namespace {

void expect_golden(const std::string& folder, const std::string& name, const std::string& bars,
                   std::vector<std::string> more) {
    SCOPED_TRACE(name);
    const std::string model = folder + "/" + name + ".ts";
    const auto bundle = strategy::read_bundle(model);
    ASSERT_FALSE(bundle.has_error()) << bundle.error().text;
    const auto facts = strategy::bundle_facts(*bundle);
    ASSERT_FALSE(facts.has_error()) << facts.error().text;
    std::vector<std::string> arguments = {"predict", "--model", model, "--bars", bars};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = support::run_paperd(arguments);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const auto actual = support::parse_table(result.out);
    const auto expected = support::parse_table(support::read_file(folder + "/" + name + ".csv"));
    EXPECT_EQ(actual.columns, expected.columns);
    support::expect_same_text(actual, expected, "date");
    support::expect_same_text(actual, expected, "symbol");
    support::expect_column(actual, expected, "prediction",
                           {.tolerance = 1e-5 * facts->target_std, .absolute = true});
    for (std::size_t c = 3; c < expected.columns.size(); ++c) {
        support::expect_column(actual, expected, expected.columns[c],
                               {.tolerance = 1e-5, .absolute = true});
    }
}

TEST(PredictCommand, PrintsTheReferenceOnSyntheticBars) {
    const std::string folder = support::golden_path("synthetic");
    for (const char* name : {"module_attention", "module_hybrid"}) {
        expect_golden(folder, name, folder, {"--symbols", "SYNTH_A"});
    }
}

TEST(PredictCommand, PrintsTheReferenceOnRealBars) {
    PAPERD_NEEDS_SHARED(bars, "data/daily");
    PAPERD_NEEDS_SHARED(folder, "golden/AAPL");
    for (const char* name : {"module_attention", "module_hybrid"}) {
        expect_golden(folder, name, bars,
                      {"--symbols", "AAPL", "--from", "2015-01-01", "--to", "2024-12-31"});
    }
}

TEST(PredictCommand, GivesASymbolTheSameAloneAndAmongOthersButForRounding) {
    const std::string folder = support::golden_path("synthetic");
    const std::vector<std::string> common = {"predict", "--model", folder + "/module_hybrid.ts",
                                             "--bars",  folder,    "--symbols"};
    auto alone = common;
    alone.emplace_back("SYNTH_A");
    auto both = common;
    both.emplace_back("SYNTH_A,SYNTH_B");
    const auto one = support::parse_table(support::run_paperd(alone).out);
    const auto two = support::parse_table(support::run_paperd(both).out);
    support::PrintedTable of_one{.columns = two.columns, .rows = {}};
    for (const auto& row : two.rows) {
        if (row[1] == "SYNTH_A") {
            of_one.rows.push_back(row);
        }
    }
    ASSERT_FALSE(one.rows.empty());
    EXPECT_GT(two.rows.size(), one.rows.size());
    // A batch of another size may round otherwise, no more.
    support::expect_same_text(of_one, one, "date");
    for (std::size_t c = 2; c < one.columns.size(); ++c) {
        support::expect_column(of_one, one, one.columns[c], {.tolerance = 1e-6, .absolute = true});
    }
}

}  // namespace
}  // namespace paperd
#endif
