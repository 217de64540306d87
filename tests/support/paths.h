// Where tests find their files.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

namespace paperd::support {

inline std::string source_path(const std::string& relative) {
    return std::string(PAPERD_SOURCE_DIR) + "/" + relative;
}

// Synthetic goldens, committed.
inline std::string golden_path(const std::string& name) {
    return source_path("tests/golden/" + name);
}

// The real data beside the checkout, or PAPERD_SHARED; empty when it is not there.
inline std::string shared_path(const std::string& relative) {
    const char* set = std::getenv("PAPERD_SHARED");
    const std::string root = set != nullptr ? set : source_path("../shared");
    return std::filesystem::exists(root + "/" + relative) ? root + "/" + relative : std::string();
}

}  // namespace paperd::support

// Skips the test, saying so, where the real data is absent.
#define PAPERD_NEEDS_SHARED(variable, relative)                                          \
    const std::string variable = ::paperd::support::shared_path(relative);               \
    if (variable.empty()) {                                                              \
        GTEST_SKIP() << "needs the real data (" << (relative) << "), which is not here"; \
    }
