#include "tests/support/paths.h"

#include <cstdlib>
#include <filesystem>

namespace paperd::support {

std::string source_path(const std::string& relative) {
    return std::string(PAPERD_SOURCE_DIR) + "/" + relative;
}

std::string golden_path(const std::string& name) { return source_path("tests/golden/" + name); }

std::string shared_path(const std::string& relative) {
    const char* set = std::getenv("PAPERD_SHARED");
    const std::string path =
        (set != nullptr ? set : source_path("../shared")) + std::string("/") + relative;
    return std::filesystem::exists(path) ? path : std::string();
}

}  // namespace paperd::support
