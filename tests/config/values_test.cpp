#include "config/values.h"

#include <bit>
#include <charconv>
#include <cmath>

#include <gtest/gtest.h>

#include "execution/types/random.h"

namespace paperd::config {
namespace {

TEST(NumberText, HasNoExponentWherePeopleReadIt) {
    EXPECT_EQ(number_text(0.0003), "0.0003");
    EXPECT_EQ(number_text(1e9), "1000000000");
    EXPECT_EQ(number_text(5), "5");
    EXPECT_EQ(number_text(-0.25), "-0.25");
    EXPECT_EQ(number_text(0), "0");
    EXPECT_EQ(number_text(1e300), "1e+300");
}

TEST(NumberText, ReadsBackAsTheSameDouble) {
    constexpr std::uint64_t kSeed = 42;
    SCOPED_TRACE(testing::Message() << "seed " << kSeed);
    int tried = 0;
    for (std::uint64_t i = 0; i < 20'000; ++i) {
        const auto value = std::bit_cast<double>(draw64(kSeed, i, 0));
        if (!std::isfinite(value)) {
            continue;
        }
        const std::string text = number_text(value);
        double back = 0;
        std::from_chars(text.data(), text.data() + text.size(), back);
        ASSERT_EQ(std::bit_cast<std::uint64_t>(back), std::bit_cast<std::uint64_t>(value)) << text;
        ++tried;
    }
    EXPECT_GT(tried, 19'000);
}

TEST(YamlText, QuotesWhatYamlOrPeopleCouldTakeForSomethingElse) {
    EXPECT_EQ(yaml_text("SPY"), "SPY");
    EXPECT_EQ(yaml_text("BRK.B"), "BRK.B");
    EXPECT_EQ(yaml_text("models/a-b.pmb"), "models/a-b.pmb");
    EXPECT_EQ(yaml_text("ON"), "\"ON\"");
    EXPECT_EQ(yaml_text("null"), "\"null\"");
    EXPECT_EQ(yaml_text("off"), "\"off\"");
    EXPECT_EQ(yaml_text("700"), "\"700\"");
    EXPECT_EQ(yaml_text("*"), "\"*\"");
    EXPECT_EQ(yaml_text(""), "\"\"");
    EXPECT_EQ(yaml_text("a \"b\" \\ #c: d"), "\"a \\\"b\\\" \\\\ #c: d\"");
}

TEST(Range, KnowsItsEnds) {
    EXPECT_TRUE(between(0, 1).contains(0));
    EXPECT_FALSE(above(0, 1).contains(0));
    EXPECT_TRUE(above(0, 1).contains(1));
    EXPECT_FALSE(below(0, 1).contains(1));
    EXPECT_FALSE(inside(0, 1).contains(0));
    EXPECT_FALSE(inside(0, 1).contains(1));
    EXPECT_EQ(above(0, 1).text(), "> 0 and <= 1");
    EXPECT_EQ(below(-2, 0.5).text(), ">= -2 and < 0.5");
    EXPECT_EQ(Range{.low = 0}.text(), ">= 0");
}

TEST(ReadNumber, TakesWhatIsANumberAndNothingElse) {
    const auto reads = [](const std::string& text, bool quoted = false) {
        Problems problems;
        Entry entry{.key = "k", .line = 3, .value = {}};
        entry.value.kind = Node::Kind::text;
        entry.value.text = text;
        entry.value.quoted = quoted;
        const auto value = read_number(entry, {"k", "units"}, between(-1e9, 1e9), problems);
        EXPECT_EQ(value.has_value(), problems.count() == 0) << text;
        return value;
    };
    EXPECT_EQ(reads("0.25"), 0.25);
    EXPECT_EQ(reads("+4"), 4);
    EXPECT_EQ(reads("1e3"), 1000);
    EXPECT_FALSE(std::signbit(*reads("-0")));
    for (const char* text : {"nan", ".nan", "inf", "-inf", ".inf", "", "5%", "1_000", "1,5", "0x10",
                             "1 000", "five", "1e999", "++1", "+-1", "--1"}) {
        EXPECT_FALSE(reads(text)) << text;
    }
    EXPECT_FALSE(reads("5", true)) << "in quotes it is text";
}

}  // namespace
}  // namespace paperd::config
