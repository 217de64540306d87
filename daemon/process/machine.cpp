#include "daemon/process/machine.h"

#include <charconv>
#include <fstream>
#include <sstream>

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace paperd::daemon {

namespace {

std::string read_text(const char* path) {
    const std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Takes the first line off `text`.
std::string_view next_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

bool has_word(std::string_view text, std::string_view word) {
    while (!text.empty()) {
        const std::size_t end = text.find(' ');
        if (text.substr(0, end) == word) {
            return true;
        }
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return false;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end == text.data()) {
        return std::nullopt;
    }
    return value;
}

}  // namespace

CpuInfo parse_cpuinfo(std::string_view text) {
    CpuInfo cpu;
    while (!text.empty()) {
        const std::string_view line = next_line(text);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) {
            continue;
        }
        const std::string_view key = trim(line.substr(0, colon));
        const std::string_view value = trim(line.substr(colon + 1));
        if (key == "processor") {
            ++cpu.cores;
        } else if (key == "model name") {
            cpu.model = value;
        } else if (key == "flags") {
            cpu.avx2 = has_word(value, "avx2");
            cpu.avx512 = has_word(value, "avx512f");
        }
    }
    return cpu;
}

std::optional<std::int64_t> parse_meminfo(std::string_view text, std::string_view key) {
    while (!text.empty()) {
        const std::string_view line = next_line(text);
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos && line.substr(0, colon) == key) {
            const auto kilobytes = parse_integer(trim(line.substr(colon + 1)));
            return kilobytes ? std::optional(*kilobytes * 1024) : std::nullopt;
        }
    }
    return std::nullopt;
}

std::optional<std::int64_t> parse_resident_pages(std::string_view text) {
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos) {
        return std::nullopt;
    }
    return parse_integer(text.substr(space + 1));
}

std::string parse_tz_version(std::string_view text) {
    constexpr std::string_view kPrefix = "# version ";
    const std::string_view line = next_line(text);
    return line.starts_with(kPrefix) ? std::string(trim(line.substr(kPrefix.size())))
                                     : std::string();
}

std::string parse_blas_path(std::string_view text) {
    while (!text.empty()) {
        const std::string_view line = next_line(text);
        const std::size_t path = line.find('/');
        if (path != std::string_view::npos &&
            line.substr(path).find("/libblas.so") != std::string_view::npos) {
            return std::string(trim(line.substr(path)));
        }
    }
    return {};
}

std::int64_t resident_bytes() {
    const auto pages = parse_resident_pages(read_text("/proc/self/statm"));
    return pages ? *pages * ::sysconf(_SC_PAGESIZE) : 0;
}

Machine this_machine() {
    Machine machine;
    utsname name{};
    if (::uname(&name) == 0) {
        machine.kernel = std::string(name.sysname) + " " + name.release + " " + name.machine;
    }
    machine.cpu = parse_cpuinfo(read_text("/proc/cpuinfo"));
    const std::string memory = read_text("/proc/meminfo");
    machine.memory_bytes = parse_meminfo(memory, "MemTotal").value_or(0);
    machine.memory_available_bytes = parse_meminfo(memory, "MemAvailable").value_or(0);
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        machine.open_files_max = limit.rlim_cur;
    }
    machine.tz_version = parse_tz_version(read_text("/usr/share/zoneinfo/tzdata.zi"));
    machine.blas_path = parse_blas_path(read_text("/proc/self/maps"));
    return machine;
}

}  // namespace paperd::daemon
