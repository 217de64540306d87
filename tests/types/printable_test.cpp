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

TEST(ForTerminal, KeepsWordsOfAnyLanguageAndWhatWasEscapedBefore) {
    const std::string said = "données/ž.db:3: high '\\x1b[2J' is\n\tno number 😀";
    EXPECT_EQ(for_terminal(said), said);
    EXPECT_EQ(for_terminal_line("a\n\tb\r"), "a  b\\x0d");
    EXPECT_EQ(for_terminal(""), "");
}

TEST(ForTerminal, ShowsWhatATerminalWouldObey) {
    EXPECT_EQ(for_terminal("a\x1b]0;title\x07z\x7f\r"), "a\\x1b]0;title\\x07z\\x7f\\x0d");
    EXPECT_EQ(for_terminal("\xc2\x9b"
                           "2J"),
              "\\xc2\\x9b2J")
        << "U+009B, an escape and [ in one";
    EXPECT_EQ(for_terminal("\x9b"
                           "2J\xff\xed\xa0\x80"),
              "\\x9b2J\\xff\\xed\\xa0\\x80");
    EXPECT_EQ(for_terminal(std::string("\0", 1)), "\\x00");
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
