#include "storage/bars/bar_directory.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/storage/bars/scratch.h"

namespace paperd::storage {
namespace {

using Names = std::vector<std::string>;
using BarDirectory = Scratch;

TEST_F(BarDirectory, DailySymbolsAreTheCsvFilesInNameOrder) {
    for (const char* name : {"B.csv", "A.csv", "A-B.csv", "a.txt", ".csv", "C.csv.gz"}) {
        ASSERT_FALSE(write(name, "x").empty());
    }
    std::filesystem::create_directory(path("D.csv"));
    EXPECT_EQ(*list_daily_symbols(path()), (Names{"A", "A-B", "B"}));
    EXPECT_EQ(daily_path("/bars", "A"), "/bars/A.csv");
}

TEST_F(BarDirectory, IntradaySymbolsAreTheFoldersWithDays) {
    for (const char* name : {"B/2019-12-24.csv", "B/2019-12-23.csv", "B/notes.csv", "A/readme.txt",
                             "C/2019-12-23.csv", "2019-12-23.csv", "C/2019-12-23.csv.bak"}) {
        ASSERT_FALSE(write(name, "x").empty());
    }
    EXPECT_EQ(*list_intraday_symbols(path(), BarInterval::minute_1), (Names{"B", "C"}));
    EXPECT_EQ(*list_intraday_days(path(), "B"),
              (std::vector<Day>{day("2019-12-23"), day("2019-12-24")}));
    EXPECT_TRUE(list_intraday_days(path(), "Z")->empty());
    EXPECT_EQ(intraday_path("/bars", "B", day("2019-12-23")), "/bars/B/2019-12-23.csv");
}

TEST_F(BarDirectory, SaysWhichDirectoryCannotBeListed) {
    EXPECT_EQ(complaint(list_daily_symbols(path("none"))),
              path("none") +
                  ": cannot be listed (No such file or directory); check the path and "
                  "its permissions");
    EXPECT_TRUE(list_intraday_symbols(path("none"), BarInterval::minute_1).has_error());
}

TEST_F(BarDirectory, ANameThatIsNoSymbolsIsNotPassedOver) {
    ASSERT_FALSE(write("A.csv", "x").empty());
    ASSERT_FALSE(write("B\x1b[2J.csv", "x").empty());
    EXPECT_EQ(complaint(list_daily_symbols(path())),
              path() +
                  ": has bars of which 'B\\x1b[2J' is no name of a symbol; use 1 to 32 letters, "
                  "digits and ._^=-; rename the entry, or name the symbols to use");
    ASSERT_FALSE(write("C D/2019-12-23.csv", "x").empty());
    EXPECT_NE(
        complaint(list_intraday_symbols(path(), BarInterval::minute_1)).find("'C D' is no name"),
        std::string::npos);
}

}  // namespace
}  // namespace paperd::storage
