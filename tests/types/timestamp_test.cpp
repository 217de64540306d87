#include "execution/types/timestamp.h"

#include <string>

#include <gtest/gtest.h>

#include "execution/types/random.h"

namespace paperd {
namespace {

TEST(Timestamp, DaysReadAsTheyPrint) {
    for (const char* text :
         {"1970-01-01", "1999-12-31", "2000-02-29", "2019-12-23", "2040-12-31"}) {
        const auto day = parse_day(text);
        ASSERT_TRUE(day.has_value()) << text;
        EXPECT_EQ(day_text(*day), text);
        EXPECT_EQ(day_from_number(day_number(*day)), *day);
    }
    EXPECT_EQ(day_number(*parse_day("1970-01-01")), 0);
    EXPECT_EQ(day_number(*parse_day("2019-12-23")), 18'253);
}

TEST(Timestamp, DaysThatDoNotExistAreRefused) {
    for (const char* text :
         {"", "2019-12-32", "2019-02-29", "1900-02-29", "2019-13-01", "2019-00-10", "2019-1-01",
          "19-12-23", "2019/12/23", "2019-12-23 ", "2019-12-2x", "+019-12-23"}) {
        const auto day = parse_day(text);
        ASSERT_TRUE(day.has_error()) << text;
        EXPECT_NE(day.error().text.find("write it as 2019-12-23"), std::string::npos);
    }
}

TEST(Timestamp, TimesReadAsTheyPrint) {
    for (const char* text : {"1970-01-01T00:00:00Z", "2019-12-23T14:30:00Z", "2019-12-23T23:59:59Z",
                             "2019-12-23T14:30:00.000000001Z", "2019-12-23T14:30:00.500000000Z",
                             "1969-12-31T23:59:59.999999999Z"}) {
        const auto time = parse_timestamp(text);
        ASSERT_TRUE(time.has_value()) << text;
        EXPECT_EQ(timestamp_text(*time), text);
    }
    EXPECT_EQ(to_ns(*parse_timestamp("1970-01-01T00:00:01.25Z")), 1'250'000'000);
}

TEST(Timestamp, ParsingWhatItPrintedGivesTheSame) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        for (std::uint64_t i = 0; i < 2'000; ++i) {
            // From 1909 to 2030; every other one on a whole second.
            auto ns =
                static_cast<std::int64_t>(draw64(seed, i, 0) >> 2) - 2'700'000'000'000'000'000;
            ns = i % 2 == 0 ? ns : ns / 1'000'000'000 * 1'000'000'000;
            const std::string text = timestamp_text(from_ns(ns));
            const auto read = parse_timestamp(text);
            ASSERT_TRUE(read.has_value()) << text;
            ASSERT_EQ(to_ns(*read), ns) << text;
        }
    }
}

TEST(Timestamp, TimesThatAreNotUtcOrDoNotExistAreRefused) {
    for (const char* text :
         {"", "2019-12-23", "2019-12-23T14:30:00", "2019-12-23T14:30:00+00:00",
          "2019-12-23 14:30:00Z", "2019-12-23T24:00:00Z", "2019-12-23T14:60:00Z",
          "2019-12-23T14:30:60Z", "2019-12-32T14:30:00Z", "2019-12-23T14:30:00.Z",
          "2019-12-23T14:30:00.0123456789Z", "2019-12-23T14:30:00.1x3Z", "2019-12-23T1a:30:00Z"}) {
        const auto time = parse_timestamp(text);
        ASSERT_TRUE(time.has_error()) << text;
        EXPECT_NE(time.error().text.find("is not a UTC time"), std::string::npos);
    }
}

}  // namespace
}  // namespace paperd
