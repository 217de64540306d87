// Where tests find their files.
#pragma once

#include <string>

#include <gtest/gtest.h>

namespace paperd::support {

// A file of the checkout, by its path from the top.
std::string source_path(const std::string& relative);

// Synthetic goldens, committed.
std::string golden_path(const std::string& name);

// The real data beside the checkout, or PAPERD_SHARED; empty when it is not there.
std::string shared_path(const std::string& relative);

}  // namespace paperd::support

// Skips the test, saying so, where the real data is absent.
#define PAPERD_NEEDS_SHARED(variable, relative)                                          \
    const std::string variable = ::paperd::support::shared_path(relative);               \
    if (variable.empty()) {                                                              \
        GTEST_SKIP() << "needs the real data (" << (relative) << "), which is not here"; \
    }
