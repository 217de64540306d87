// What the program said to a person: an exit code and one sentence with where, what and the remedy.
#pragma once

#include <string>

#include "tests/support/process.h"

namespace paperd::support {

struct Sentence {
    std::string where;   // a path, with the line where there is one; empty: the command line
    std::string what;    // what is wrong and why
    std::string remedy;  // what to do
};

// The program ended by itself with this code, and its last words on stderr begin with "paperd: "
// and hold the sentence's parts.
void expect_said(const ProcessResult& result, int exit_code, const Sentence& sentence);

// `text` with the first `old` exchanged; the test fails where there is none.
std::string exchanged(std::string text, const std::string& old, const std::string& now);

}  // namespace paperd::support
