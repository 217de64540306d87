#include "storage/bars/slices.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/storage/bars/scratch.h"

namespace paperd::storage {
namespace {

ReadBar bar(std::int64_t hour, std::int64_t price) {
    ReadBar read;
    read.bar.closed_at = Timestamp{std::chrono::hours{hour}};
    read.bar.close = Price::whole(price);
    read.day = day_from_number(static_cast<std::int32_t>(hour / 24));
    read.last_of_session = hour % 24 == 23;
    return read;
}

TEST(Slices, ASliceIsWhereAnyBarCloses) {
    const std::vector<SymbolBars> symbols = {
        {"A", {bar(1, 10), bar(23, 11)}}, {"B", {bar(2, 20), bar(23, 21)}}, {"C", {}}};
    const auto slices = make_slices(symbols, std::nullopt, 0);
    ASSERT_EQ(slices.size(), 3U);
    EXPECT_EQ(slices[0].id, 1);
    EXPECT_EQ(slices[2].id, 3);
    EXPECT_EQ(slices[1].bars.size(), 1U);
    EXPECT_EQ(slices[1].bars[0].symbol, symbol_id(1));
    EXPECT_FALSE(slices[1].last_of_session);
    ASSERT_EQ(slices[2].bars.size(), 2U);
    EXPECT_EQ(slices[2].bars[0].close, Price::whole(11));
    EXPECT_EQ(slices[2].bars[1].close, Price::whole(21));
    EXPECT_TRUE(slices[2].last_of_session);
    EXPECT_FALSE(slices[0].warmup);
}

TEST(Slices, WarmupIsTheLastDistinctSlicesBeforeTheFirstDay) {
    const std::vector<SymbolBars> symbols = {
        {"A", {bar(1, 10), bar(3, 11), bar(25, 12), bar(49, 13)}},
        {"B", {bar(2, 20), bar(26, 21)}}};
    const auto slices = make_slices(symbols, day_from_number(1), 2);
    ASSERT_EQ(slices.size(), 5U);
    EXPECT_EQ(slices[0].closed_at, Timestamp{std::chrono::hours{2}});
    EXPECT_EQ(slices[0].id, 1) << "warm-up slices count";
    EXPECT_TRUE(slices[0].warmup);
    EXPECT_TRUE(slices[1].warmup);
    EXPECT_FALSE(slices[2].warmup);
    EXPECT_EQ(slices[2].day, day_from_number(1));
    EXPECT_EQ(make_slices(symbols, day_from_number(1), 0).size(), 3U);
    EXPECT_EQ(make_slices(symbols, day_from_number(1), 100).size(), 6U);
}

// Against the obvious way: everything into a map by time and symbol.
TEST(Slices, AgreeWithASortedMap) {
    for (unsigned seed = 1; seed <= 50; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        std::vector<SymbolBars> symbols(1 + random() % 6);
        std::map<Timestamp, std::map<std::size_t, Price>> expected;
        for (std::size_t i = 0; i < symbols.size(); ++i) {
            for (std::int64_t hour = 0; hour < 100; ++hour) {
                if (random() % 4 == 0) {
                    symbols[i].bars.push_back(
                        bar(hour, 1 + static_cast<std::int64_t>(random() % 99)));
                    const Bar& last = symbols[i].bars.back().bar;
                    expected[last.closed_at][i] = last.close;
                }
            }
        }
        const auto slices = make_slices(symbols, std::nullopt, 0);
        ASSERT_EQ(slices.size(), expected.size());
        std::size_t at = 0;
        for (const auto& [time, bars] : expected) {
            const Slice& slice = slices[at++];
            ASSERT_EQ(slice.closed_at, time);
            ASSERT_EQ(slice.id, static_cast<std::int64_t>(at));
            ASSERT_EQ(slice.bars.size(), bars.size());
            std::size_t next = 0;
            for (const auto& [symbol, close] : bars) {
                ASSERT_EQ(slice.bars[next].symbol, symbol_id(symbol));
                ASSERT_EQ(slice.bars[next].close, close);
                ASSERT_EQ(slice.bars[next++].closed_at, time);
            }
        }
    }
}

}  // namespace
}  // namespace paperd::storage
