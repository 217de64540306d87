#include "execution/types/symbol_name.h"

#include <string>

#include <gtest/gtest.h>

namespace paperd {
namespace {

TEST(SymbolName, IsWhatVenuesAndVendorsWrite) {
    for (const char* name : {"SPY", "BRK.B", "^VIX", "EURUSD=X", "BTC-USD", "700", "a_b", "A",
                             "..A", "...", "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"}) {
        EXPECT_TRUE(is_symbol_name(name)) << name;
    }
}

TEST(SymbolName, IsNothingThatLeavesAFolderOrBreaksALine) {
    for (const std::string& name :
         {std::string(""), std::string("."), std::string(".."), std::string("../OUT"),
          std::string("/etc/passwd"), std::string("A/B"), std::string("A B"), std::string("A,B"),
          std::string("A\nB"), std::string("A\0B", 3), std::string("\xc3\x84"), std::string("*"),
          std::string(kNameMax + 1, 'A')}) {
        EXPECT_FALSE(is_symbol_name(name)) << name;
    }
}

TEST(Name, TakesTheMarksItIsGiven) {
    EXPECT_TRUE(is_name("momentum_10", "_"));
    EXPECT_FALSE(is_name("momentum_10", ""));
    EXPECT_FALSE(is_name("momentum-10", "_"));
}

}  // namespace
}  // namespace paperd
