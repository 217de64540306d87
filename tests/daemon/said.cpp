#include "tests/daemon/said.h"

#include <gtest/gtest.h>

namespace paperd::support {

void expect_said(const ProcessResult& result, int exit_code, const Sentence& sentence) {
    EXPECT_EQ(result.exit_code, exit_code) << result.out << result.err;
    // The log writes to stderr too, in lines of its own before.
    const std::string lines = "\n" + result.err;
    const auto at = lines.rfind("\npaperd: ");
    ASSERT_NE(at, std::string::npos) << result.err;
    const std::string said = lines.substr(at);
    EXPECT_EQ(said.find("unexpected:"), std::string::npos) << said;
    for (const std::string& part : {sentence.where, sentence.what, sentence.remedy}) {
        EXPECT_NE(said.find(part), std::string::npos) << "'" << part << "' is not in: " << said;
    }
}

std::string exchanged(std::string text, const std::string& old, const std::string& now) {
    const auto at = text.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    return at == std::string::npos ? text : text.replace(at, old.size(), now);
}

}  // namespace paperd::support
