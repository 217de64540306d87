#include "storage/bars/csv_lines.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/storage/bars/scratch.h"

namespace paperd::storage {
namespace {

std::vector<std::string> lines_of(const std::string& text, std::size_t block_bytes) {
    const auto source = text_in_memory(text);
    CsvLines lines(*source, "X.csv", block_bytes);
    std::vector<std::string> found;
    while (lines.next()) {
        found.push_back(std::to_string(lines.number()) + ":" + std::string(lines.line()) +
                        (lines.whole() ? "" : " (cut)"));
    }
    EXPECT_FALSE(lines.problem());
    return found;
}

TEST(CsvLines, AreTheSameWhateverTheBlocks) {
    const std::vector<std::string> expected = {"1:a,b", "2:", "3:c", "4:dddddddd (cut)"};
    for (std::size_t block = 1; block < 30; ++block) {
        EXPECT_EQ(lines_of("a,b\r\n\nc\ndddddddd", block), expected) << block;
    }
    EXPECT_TRUE(lines_of("", 4).empty());
}

TEST(CsvLines, OfRandomTextsAreThoseOfTheObviousWay) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 500; ++round) {
        std::string text;
        for (std::size_t n = random() % 60; n > 0; --n) {
            text += "ab,\n\r"[random() % 5];
        }
        std::vector<std::string> expected;
        std::string line;
        for (const char c : text + (text.empty() || text.ends_with('\n') ? "" : "\n")) {
            if (c != '\n') {
                line += c;
                continue;
            }
            if (line.ends_with('\r')) {
                line.pop_back();
            }
            expected.push_back(line);
            line.clear();
        }
        const auto source = text_in_memory(text);
        CsvLines lines(*source, "X.csv", 1 + random() % 9);
        for (const std::string& one : expected) {
            ASSERT_TRUE(lines.next());
            ASSERT_EQ(lines.line(), one) << text;
        }
        ASSERT_FALSE(lines.next());
    }
}

TEST(CsvLines, ALineThatOnlyTheEndEndsIsNotKnownToBeWhole) {
    EXPECT_EQ(lines_of("a\nb", 8).back(), "2:b (cut)");
    EXPECT_EQ(lines_of("a\nb\n", 8).back(), "2:b");
    EXPECT_EQ(lines_of("a\r\nb\r", 8).back(), "2:b");
}

TEST(CsvLines, AFieldTooManyIsSeen) {
    const std::string text = "a,b\n,\n1,2,3,4,5,6,7,8,9\n";
    const auto source = text_in_memory(text);
    CsvLines lines(*source, "X.csv");
    ASSERT_TRUE(lines.next());
    EXPECT_EQ(lines.fields().size(), 2U);
    ASSERT_TRUE(lines.next());
    EXPECT_EQ(lines.fields().size(), 2U);
    ASSERT_TRUE(lines.next());
    EXPECT_EQ(lines.fields().size(), CsvLines::kFieldsMax);
}

TEST(CsvLines, AnEndlessLineIsRefusedAtOnce) {
    const std::string text = "a\n" + std::string(100 * kLineBytesMax, 'x');
    const auto source = text_in_memory(text);
    CsvLines lines(*source, "X.csv");
    ASSERT_TRUE(lines.next());
    ASSERT_FALSE(lines.next());
    ASSERT_TRUE(lines.problem());
    EXPECT_EQ(lines.problem()->text,
              "X.csv:2: a line of more than 65536 bytes, which no bar file has; check the path");
    std::string left(text.size(), '\0');
    EXPECT_GT(*source->read(left), 90 * kLineBytesMax) << "the rest was never read";
}

}  // namespace
}  // namespace paperd::storage
