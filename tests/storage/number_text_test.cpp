#include "storage/number_text.h"

#include <charconv>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace paperd::storage {
namespace {

TEST(NumberText, WritesDoublesWithoutAnExponentAndAsShortAsTheyReadBack) {
    EXPECT_EQ(real_text(0.1), "0.1");
    EXPECT_EQ(real_text(-2.0), "-2");
    EXPECT_EQ(real_text(1e-7), "0.0000001");
    EXPECT_EQ(real_text(1e21), "1000000000000000000000");
    EXPECT_EQ(real_text(std::nan("")), "");
    const std::string least = real_text(std::numeric_limits<double>::denorm_min());
    EXPECT_EQ(least.size(), 326U);  // 0. and 323 zeros before the 5
    double read = 0;
    std::from_chars(least.data(), least.data() + least.size(), read);
    EXPECT_EQ(read, std::numeric_limits<double>::denorm_min());
    EXPECT_EQ(real_text(-std::numeric_limits<double>::max()).size(), 310U);
    EXPECT_EQ(real_text(1.0 / 3, 4), "0.3333");
    EXPECT_EQ(real_text(std::nan(""), 4), "");
}

TEST(NumberText, RoundsScaledIntegersHalfToEven) {
    EXPECT_EQ(scaled_text(150'000'000, 2), "1.50");
    EXPECT_EQ(scaled_text(-500'000, 2), "0.00");
    EXPECT_EQ(scaled_text(-1'500'000, 2), "-0.02");
    EXPECT_EQ(scaled_text(2'500'000, 2), "0.02");
    EXPECT_EQ(scaled_text(123'456'789'012'345'678, 8), "1234567890.12345678");
    EXPECT_EQ(scaled_text(-1, 8), "-0.00000001");
    EXPECT_EQ(scaled_text(250'000'000, 0), "2");
    EXPECT_EQ(scaled_text(std::numeric_limits<std::int64_t>::min() + 1, 2), "-92233720368.55");
}

TEST(NumberText, WritesHashesAsSixteenHexDigits) {
    EXPECT_EQ(hash_text(0xABCDEF), "0000000000abcdef");
    EXPECT_EQ(hash_text(~0ULL), "ffffffffffffffff");
}

}  // namespace
}  // namespace paperd::storage
