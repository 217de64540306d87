#include "execution/types/fixed.h"

#include <charconv>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <type_traits>

#include <gtest/gtest.h>

#include "execution/types/random.h"

namespace paperd {
namespace {

template <class A, class B>
concept Addable = requires(A a, B b) { a + b; };
template <class A, class B>
concept Multipliable = requires(A a, B b) { a* b; };

static_assert(Addable<Price, Price>);
static_assert(!Addable<Price, Quantity>);
static_assert(!Addable<Price, double>);
static_assert(Multipliable<Price, Quantity>);
static_assert(!Multipliable<Price, Price>);
static_assert(!std::is_convertible_v<double, Price>);
static_assert(!std::is_convertible_v<Price, double>);

std::int64_t parsed(std::string_view text) {
    const auto raw = parse_scaled(text);
    EXPECT_TRUE(raw.has_value()) << text;
    return raw.has_value() ? *raw : 0;
}

std::string complaint(std::string_view text) {
    const auto raw = parse_scaled(text);
    return raw.has_error() ? raw.error().text : "no complaint";
}

// The obvious way, on digits as text. `digits` with the point after `whole` of them (which may lie
// outside). Nothing where the result does not fit.
std::optional<std::string> slow_scaled(std::string digits, int whole, bool negative) {
    int cut = whole + kDecimals;  // so many digits are kept
    if (cut < 0) {
        digits.insert(0, static_cast<std::size_t>(-cut), '0');
        cut = 0;
    }
    while (digits.size() < static_cast<std::size_t>(cut)) {
        digits += '0';
    }
    std::string kept("0");
    kept.append(digits, 0, static_cast<std::size_t>(cut));
    const std::string rest = digits.substr(static_cast<std::size_t>(cut));
    bool up = false;
    if (!rest.empty()) {
        const bool tie = rest[0] == '5' && rest.find_first_not_of('0', 1) == std::string::npos;
        up = tie ? (kept.back() - '0') % 2 == 1 : rest[0] >= '5';
    }
    if (up) {
        std::size_t at = kept.size() - 1;
        while (kept[at] == '9') {
            kept[at--] = '0';
        }
        ++kept[at];
    }
    kept.erase(0, std::min(kept.find_first_not_of('0'), kept.size() - 1));
    const std::string limit = std::to_string(std::numeric_limits<std::int64_t>::max());
    if (kept.size() > limit.size() || (kept.size() == limit.size() && kept > limit)) {
        return std::nullopt;
    }
    if (negative && kept != "0") {
        kept.insert(kept.begin(), '-');
    }
    return kept;
}

TEST(Fixed, ReadsDecimalsDigitByDigit) {
    EXPECT_EQ(parsed("-12.5"), -1'250'000'000);
    EXPECT_EQ(parsed("+3"), 300'000'000);
    EXPECT_EQ(parsed("0.00000001"), 1);
    EXPECT_EQ(parsed(".5"), 50'000'000);
    EXPECT_EQ(parsed("7."), 700'000'000);
    EXPECT_EQ(parsed("1e-05"), 1'000);
    EXPECT_EQ(parsed("1.5E+3"), 150'000'000'000);
    EXPECT_EQ(parsed("92233720368.54775807"), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(parsed("-0"), 0);
}

TEST(Fixed, RoundsDigitsPastTheEighthHalfToEven) {
    EXPECT_EQ(parsed("0.000000005"), 0);
    EXPECT_EQ(parsed("0.000000015"), 2);
    EXPECT_EQ(parsed("-0.000000015"), -2);
    EXPECT_EQ(parsed("0.000000025"), 2);
    EXPECT_EQ(parsed("0.0000000250000000000000000000000000000000001"), 3);
    EXPECT_EQ(parsed("0.99999999999"), 100'000'000);
}

TEST(Fixed, SaysWhatIsWrongWithAText) {
    for (const char* text : {"abc", "1,5", "1.2.3", "--1", "1e", "1e+", "1e5x", ".", "-", "nan",
                             "inf", " 1", "1 ", "0x10", "1_000"}) {
        EXPECT_EQ(complaint(text), std::string("'").append(text) + "' is not a decimal number");
    }
    EXPECT_EQ(complaint(""), "the value is empty");
    for (const char* text : {"92233720368.54775808", "1e11", "1e999999999999", "100000000000"}) {
        EXPECT_NE(complaint(text).find("is too large"), std::string::npos) << text;
    }
    EXPECT_EQ(parsed("0e999999999999"), 0);
    EXPECT_EQ(parsed("1e-999999999999"), 0);
}

TEST(Fixed, ParsingAgreesWithTheSlowObviousWay) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937_64 random(seed);
        const auto below = [&](std::uint64_t n) { return static_cast<std::size_t>(random() % n); };
        for (int i = 0; i < 2'000; ++i) {
            std::string whole;
            std::string fraction;
            for (std::size_t n = below(13); n > 0; --n) {
                whole += static_cast<char>('0' + below(10));
            }
            for (std::size_t n = below(below(2) == 0 ? 9 : 45); n > 0; --n) {
                fraction += static_cast<char>('0' + below(10));
            }
            if (below(3) == 0) {  // near a tie, perhaps with something far behind it
                fraction.resize(8, '0');
                fraction += '5';
                fraction.append(below(30), '0');
                fraction += below(2) == 0 ? "" : "1";
            }
            if (whole.empty() && fraction.empty()) {
                continue;
            }
            const int exponent = below(2) == 0 ? 0 : static_cast<int>(below(61)) - 30;
            const bool negative = below(2) == 0;
            std::string text(negative ? "-" : "");
            text += whole;
            if (!fraction.empty() || below(2) == 0) {
                text += '.';
                text += fraction;
            }
            if (exponent != 0) {
                text.append("e").append(std::to_string(exponent));
            }
            SCOPED_TRACE(text);
            const auto expected =
                slow_scaled(whole + fraction, static_cast<int>(whole.size()) + exponent, negative);
            const auto raw = parse_scaled(text);
            ASSERT_EQ(raw.has_value(), expected.has_value());
            if (expected) {
                ASSERT_EQ(std::to_string(*raw), *expected);
            }
        }
    }
}

TEST(Fixed, ParsingWhatItPrintedGivesTheSame) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937_64 random(seed);
        for (int i = 0; i < 2'000; ++i) {
            // Every magnitude is as likely as another.
            const auto raw = static_cast<std::int64_t>(random()) >> (random() % 63);
            const std::string text = scaled_text(raw);
            SCOPED_TRACE(text);
            ASSERT_EQ(parsed(text), raw);
            ASSERT_EQ(text.find('e'), std::string::npos);
            ASSERT_TRUE(text.find('.') == std::string::npos || text.back() != '0')
                << "not shortest";
        }
    }
}

TEST(Fixed, PrintsTheShortestDecimal) {
    EXPECT_EQ(scaled_text(0), "0");
    EXPECT_EQ(scaled_text(1'250'000'000), "12.5");
    EXPECT_EQ(scaled_text(-1), "-0.00000001");
    EXPECT_EQ(scaled_text(300'000'000), "3");
    EXPECT_EQ(scaled_text(std::numeric_limits<std::int64_t>::min()), "-92233720368.54775808");
}

TEST(Fixed, TheDoubleIsTheOneThatTheTextNames) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        for (std::uint64_t i = 0; i < 2'000; ++i) {
            // Prices of up to 11,000,000: at 2^50 units a double's step is an eighth of a unit.
            const auto raw = static_cast<std::int64_t>(draw64(seed, i, 0) >> 14);
            const std::string text = scaled_text(raw);
            double named = 0;
            std::from_chars(text.data(), text.data() + text.size(), named);
            ASSERT_EQ(Price::from_raw(raw).to_double(), named) << text;
            ASSERT_EQ(Price::nearest(named).raw(), raw) << text;
        }
    }
}

TEST(Fixed, NearestRoundsHalfToEven) {
    // 1/512 is 0.001953125 exactly: 195312.5 units.
    EXPECT_EQ(Price::nearest(0x1p-9).raw(), 195'312);
    EXPECT_EQ(Price::nearest(-0x1p-9).raw(), -195'312);
    EXPECT_EQ(Price::nearest(3 * 0x1p-9).raw(), 585'938);
    EXPECT_EQ(Price::nearest(101.25), Price::from_raw(10'125'000'000));
}

TEST(Fixed, DividesHalfToEvenOnBothSidesOfZero) {
    EXPECT_EQ(divide_half_even(5, 2), 2);
    EXPECT_EQ(divide_half_even(7, 2), 4);
    EXPECT_EQ(divide_half_even(-5, 2), -2);
    EXPECT_EQ(divide_half_even(-7, 2), -4);
    EXPECT_EQ(divide_half_even(8, 3), 3);
    EXPECT_EQ(divide_half_even(-7, 3), -2);
}

TEST(Fixed, PriceTimesQuantityIsMoney) {
    EXPECT_EQ(Price::whole(3) * Quantity::whole(-7), Money::whole(-21));
    EXPECT_EQ(Price::from_raw(1) * Quantity::from_raw(kScale / 2), Money::from_raw(0));
    EXPECT_EQ(Price::from_raw(3) * Quantity::from_raw(kScale / 2), Money::from_raw(2));
    // 128 bits in between: the factors' product alone would overflow.
    EXPECT_EQ(Price::whole(1'000'000) * Quantity::whole(90'000), Money::whole(90'000'000'000));
}

TEST(Fixed, ANotionalHasNoLimit) {
    EXPECT_EQ(notional(Price::whole(3), Quantity::from_raw(50'000'000)), 1.5);
    EXPECT_EQ(notional(Price::whole(3), Quantity::whole(-2)), -6);
    EXPECT_DOUBLE_EQ(notional(Price::whole(90'000'000'000), Quantity::whole(90'000'000'000)),
                     8.1e21);
}

TEST(Fixed, ProRataOfTheWholeIsTheWhole) {
    const Money cost = Money::from_raw(123'456'789'012'345);
    EXPECT_EQ(pro_rata(cost, Quantity::whole(7), Quantity::whole(7)), cost);
    EXPECT_EQ(pro_rata(cost, Quantity::whole(-7), Quantity::whole(-7)), cost);
    EXPECT_EQ(pro_rata(Money::whole(10), Quantity::whole(1), Quantity::whole(4)),
              Money::from_raw(250'000'000));
    EXPECT_EQ(pro_rata(Money::whole(10), Quantity::whole(-1), Quantity::whole(-4)),
              Money::from_raw(250'000'000));
}

TEST(Fixed, FloorsToALotTowardsZero) {
    EXPECT_EQ(floor_to_lot(Quantity::nearest(7.9), Quantity::whole(1)), Quantity::whole(7));
    EXPECT_EQ(floor_to_lot(Quantity::nearest(-7.9), Quantity::whole(1)), Quantity::whole(-7));
    EXPECT_EQ(floor_to_lot(Quantity::nearest(0.123456), Quantity::nearest(0.00001)),
              Quantity::nearest(0.12345));
}

TEST(FixedDeathTest, OverflowStopsTheProcess) {
    const Money most = Money::from_raw(std::numeric_limits<std::int64_t>::max());
    EXPECT_DEATH(static_cast<void>(most + Money::from_raw(1)), "fixed-point sum overflows");
    EXPECT_DEATH(static_cast<void>(-most - Money::from_raw(2)), "fixed-point difference overflows");
    EXPECT_DEATH(static_cast<void>(Price::whole(1'000'000) * Quantity::whole(1'000'000)),
                 "fixed-point product overflows");
    EXPECT_DEATH(static_cast<void>(Price::nearest(std::numeric_limits<double>::quiet_NaN())),
                 "not finite");
}

}  // namespace
}  // namespace paperd
