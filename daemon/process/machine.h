// What the kernel says about this machine and this process: read from /proc, parsed by functions
// that tests can feed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace paperd::daemon {

struct CpuInfo {
    std::string model;
    int cores = 0;  // logical
    bool avx2 = false;
    bool avx512 = false;  // avx512f
};

struct Machine {
    std::string kernel;
    CpuInfo cpu;
    std::int64_t memory_bytes = 0;
    std::int64_t memory_available_bytes = 0;
    std::uint64_t open_files_max = 0;  // soft limit
    std::string tz_version;            // "2024b"; empty: no tz database
    std::string blas_path;             // the BLAS this process has loaded; empty: none
};

// Reads all of it. What cannot be read stays empty or 0.
Machine this_machine();

// Resident memory of this process; 0 when unknown.
std::int64_t resident_bytes();

// /proc/cpuinfo
CpuInfo parse_cpuinfo(std::string_view text);

// /proc/meminfo: the value of a key ("MemTotal") in bytes.
std::optional<std::int64_t> parse_meminfo(std::string_view text, std::string_view key);

// /proc/self/statm: the resident pages.
std::optional<std::int64_t> parse_resident_pages(std::string_view text);

// The first line of tzdata.zi: "# version 2024b".
std::string parse_tz_version(std::string_view text);

// /proc/self/maps: the file that provides BLAS (its path tells which implementation Debian's
// alternatives chose), or empty.
std::string parse_blas_path(std::string_view text);

}  // namespace paperd::daemon
