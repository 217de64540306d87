// Output that cannot be written is a failure, and what it says harms no terminal.
#include <array>
#include <csignal>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/daemon/said.h"
#include "tests/support/jobs.h"
#include "tests/support/process.h"

namespace paperd {
namespace {

using support::expect_said;
using support::run_paperd;
using support::run_paperd_writing_to;

// Commands with little and with much to print.
std::vector<std::vector<std::string>> commands(const support::TempDir& dir) {
    support::write_file(dir.path("job.yaml"), support::synthetic_job(1));
    const auto made = run_paperd({"run", "-c", dir.path("job.yaml"), "--db", dir.path("a.db")});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    return {{"version"},
            {"--help"},
            {"check", "--reference"},
            {"check", "-c", dir.path("job.yaml")},
            {"verify", "--db", dir.path("a.db")},
            {"decisions", "--db", dir.path("a.db"), "--format", "csv"}};
}

TEST(Output, ThatAFullDiskCutsIsAFailure) {
    const support::TempDir dir;
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(full, 0);
    for (const auto& command : commands(dir)) {
        SCOPED_TRACE(command.front());
        expect_said(run_paperd_writing_to(full, command), 1,
                    {"", "the output could not be written", "free space"});
    }
    ::close(full);
}

TEST(Output, ToAClosedDescriptorIsAFailureAndGoesIntoNoOtherFile) {
    const support::TempDir dir;
    for (const auto& command : commands(dir)) {
        SCOPED_TRACE(command.front());
        expect_said(run_paperd_writing_to(-1, command), 1,
                    {"", "the output could not be written", ""});
    }
    const auto whole = run_paperd({"verify", "--db", dir.path("a.db")});
    EXPECT_EQ(whole.exit_code, 0) << whole.out;
}

// As of `paperd trades | head -1`, with SIGPIPE as a shell leaves it: the signal's death, in
// silence.
TEST(Output, ThatNobodyReadsAnyMoreIsNoWordWorth) {
    const support::TempDir dir;
    for (const auto& command : commands(dir)) {
        SCOPED_TRACE(command.front());
        std::array<int, 2> ends{};
        ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
        ::close(ends[0]);
        const auto done = run_paperd_writing_to(ends[1], command);
        ::close(ends[1]);
        EXPECT_EQ(done.err, "");
        EXPECT_EQ(done.exit_code, 128 + SIGPIPE);
    }
}

// A replay ignores the signal.
TEST(Output, OfAReplayThatNobodyReadsAnyMoreIsNoFailure) {
    const support::TempDir dir;
    support::write_file(dir.path("job.yaml"), support::hybrid_job());
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    ::close(ends[0]);
    const auto done = run_paperd_writing_to(
        ends[1], {"replay", "-c", dir.path("job.yaml"), "--from", "2018-06-01", "--to",
                  "2018-08-31", "--db", dir.path("a.db")});
    ::close(ends[1]);
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(done.err.find("paperd: "), std::string::npos) << done.err;
}

TEST(Output, ShowsTheControlCharactersThatItWasGiven) {
    const std::string bell = "a\x1b]0;mine\x07z";
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"trades", "--db", "x.db", "--format", bell},
          {"check", "-c", bell},
          {"check", "-c", "x", "--for", bell},
          {"trades", "--db", bell},
          {"ctl", "status", "--socket", bell},
          {"features", "--set", "attention", "--bars", bell},
          {bell}}) {
        SCOPED_TRACE(command.front());
        const auto done = run_paperd(command);
        EXPECT_NE(done.exit_code, 0);
        EXPECT_EQ((done.out + done.err).find_first_of("\x1b\x07"), std::string::npos) << done.err;
        EXPECT_NE(done.err.find("a\\x1b]0;mine\\x07z"), std::string::npos) << done.err;
    }
}

}  // namespace
}  // namespace paperd
