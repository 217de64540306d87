#include "daemon/commands/ready_made_jobs.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace paperd::daemon {
namespace {

namespace fs = std::filesystem;

// From the program's folder; CMakeLists.txt knows the two.
constexpr std::array kFolders = {PAPERD_JOBS_INSTALLED, PAPERD_JOBS_CHECKOUT};

std::vector<ReadyMadeJob> jobs_in(const fs::path& folder) {
    std::vector<ReadyMadeJob> jobs;
    std::error_code problem;  // a folder that cannot be listed has none
    for (fs::directory_iterator at(folder, problem), end; !problem && at != end;
         at.increment(problem)) {
        if (at->path().extension() == ".yaml") {
            jobs.push_back({at->path().stem().string(), at->path().string()});
        }
    }
    std::ranges::sort(jobs, {}, &ReadyMadeJob::name);
    return jobs;
}

}  // namespace

Result<std::vector<ReadyMadeJob>> ready_made_jobs() {
    std::error_code problem;
    const fs::path program = fs::read_symlink("/proc/self/exe", problem);
    if (problem) {
        return fail("the program's own folder is not known (/proc/self/exe: " + problem.message() +
                    "); give the path of a job");
    }
    std::string looked;
    for (const char* const folder : kFolders) {
        const fs::path place = (program.parent_path() / folder).lexically_normal();
        auto jobs = jobs_in(place);
        if (!jobs.empty()) {
            return jobs;
        }
        looked += (looked.empty() ? "" : " and ") + place.string();
    }
    return fail(fmt::format("there are no ready-made jobs in {}; install paperd whole, or give the "
                            "path of a job",
                            looked),
                ErrorKind::usage);
}

}  // namespace paperd::daemon
