#include "storage/bars/splits_file.h"

#include <gtest/gtest.h>

#include "tests/storage/bars/scratch.h"

namespace paperd::storage {
namespace {

const std::string kHeader = "symbol,ex_date,ratio\n";

Result<std::vector<SplitRow>> splits(const std::string& rows) {
    return parse_splits(*text_in_memory(kHeader + rows), "s.csv");
}

// "4/1" of the first row.
std::string ratio(const std::string& text) {
    const auto read = splits("AAPL,2020-08-31," + text + "\n");
    if (read.has_error()) {
        return read.error().text;
    }
    const Split& split = read->front().split;
    return std::to_string(split.new_shares) + "/" + std::to_string(split.old_shares);
}

TEST(SplitsFile, RatiosAreNewSharesForOneOldInLowestTerms) {
    EXPECT_EQ(ratio("4"), "4/1");
    EXPECT_EQ(ratio("1.5"), "3/2");
    EXPECT_EQ(ratio("6/4"), "3/2");
    EXPECT_EQ(ratio("0.125"), "1/8");
    EXPECT_EQ(ratio("1/3"), "1/3");
    EXPECT_EQ(ratio("1/30"), "1/30");
    EXPECT_EQ(ratio("1.05"), "21/20");
}

TEST(SplitsFile, RowsInAnyOrderWithOrWithoutALastNewline) {
    const auto read = splits("NVDA,2024-06-10,10\r\nAAPL,2020-08-31,4\nAAPL,2014-06-09,7");
    ASSERT_FALSE(read.has_error()) << read.error().text;
    ASSERT_EQ(read->size(), 3U);
    EXPECT_EQ(read->at(0).symbol, "NVDA");
    EXPECT_EQ(day_text(read->at(2).split.ex_date), "2014-06-09");
    EXPECT_TRUE(splits("")->empty());
}

TEST(SplitsFile, EveryBadRowIsNamedWithItsLine) {
    const auto read = splits(
        "AAPL,2020-08-31,4\n"
        "AAPL,2020-08-31,5\n"
        "A B,2020-08-31,4\n"
        "AAPL,2020-02-30,4\n"
        "AAPL,2020-09-01\n"
        "AAPL,2020-09-02,0\n"
        "AAPL,2020-09-03,-2\n"
        "AAPL,2020-09-04,1\n"
        "AAPL,2020-09-05,many\n"
        "AAPL,2020-09-06,0.33333333\n"
        "AAPL,2020-09-07,3/0\n");
    ASSERT_TRUE(read.has_error());
    EXPECT_EQ(read.error().kind, ErrorKind::usage);
    const std::string& text = read.error().text;
    for (const char* said :
         {"s.csv:3: AAPL has a split on 2020-08-31 already", "s.csv:4: 'A B' is no symbol's name",
          "s.csv:5: '2020-02-30' is not a date", "s.csv:6: has 2 fields",
          "s.csv:7: '0' is not above 0", "s.csv:8: '-2' is not above 0",
          "s.csv:9: a ratio of 1 is no split", "s.csv:10: 'many' is not a decimal number",
          "s.csv:11: '0.33333333' is 33333333 new shares for 100000000 old ones",
          "s.csv:12: '0' is not above 0"}) {
        EXPECT_NE(text.find(said), std::string::npos) << said << "\n" << text;
    }
    EXPECT_NE(parse_splits(*text_in_memory("date,open\n"), "s.csv")
                  .error()
                  .text.find("s.csv:1: the header is 'date,open'; it must be symbol,ex_date,ratio"),
              std::string::npos);
    EXPECT_NE(parse_splits(*text_in_memory(""), "s.csv").error().text.find("s.csv: is empty"),
              std::string::npos);
    EXPECT_TRUE(read_splits("/there/is/none.csv").has_error());
}

std::vector<Slice> days_of(
    const std::vector<std::pair<const char*, std::vector<std::size_t>>>& has) {
    std::vector<Slice> slices;
    for (const auto& [day_text, symbols] : has) {
        Slice& slice = slices.emplace_back();
        slice.day = day(day_text);
        for (const std::size_t symbol : symbols) {
            slice.bars.emplace_back().symbol = symbol_id(symbol);
        }
    }
    return slices;
}

TEST(SplitsFile, ASplitEntersWithItsSymbolsFirstBarOnOrAfterTheExDate) {
    const auto rows = splits(
        "B,2020-08-31,2\nA,2020-09-02,1/2\nA,2020-08-31,4\nA,2020-08-01,3\nA,2021-01-01,7\n"
        "ELSE,2020-08-31,4\n");
    auto slices = days_of({{"2020-08-28", {0}},
                           {"2020-08-31", {0}},  // A's first bar of the ex-date
                           {"2020-08-31", {0}},
                           {"2020-09-01", {1}},  // B's first bar at all: nothing to split
                           {"2020-09-03", {0, 1}}});
    attach_splits(*rows, {"A", "B"}, slices);
    EXPECT_TRUE(slices[0].splits.empty()) << "the one of 08-01 was before the first bar";
    ASSERT_EQ(slices[1].splits.size(), 1U);
    EXPECT_EQ(slices[1].splits[0].new_shares, 4);
    EXPECT_EQ(slices[1].splits[0].symbol, symbol_id(0));
    EXPECT_TRUE(slices[2].splits.empty());
    EXPECT_TRUE(slices[3].splits.empty());
    ASSERT_EQ(slices[4].splits.size(), 1U) << "no bar on 09-02";
    EXPECT_EQ(slices[4].splits[0].old_shares, 2);
}

}  // namespace
}  // namespace paperd::storage
