// Without libFuzzer: runs the target over every file of the folders and files given, in the order
// of their names. Exit code 0: all went well; 2: nothing to run.
#ifndef PAPERD_FUZZERS

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
    namespace fs = std::filesystem;
    // CTest's WILL_FAIL takes an exit code, not a signal.
    std::signal(SIGABRT, [](int) { std::_Exit(1); });
    std::vector<fs::path> files;
    for (int i = 1; i < argc; ++i) {
        if (fs::is_directory(argv[i])) {
            for (const auto& entry : fs::directory_iterator(argv[i])) {
                files.push_back(entry.path());
            }
        } else {
            files.emplace_back(argv[i]);
        }
    }
    std::ranges::sort(files);
    for (const fs::path& file : files) {
        std::ifstream in(file, std::ios::binary);
        if (!in) {
            std::fprintf(stderr, "%s: cannot be opened\n", file.c_str());
            return 2;
        }
        const std::vector<char> text{std::istreambuf_iterator<char>(in), {}};
        const std::vector<std::uint8_t> bytes(text.begin(), text.end());
        std::fprintf(stderr, "%s\n", file.c_str());
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
    std::fprintf(stderr, "%zu inputs\n", files.size());
    return files.empty() ? 2 : 0;
}

#endif
