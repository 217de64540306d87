#include "daemon/commands/init_command.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "config/loader.h"
#include "config/problems.h"
#include "daemon/commands/ready_made_jobs.h"

namespace paperd::daemon {
namespace {

namespace fs = std::filesystem;

bool is_path(const std::string& job) {
    return job.find('/') != std::string::npos || job.ends_with(".yaml") || job.ends_with(".yml");
}

Result<int> list_jobs() {
    TRY_LET(const auto jobs, ready_made_jobs());
    for (const ReadyMadeJob& job : jobs) {
        TRY_LET(const auto config, config::load_config(job.path, {.check_files = false}));
        fmt::print("{:<24}{}\n", job.name, config.title);
    }
    fmt::print("\nNext: paperd init {} --out mine.yaml\n", jobs.front().name);
    return 0;
}

// The absolute path of the job that is meant, so that what it reads is found from anywhere.
Result<std::string> find_job(const std::string& job) {
    if (is_path(job)) {
        return fs::absolute(job).lexically_normal().string();
    }
    TRY_LET(const auto jobs, ready_made_jobs());
    std::vector<std::string> names;
    for (const ReadyMadeJob& known : jobs) {
        if (known.name == job) {
            return known.path;
        }
        names.push_back(known.name);
    }
    const std::string meant = config::nearest_name(job, names);
    return fail(meant.empty() ? fmt::format("there is no ready-made job '{}'; choose one of {}, or "
                                            "give the path of a YAML file",
                                            job, fmt::join(names, ", "))
                              : fmt::format("there is no ready-made job '{}'; did you mean '{}'?",
                                            job, meant),
                ErrorKind::usage);
}

std::string starter(const config::Config& config, const std::string& from) {
    return fmt::format(
        "# A job made from {0} by 'paperd init': every key, with its unit and default.\n"
        "# 'paperd check --reference' says what each does, 'paperd check -c {1}' whether all is "
        "well.\n"
        "#\n"
        "# What is read (bars, model, token) is relative to this file's folder, what is written\n"
        "# (database, log) to the current one.\n\n{2}",
        from, fs::path(config.path).filename().string(), config::annotated_yaml(config));
}

Error not_written(const std::string& path, int why) {
    const std::string reason = std::generic_category().message(why);
    return why == EEXIST ? fail(fmt::format("{}: is there already, and is not written over; name "
                                            "another file with --out, or remove it",
                                            path),
                                ErrorKind::usage)
                         : fail(fmt::format("{}: cannot be written ({}); is the folder there, and "
                                            "is there room?",
                                            path, reason));
}

// A new file, whole or not at all.
Result<void> write_new(const std::string& path, const std::string& text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (file < 0) {
        return not_written(path, errno);
    }
    std::size_t done = 0;
    int why = 0;
    while (done < text.size() && why == 0) {
        const ssize_t wrote = ::write(file, text.data() + done, text.size() - done);
        if (wrote < 0 && errno != EINTR) {
            why = errno;
        }
        done += wrote > 0 ? static_cast<std::size_t>(wrote) : 0;
    }
    if (::close(file) != 0 && why == 0) {
        why = errno;
    }
    if (why != 0) {
        ::unlink(path.c_str());
        return not_written(path, why);
    }
    return {};
}

}  // namespace

void declare(InitCommand& command, Options& options) {
    options.text("job", command.job,
                 "a ready-made job's name, or a path (without: lists the ready-made ones)");
    options.text("--out", command.out, "the file to write (default: the job's name)");
}

Result<int> execute(const InitCommand& command) {
    if (command.job.empty()) {
        return list_jobs();
    }
    TRY_LET(const auto source, find_job(command.job));
    TRY_LET(auto config, config::load_config(source, {.check_files = false}));
    const std::string out =
        command.out.empty() ? fs::path(source).filename().string() : command.out;
    config.path = fs::absolute(out).lexically_normal().string();  // what is below is named so
    TRY(write_new(out, starter(config, fs::path(source).stem().string())));
    fmt::print("{0}: written\n\nNext: change what you like, then paperd check -c {0}\n", out);
    return 0;
}

}  // namespace paperd::daemon
