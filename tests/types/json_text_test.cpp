#include "execution/types/json_text.h"

#include <limits>
#include <random>
#include <string>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace paperd {
namespace {

std::string json_string(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string number(double value) {
    std::string out;
    append_json_number(out, value);
    return out;
}

TEST(JsonText, EscapesWhatJsonForbidsInsideStrings) {
    EXPECT_EQ(json_string("a \"b\" \\ c"), R"("a \"b\" \\ c")");
    EXPECT_EQ(json_string("line\nbreak\ttab\r"), R"("line\nbreak\ttab\r")");
    EXPECT_EQ(json_string(std::string_view("\0\x1f", 2)), "\"\\u0000\\u001f\"");
}

TEST(JsonText, KeepsWellFormedUtf8) {
    const std::string text = "\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x93\x88";
    EXPECT_EQ(json_string(text), "\"" + text + "\"");
}

TEST(JsonText, ReplacesBytesThatAreNotUtf8) {
    const std::string mark = "\xEF\xBF\xBD";
    EXPECT_EQ(json_string("a\xFFz"), "\"a" + mark + "z\"");
    EXPECT_EQ(json_string("\xC3"), "\"" + mark + "\"");                        // cut short
    EXPECT_EQ(json_string("\xC0\xAF"), "\"" + mark + mark + "\"");             // overlong
    EXPECT_EQ(json_string("\xED\xA0\x80"), "\"" + mark + mark + mark + "\"");  // a surrogate
    EXPECT_EQ(json_string("\xF4\x90\x80\x80"), "\"" + mark + mark + mark + mark + "\"");
}

TEST(JsonText, StaysValidJsonWhateverTheBytes) {
    constexpr unsigned kSeed = 20261121;
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    std::mt19937 random(kSeed);
    for (int round = 0; round < 2000; ++round) {
        std::string bytes(random() % 24, '\0');
        for (char& byte : bytes) {
            byte = static_cast<char>(random() & 0xFF);
        }
        boost::system::error_code error;
        const auto value = boost::json::parse(json_string(bytes), error);
        ASSERT_FALSE(error) << error.message();
        ASSERT_TRUE(value.is_string());
    }
}

TEST(JsonText, WritesNumbersAsPeopleDo) {
    EXPECT_EQ(number(12.5), "12.5");
    EXPECT_EQ(number(0.1), "0.1");
    EXPECT_EQ(number(-3), "-3");
    EXPECT_EQ(number(std::numeric_limits<double>::quiet_NaN()), "null");
    EXPECT_EQ(number(-std::numeric_limits<double>::infinity()), "null");
}

TEST(JsonText, WritesAnObjectInTheOrderGiven) {
    std::string out;
    JsonObject object(out);
    object.field("b", "x").field("a", 1).field("yes", true).raw("inner", "[1,2]").field("f", 0.5);
    object.field("big", std::uint64_t{18446744073709551615U}).close();
    EXPECT_EQ(out,
              R"({"b":"x","a":1,"yes":true,"inner":[1,2],"f":0.5,"big":18446744073709551615})");
}

}  // namespace
}  // namespace paperd
