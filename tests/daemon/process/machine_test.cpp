#include "daemon/process/machine.h"

#include <gtest/gtest.h>

namespace paperd::daemon {
namespace {

TEST(Machine, ReadsCoresModelAndFlagsFromCpuinfo) {
    const CpuInfo cpu = parse_cpuinfo(
        "processor\t: 0\nmodel name\t: Some CPU @ 2.60GHz\nflags\t\t: fpu avx avx2 avx512f\n\n"
        "processor\t: 1\nmodel name\t: Some CPU @ 2.60GHz\nflags\t\t: fpu avx avx2 avx512f\n");
    EXPECT_EQ(cpu.cores, 2);
    EXPECT_EQ(cpu.model, "Some CPU @ 2.60GHz");
    EXPECT_TRUE(cpu.avx2);
    EXPECT_TRUE(cpu.avx512);
}

TEST(Machine, DoesNotTakeOneFlagForAnother) {
    const CpuInfo cpu = parse_cpuinfo("processor : 0\nflags : avx avx2x xavx2 avx512fp16\n");
    EXPECT_FALSE(cpu.avx2);
    EXPECT_FALSE(cpu.avx512);
    EXPECT_EQ(parse_cpuinfo("").cores, 0);
    EXPECT_EQ(parse_cpuinfo("no colon here\n:\n").cores, 0);
}

TEST(Machine, ReadsMeminfoInBytes) {
    const char* text = "MemTotal:       24689744 kB\nMemFree:         1 kB\nMemAvailable: 512 kB\n";
    EXPECT_EQ(parse_meminfo(text, "MemTotal"), 24689744LL * 1024);
    EXPECT_EQ(parse_meminfo(text, "MemAvailable"), 512 * 1024);
    EXPECT_EQ(parse_meminfo(text, "Mem"), std::nullopt);
    EXPECT_EQ(parse_meminfo("MemTotal: lots\n", "MemTotal"), std::nullopt);
}

TEST(Machine, ReadsResidentPages) {
    EXPECT_EQ(parse_resident_pages("5071 812 640 11 0 300 0\n"), 812);
    EXPECT_EQ(parse_resident_pages("5071"), std::nullopt);
    EXPECT_EQ(parse_resident_pages(""), std::nullopt);
}

TEST(Machine, ReadsTheVersionOfTheTzDatabase) {
    EXPECT_EQ(parse_tz_version("# version 2024b\n# This zic input file\n"), "2024b");
    EXPECT_EQ(parse_tz_version("R A 1916 o - Jun 14 23s 1 S\n"), "");
    EXPECT_EQ(parse_tz_version(""), "");
}

TEST(Machine, FindsTheBlasThatIsLoaded) {
    EXPECT_EQ(parse_blas_path(
                  "7f00-7f01 r-xp 00000000 08:01 12 [heap]\n"
                  "7f02-7f03 r-xp 00000000 08:01 13    /usr/lib/x86/blas/libblas.so.3.11.0\n"),
              "/usr/lib/x86/blas/libblas.so.3.11.0");
    EXPECT_EQ(parse_blas_path("7f02-7f03 r-xp 00000000 08:01 13 /usr/lib/libc.so.6\n"), "");
}

TEST(Machine, KnowsItself) {
    const Machine machine = this_machine();
    EXPECT_GE(machine.cpu.cores, 1);
    EXPECT_GT(machine.memory_bytes, machine.memory_available_bytes);
    EXPECT_GT(machine.open_files_max, 0U);
    EXPECT_TRUE(machine.kernel.starts_with("Linux ")) << machine.kernel;
    EXPECT_GT(resident_bytes(), 1 << 20);
    EXPECT_LT(resident_bytes(), machine.memory_bytes);
}

}  // namespace
}  // namespace paperd::daemon
