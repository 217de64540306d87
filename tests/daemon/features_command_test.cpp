// `paperd features` against the pandas reference, as printed.
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "tests/daemon/printed_table.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

namespace paperd {
namespace {

using support::PrintedTable;

struct Source {
    std::string bars;
    std::string partner;
    std::string golden;  // folder
    std::vector<std::string> span;
};

PrintedTable features(const Source& source, std::vector<std::string> more) {
    std::vector<std::string> arguments = {"features", "--bars", source.bars};
    arguments.insert(arguments.end(), source.span.begin(), source.span.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = support::run_paperd(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return support::parse_table(result.out);
}

PrintedTable golden(const Source& source, const std::string& name) {
    return support::parse_table(support::read_file(source.golden + "/" + name));
}

void expect_equal(const PrintedTable& actual, const PrintedTable& expected) {
    support::expect_same_text(actual, expected, "date");
    for (std::size_t c = 1; c < expected.columns.size(); ++c) {
        support::expect_column(actual, expected, expected.columns[c], {.tolerance = 1e-9});
    }
}

// A setting of features_pairs.json, as text for the command line.
std::string setting(const Source& source, const std::string& name) {
    const auto json =
        boost::json::parse(support::read_file(source.golden + "/features_pairs.json"));
    const auto& value = json.as_object().at(name);
    return value.is_string() ? std::string(value.as_string()) : boost::json::serialize(value);
}

void expect_goldens(const Source& source) {
    for (const std::string set : {"attention", "indicators", "financial"}) {
        SCOPED_TRACE(set);
        const PrintedTable actual = features(source, {"--set", set});
        const PrintedTable expected = golden(source, "features_" + set + ".csv");
        EXPECT_EQ(actual.columns, expected.columns);
        expect_equal(actual, expected);
    }
    {
        SCOPED_TRACE("regime_labels");
        const PrintedTable actual = features(source, {"--set", "regime_labels"});
        const PrintedTable expected = golden(source, "regime_labels.csv");
        EXPECT_EQ(actual.columns, expected.columns);
        expect_equal(actual, expected);
    }
    {
        SCOPED_TRACE("market_corr");
        expect_equal(features(source, {"--set", "financial", "--partner", source.partner}),
                     golden(source, "features_market_corr.csv"));
    }
    SCOPED_TRACE("pairs");
    const PrintedTable pairs =
        features(source, {"--set", "pairs", "--partner", source.partner, "--train-until",
                          setting(source, "train_until"), "--window", setting(source, "window"),
                          "--threshold", setting(source, "threshold")});
    const PrintedTable expected = golden(source, "features_pairs.csv");
    EXPECT_EQ(pairs.columns, expected.columns);
    expect_equal(pairs, expected);
}

TEST(FeaturesCommand, PrintsTheReferenceOnSyntheticBars) {
    expect_goldens({.bars = support::golden_path("synthetic/SYNTH_A.csv"),
                    .partner = support::golden_path("synthetic/SYNTH_B.csv"),
                    .golden = support::golden_path("synthetic"),
                    .span = {}});
}

TEST(FeaturesCommand, PrintsTheReferenceOnRealBars) {
    PAPERD_NEEDS_SHARED(bars, "data/daily/AAPL.csv");
    PAPERD_NEEDS_SHARED(partner, "data/daily/SPY.csv");
    PAPERD_NEEDS_SHARED(folder, "golden/AAPL");
    expect_goldens({.bars = bars,
                    .partner = partner,
                    .golden = folder,
                    .span = {"--from", "2015-01-01", "--to", "2024-12-31"}});
}

TEST(FeaturesCommand, CutsTheSpanBeforeAnythingIsComputed) {
    const std::string bars = support::golden_path("synthetic/SYNTH_A.csv");
    const auto all = support::run_paperd({"features", "--set", "attention", "--bars", bars});
    const auto some = support::run_paperd({"features", "--set", "attention", "--bars", bars,
                                           "--from", "2018-06-01", "--to", "2018-06-29"});
    const PrintedTable cut = support::parse_table(some.out);
    ASSERT_FALSE(cut.rows.empty());
    EXPECT_EQ(cut.rows.front()[0], "2018-06-01");
    EXPECT_EQ(cut.rows.back()[0], "2018-06-29");
    // Its first row has no bar before it.
    EXPECT_EQ(cut.rows.front()[cut.column("log_return")], "");
    const PrintedTable whole = support::parse_table(all.out);
    EXPECT_GT(whole.rows.size(), cut.rows.size());
}

}  // namespace
}  // namespace paperd
