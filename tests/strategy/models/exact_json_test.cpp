#include "strategy/models/exact_json.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "execution/types/random.h"

namespace paperd::strategy {
namespace {

TEST(ExactJson, ReadsEveryDoubleAsItWasWritten) {
    constexpr std::uint64_t seed = 7;
    SCOPED_TRACE(fmt::format("seed {}", seed));
    for (std::uint64_t i = 0; i < 20'000; ++i) {
        const double x = (draw_uniform(seed, i, 0) - 0.5) * (i % 3 == 0 ? 1e-12 : 10.0);
        const auto value = parse_exact_json(fmt::format("[{}]", x));
        ASSERT_FALSE(value.has_error()) << x;
        ASSERT_EQ(value->as_array().at(0).as_double(), x);
    }
}

TEST(ExactJson, ReadsWhatJsonHas) {
    const auto value = parse_exact_json(
        " {\"a\": [1, -2, 18446744073709551615, 1.5e2, true, null], \"b\\n\": \"\\u00e9\"} ");
    ASSERT_FALSE(value.has_error()) << value.error().text;
    const auto& list = value->at("a").as_array();
    EXPECT_EQ(list.at(0).as_int64(), 1);
    EXPECT_EQ(list.at(1).as_int64(), -2);
    EXPECT_EQ(list.at(2).as_uint64(), 18'446'744'073'709'551'615ULL);
    EXPECT_EQ(list.at(3).as_double(), 150);
    EXPECT_TRUE(list.at(4).as_bool());
    EXPECT_TRUE(list.at(5).is_null());
    EXPECT_EQ(value->at("b\n").as_string(), "\xC3\xA9");
}

TEST(ExactJson, SaysWhereItBreaks) {
    for (const char* const text : {"", "{", "[1,]", "nan", "1 2", "'a'", "[1] x"}) {
        const auto value = parse_exact_json(text);
        ASSERT_TRUE(value.has_error()) << text;
        EXPECT_NE(value.error().text.find("not valid JSON"), std::string::npos) << text;
    }
}

}  // namespace
}  // namespace paperd::strategy
