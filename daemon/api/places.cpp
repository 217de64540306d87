#include "daemon/api/places.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace paperd::daemon {
namespace {

namespace fs = std::filesystem;

std::string beside(const std::string& db_path, const char* ending) {
    std::error_code unresolved;
    const fs::path real = fs::weakly_canonical(db_path, unresolved);
    return (unresolved ? db_path : real.string()) + ending;
}

}  // namespace

std::string socket_path_of(const std::string& db_path) { return beside(db_path, "-socket"); }

std::string token_path_of(const std::string& db_path) { return beside(db_path, "-token"); }

Result<std::string> only_file_ending(const std::string& folder, const std::string& ending) {
    std::vector<std::string> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(ending)) {
            found.push_back(name);
        }
    }
    if (found.size() == 1) {
        return Result<std::string>(boost::system::in_place_value,
                                   (fs::path(folder) / found.front()).string());
    }
    std::sort(found.begin(), found.end());
    return fail(found.empty()
                    ? fmt::format("which daemon? No file of this folder ends with {}; name its "
                                  "database with --db FILE, or its port with --port",
                                  ending)
                    : fmt::format("which daemon? This folder has {}; name its database with "
                                  "--db FILE",
                                  fmt::join(found, ", ")),
                ErrorKind::usage);
}

}  // namespace paperd::daemon
