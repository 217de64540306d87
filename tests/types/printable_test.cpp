#include "execution/types/printable.h"

#include <string>

#include <gtest/gtest.h>

namespace paperd {
namespace {

TEST(Printable, PlainTextIsItself) {
    EXPECT_EQ(printable("AAPL 10.5, 'x' ~"), "AAPL 10.5, 'x' ~");
    EXPECT_EQ(printable(""), "");
    EXPECT_EQ(in_quotes("10.5"), "'10.5'");
}

TEST(Printable, WhatATerminalWouldObeyIsShown) {
    EXPECT_EQ(printable(std::string("1\0002", 3)), "1\\x002");
    EXPECT_EQ(printable("\x1b[2J"), "\\x1b[2J");
    EXPECT_EQ(printable("a\tb\r\nc\\d"), "a\\tb\\r\\nc\\\\d");
    EXPECT_EQ(printable("\x7f\x9b\xc2\xa0"), "\\x7f\\x9b\\xc2\\xa0");
}

TEST(Printable, OfEveryByteIsPrintable) {
    for (int code = 0; code < 256; ++code) {
        for (const char c : printable(std::string(1, static_cast<char>(code)))) {
            EXPECT_TRUE(c >= 0x20 && c < 0x7f) << code;
        }
    }
}

}  // namespace
}  // namespace paperd
