#include "storage/bars/bar_fields.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "execution/types/printable.h"
#include "tests/storage/bars/scratch.h"

namespace paperd::storage {
namespace {

TEST(BarFields, APriceIsWhatTheStrictParserMakesOfIt) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937_64 random(seed);
        for (int i = 0; i < 5'000; ++i) {
            // Mostly decimals, some of them broken: every way that the fast path may take.
            constexpr std::string_view kAlphabet =
                "0123456789012345678901234567890123456789..-e+ x";
            std::string text;
            for (std::size_t n = random() % 24; n > 0; --n) {
                text += kAlphabet[random() % (random() % 4 == 0 ? kAlphabet.size() : 42)];
            }
            Price price;
            std::string fault;
            const bool good = read_price("open", text, price, fault);
            const auto parsed = Price::parse(text);
            const bool expected =
                parsed.has_value() && *parsed > Price() && *parsed <= Price::whole(1'000'000'000);
            ASSERT_EQ(good, expected) << "'" << text << "' " << fault;
            if (good) {
                ASSERT_EQ(price, *parsed) << text;
            } else {
                ASSERT_FALSE(fault.empty());
            }
        }
    }
}

std::string price_fault(std::string_view text) {
    Price price;
    std::string fault = "none";
    return read_price("high", text, price, fault) ? "none" : fault;
}

TEST(BarFields, SaysWhatIsWrongWithAPrice) {
    EXPECT_EQ(price_fault(""), "high is blank");
    EXPECT_EQ(price_fault("NaN"), "high 'NaN' is not a decimal number");
    EXPECT_EQ(price_fault("inf"), "high 'inf' is not a decimal number");
    EXPECT_EQ(price_fault("0"), "high 0 is not a price: it must be above 0");
    EXPECT_EQ(price_fault("0.000000001"), "high 0.000000001 is not a price: it must be above 0");
    EXPECT_EQ(price_fault("-3"), "high -3 is not a price: it must be above 0");
    EXPECT_EQ(price_fault("1000000000.00000001"),
              "high 1000000000.00000001 is not a price: the limit is 1000000000");
    EXPECT_EQ(price_fault("1e30"), "high '1e30' is too large (the limit is about 9.2e10)");
    EXPECT_EQ(price_fault(std::string(100, '7')), "high has 100 characters");
    EXPECT_EQ(price_fault("1000000000"), "none");
    EXPECT_EQ(price_fault("1e-8"), "none");
}

TEST(BarFields, AVolumeIsFiniteAndNotNegative) {
    double volume = -1;
    std::string fault;
    EXPECT_TRUE(read_volume("0", volume, fault));
    EXPECT_EQ(volume, 0);
    EXPECT_TRUE(read_volume("4006500", volume, fault));
    EXPECT_EQ(volume, 4'006'500);
    EXPECT_TRUE(read_volume("12.345678", volume, fault));
    EXPECT_EQ(volume, 12.345678);
    EXPECT_TRUE(read_volume("123456789012345678901234567890", volume, fault));
    EXPECT_EQ(volume, 123456789012345678901234567890.0);
    EXPECT_TRUE(read_volume("1.5e9", volume, fault));
    EXPECT_EQ(volume, 1.5e9);
    EXPECT_FALSE(read_volume("", volume, fault));
    EXPECT_EQ(fault, "volume is blank");
    EXPECT_FALSE(read_volume("-1", volume, fault));
    EXPECT_EQ(fault, "volume -1 is negative");
    for (const char* text : {"nan", "inf", "1e999", "12x", " 12", "1,000", "0x10", "+5"}) {
        EXPECT_FALSE(read_volume(text, volume, fault)) << text;
        EXPECT_EQ(fault, "volume " + in_quotes(text) + " is not a decimal number");
    }
}

TEST(BarFields, ADayExists) {
    Day read{};
    std::string fault;
    EXPECT_TRUE(read_day("2020-02-29", read, fault));
    EXPECT_EQ(read, day("2020-02-29"));
    for (const char* text :
         {"2019-02-29", "2019-13-01", "2019-12-00", "20191223", "2019-1-1", "12/23/2019",
          "9999-01-01", "0000-01-01", "2019-12-2x", "x019-12-23"}) {
        EXPECT_FALSE(read_day(text, read, fault)) << text;
        EXPECT_EQ(fault, in_quotes(text) + " is not a date like 2019-12-23");
    }
    EXPECT_FALSE(read_day("", read, fault));
    EXPECT_EQ(fault, "date is blank");
}

TEST(BarFields, ATimeIsUtcAndExists) {
    Timestamp read;
    std::string fault;
    EXPECT_TRUE(read_time("2019-12-24T14:30:00Z", read, fault));
    EXPECT_EQ(read, at("2019-12-24T14:30:00Z"));
    EXPECT_TRUE(read_time("2019-12-24T14:30:00.25Z", read, fault));
    EXPECT_EQ(read, at("2019-12-24T14:30:00.25Z"));
    for (const char* text :
         {"2019-12-24T14:30:00", "2019-12-24 14:30:00Z", "2019-12-24T24:30:00Z",
          "2019-12-24T14:60:00Z", "2019-12-24T14:30:60Z", "2019-12-32T14:30:00Z",
          "2019-12-24T14:30:00+00:00", "2019-12-24T14:30:0xZ", "9999-12-24T14:30:00Z",
          "9999-12-24T14:30:00.5Z", "2019-12-24T14.30:00Z"}) {
        EXPECT_FALSE(read_time(text, read, fault)) << text;
        EXPECT_EQ(fault, in_quotes(text) + " is not a UTC time like 2019-12-23T14:30:00Z");
    }
    EXPECT_FALSE(read_time("", read, fault));
    EXPECT_EQ(fault, "timestamp is blank");
}

TEST(BarFields, ASymbolsNameIsNoPathAndShowsWhatItHolds) {
    std::string fault;
    EXPECT_TRUE(check_symbol("BRK.B", fault));
    EXPECT_FALSE(check_symbol("../OUT", fault));
    EXPECT_EQ(fault, "'../OUT' is no name of a symbol; use 1 to 32 letters, digits and ._^=-");
    EXPECT_FALSE(check_symbol("A\x1b[2J", fault));
    EXPECT_NE(fault.find("'A\\x1b[2J'"), std::string::npos) << fault;
    EXPECT_FALSE(check_symbol(std::string(1'000'000, 'A'), fault));
    EXPECT_LT(fault.size(), 200U);
}

}  // namespace
}  // namespace paperd::storage
