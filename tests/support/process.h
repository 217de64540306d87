// Running the built program as a user would.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace paperd::support {

struct ProcessResult {
    int exit_code = -1;  // 128 + signal where one ended it
    std::string out;
    std::string err;
};

// In a child process: becomes paperd, as CMake built it, with these arguments, and does not return.
[[noreturn]] void become_paperd(const std::vector<std::string>& arguments);

// "NAME=value": of this process, and of what it becomes.
void change_environment(const std::vector<std::string>& environment);

// Runs paperd with these arguments and "NAME=value" environment changes until it ends.
ProcessResult run_paperd(const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment = {});

// The same with its stdout at this descriptor (-1: closed); the result's `out` is empty.
ProcessResult run_paperd_writing_to(int descriptor, const std::vector<std::string>& arguments);

// Starts it with its output thrown away, kills it (SIGKILL) after that time unless it ended before.
// Returns true where it was killed.
bool run_paperd_and_kill(const std::vector<std::string>& arguments, int after_ms, int* exit_code);

// A fresh folder under the build tree's temporary folder, removed with the object.
class TempDir {
public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    [[nodiscard]] std::string path(const std::string& name) const { return root_ + "/" + name; }

    [[nodiscard]] const std::string& root() const { return root_; }

private:
    std::string root_;
};

void write_file(const std::string& path, const std::string& text);
std::string read_file(const std::string& path);

}  // namespace paperd::support
