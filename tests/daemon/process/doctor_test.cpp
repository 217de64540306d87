#include "daemon/process/doctor.h"

#include <gtest/gtest.h>

namespace paperd::daemon {
namespace {

Machine good_machine() {
    return {.kernel = "Linux 6.1.0 x86_64",
            .cpu = {.model = "Some CPU", .cores = 2, .avx2 = true, .avx512 = false},
            .memory_bytes = 8LL << 30,
            .memory_available_bytes = 4LL << 30,
            .open_files_max = 1024,
            .tz_version = "2024b",
            .blas_path = "/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3"};
}

const DoctorLibraries kLibraries = {.sqlite = "3.40.1", .inference = "libtorch 1.13.1; threads 1"};

TEST(Doctor, FindsNothingOnAGoodMachine) {
    const DoctorReport report = examine(good_machine(), kLibraries);
    EXPECT_TRUE(report.healthy());
    EXPECT_TRUE(report.warnings.empty());
    for (const char* part : {"libtorch 1.13.1", "3.40.1", "boost", "openssl", "2024b", "avx2 yes",
                             "avx512 no", "Linux 6.1.0", "8192 MiB", "No problem found."}) {
        EXPECT_NE(report.text.find(part), std::string::npos) << part << " in\n" << report.text;
    }
}

TEST(Doctor, NamesThePackageThatCuresAMissingTzDatabase) {
    Machine machine = good_machine();
    machine.tz_version.clear();
    const DoctorReport report = examine(machine, kLibraries);
    EXPECT_FALSE(report.healthy());
    EXPECT_NE(report.text.find("ERROR: "), std::string::npos);
    EXPECT_NE(report.text.find("install the package tzdata"), std::string::npos);
}

TEST(Doctor, WarnsOfTheReferenceBlas) {
    Machine machine = good_machine();
    machine.blas_path = "/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0";
    const DoctorReport report = examine(machine, kLibraries);
    EXPECT_TRUE(report.healthy());
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_NE(report.warnings[0].find("libopenblas0-pthread"), std::string::npos);
}

TEST(Doctor, WarnsOfACpuWithoutAvx2LittleMemoryAndFewFiles) {
    Machine machine = good_machine();
    machine.cpu.avx2 = false;
    EXPECT_EQ(examine(machine, kLibraries).warnings.size(), 1U);
    machine.memory_bytes = 1LL << 30;
    EXPECT_EQ(examine(machine, kLibraries).warnings.size(), 2U);
    machine.open_files_max = 64;
    EXPECT_EQ(examine(machine, kLibraries).warnings.size(), 3U);
    EXPECT_TRUE(examine(machine, kLibraries).healthy());
}

}  // namespace
}  // namespace paperd::daemon
