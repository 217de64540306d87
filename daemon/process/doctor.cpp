#include "daemon/process/doctor.h"

#include <string_view>

#include <boost/version.hpp>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <spdlog/version.h>

namespace paperd::daemon {

namespace {

constexpr std::int64_t kMemoryMinBytes = 2LL << 30;  // a model, 505 symbols and their rings
constexpr std::uint64_t kOpenFilesMin = 256;         // database, log, sockets, feed files

// Netlib's reference BLAS, by the path Debian gives it; any other implementation is fast enough.
bool is_reference_blas(std::string_view path) {
    return path.find("/blas/libblas.so") != std::string_view::npos;
}

std::string mebibytes(std::int64_t bytes) { return fmt::format("{} MiB", bytes >> 20); }

std::string or_unknown(const std::string& text) { return text.empty() ? "unknown" : text; }

void find_errors(const Machine& machine, DoctorReport& report) {
    if (machine.tz_version.empty()) {
        report.errors.emplace_back(
            "there is no tz database in /usr/share/zoneinfo, so no exchange calendar can be made; "
            "install the package tzdata");
    }
}

void find_warnings(const Machine& machine, DoctorReport& report) {
    if (is_reference_blas(machine.blas_path)) {
        report.warnings.push_back(
            fmt::format("LibTorch computes with the reference BLAS ({}), which is about three "
                        "times slower than "
                        "OpenBLAS; install the package libopenblas0-pthread",
                        machine.blas_path));
    }
    if (!machine.cpu.avx2) {
        report.warnings.emplace_back(
            "the CPU does not offer AVX2, so models infer several times slower; in a virtual "
            "machine choose the host's CPU type");
    }
    if (machine.memory_bytes > 0 && machine.memory_bytes < kMemoryMinBytes) {
        report.warnings.push_back(
            fmt::format("{} of memory is little: running needs up to 2 GiB, training more",
                        mebibytes(machine.memory_bytes)));
    }
    if (machine.open_files_max < kOpenFilesMin) {
        report.warnings.push_back(
            fmt::format("only {} files may be open at once; raise the limit with 'ulimit -n 1024'",
                        machine.open_files_max));
    }
}

}  // namespace

DoctorReport examine(const Machine& machine, const DoctorLibraries& libraries) {
    DoctorReport report;
    find_errors(machine, report);
    find_warnings(machine, report);

    const auto line = [&](std::string_view name, const std::string& value) {
        report.text += fmt::format("{:<12}{}\n", name, value);
    };
    line("paperd", PAPERD_VERSION);
    line("inference", or_unknown(libraries.inference));
    line("blas", machine.blas_path.empty() ? "none loaded" : machine.blas_path);
    line("boost", fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000,
                              BOOST_VERSION % 100));
    line("sqlite", or_unknown(libraries.sqlite));
    line("openssl", OpenSSL_version(OPENSSL_VERSION_STRING));
    line("fmt, spdlog",
         fmt::format("{}.{}.{}, {}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100,
                     FMT_VERSION % 100, SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH));
    line("tz database", machine.tz_version.empty() ? "missing" : machine.tz_version);
    line("kernel", or_unknown(machine.kernel));
    line("cpu", fmt::format("{}, {} cores, avx2 {}, avx512 {}", or_unknown(machine.cpu.model),
                            machine.cpu.cores, machine.cpu.avx2 ? "yes" : "no",
                            machine.cpu.avx512 ? "yes" : "no"));
    line("memory", fmt::format("{}, {} available", mebibytes(machine.memory_bytes),
                               mebibytes(machine.memory_available_bytes)));
    line("open files", fmt::format("at most {}", machine.open_files_max));
    for (const std::string& error : report.errors) {
        report.text += fmt::format("ERROR: {}\n", error);
    }
    for (const std::string& warning : report.warnings) {
        report.text += fmt::format("WARNING: {}\n", warning);
    }
    if (report.errors.empty() && report.warnings.empty()) {
        report.text += "No problem found.\n";
    }
    return report;
}

}  // namespace paperd::daemon
