#include "tests/support/process.h"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace paperd::support {
namespace {

int exit_code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Open from the start, so that a test that gave its privileges up can run the program also where
// it lies in a folder that is not everybody's.
const int kPaperd = open(PAPERD_BINARY, O_PATH | O_CLOEXEC);

}  // namespace

void change_environment(const std::vector<std::string>& environment) {
    for (const std::string& change : environment) {
        const auto at = change.find('=');
        setenv(change.substr(0, at).c_str(), change.substr(at + 1).c_str(), 1);
    }
}

void become_paperd(const std::vector<std::string>& arguments) {
    std::vector<std::string> words = {PAPERD_BINARY};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    fexecve(kPaperd, pointers.data(), environ);
    _exit(127);
}

ProcessResult run_paperd(const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment) {
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    if (pipe(out.data()) != 0 || pipe(err.data()) != 0) {
        ADD_FAILURE() << "no pipe";
        return {};
    }
    const pid_t child = fork();
    if (child == 0) {
        dup2(out[1], 1);
        dup2(err[1], 2);
        for (const int fd : {out[0], out[1], err[0], err[1]}) {
            close(fd);
        }
        change_environment(environment);
        become_paperd(arguments);
    }
    close(out[1]);
    close(err[1]);
    ProcessResult result;
    std::array<pollfd, 2> waiting = {pollfd{out[0], POLLIN, 0}, pollfd{err[0], POLLIN, 0}};
    std::array<std::string*, 2> texts = {&result.out, &result.err};
    int open = 2;
    while (open > 0) {
        poll(waiting.data(), waiting.size(), -1);
        for (std::size_t i = 0; i < waiting.size(); ++i) {
            if (waiting[i].fd < 0 || waiting[i].revents == 0) {
                continue;
            }
            std::array<char, 4096> buffer{};
            const ssize_t got = read(waiting[i].fd, buffer.data(), buffer.size());
            if (got > 0) {
                texts[i]->append(buffer.data(), static_cast<std::size_t>(got));
            } else {
                close(waiting[i].fd);
                waiting[i].fd = -1;
                --open;
            }
        }
    }
    int status = 0;
    waitpid(child, &status, 0);
    result.exit_code = exit_code_of(status);
    return result;
}

ProcessResult run_paperd_writing_to(int descriptor, const std::vector<std::string>& arguments) {
    std::array<int, 2> err{};
    if (pipe2(err.data(), O_CLOEXEC) != 0) {
        ADD_FAILURE() << "no pipe";
        return {};
    }
    const pid_t child = fork();
    if (child == 0) {
        descriptor < 0 ? close(1) : dup2(descriptor, 1);
        dup2(err[1], 2);
        become_paperd(arguments);
    }
    close(err[1]);
    ProcessResult result;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = read(err[0], buffer.data(), buffer.size())) > 0;) {
        result.err.append(buffer.data(), static_cast<std::size_t>(got));
    }
    close(err[0]);
    int status = 0;
    waitpid(child, &status, 0);
    result.exit_code = exit_code_of(status);
    return result;
}

bool run_paperd_and_kill(const std::vector<std::string>& arguments, int after_ms, int* exit_code) {
    const pid_t child = fork();
    if (child == 0) {
        const int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, 1);
        dup2(nowhere, 2);
        become_paperd(arguments);
    }
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(after_ms);
    int status = 0;
    while (std::chrono::steady_clock::now() < end) {
        if (waitpid(child, &status, WNOHANG) == child) {
            *exit_code = exit_code_of(status);
            return false;
        }
        usleep(200);
    }
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    *exit_code = exit_code_of(status);
    return WIFSIGNALED(status);
}

TempDir::TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "paperd-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
        ADD_FAILURE() << "no temporary folder";
    }
    root_ = pattern;
}

TempDir::~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
}

void write_file(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace paperd::support
