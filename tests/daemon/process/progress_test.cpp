#include "daemon/process/progress.h"

#include <algorithm>
#include <array>
#include <regex>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace paperd::daemon {
namespace {

// A pipe whose writing end stands for stderr.
class Pipe {
public:
    Pipe() {
        EXPECT_EQ(::pipe(ends_.data()), 0);
        EXPECT_EQ(::fcntl(ends_[0], F_SETFL, O_NONBLOCK), 0);
    }

    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    ~Pipe() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }

    [[nodiscard]] int in() const { return ends_[1]; }

    [[nodiscard]] std::string read() const {
        std::array<char, 65536> buffer{};
        const ssize_t got = ::read(ends_[0], buffer.data(), buffer.size());
        return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : std::string();
    }

private:
    std::array<int, 2> ends_{};
};

TEST(Progress, IsSilentInAPipeUntilTheFinalLine) {
    const Pipe pipe;
    Progress progress("replay", "slices", 97'500, {.descriptor = pipe.in(), .terminal = false});
    for (int done = 0; done <= 97'500; done += 100) {
        progress.update(done);
    }
    EXPECT_EQ(pipe.read(), "");
    progress.finish();
    const std::string line = pipe.read();
    EXPECT_TRUE(std::regex_match(
        line, std::regex(R"(replay: 97,500 slices in \d+\.\d s( \([\d,]+ slices/s\))?\n)")))
        << line;
}

TEST(Progress, RedrawsOneLineOnATerminalAndEndsWithALine) {
    const Pipe pipe;
    Progress progress("replay", "bars", 200,
                      {.descriptor = pipe.in(), .terminal = true, .columns = 80});
    progress.update(50);
    const std::string drawn = pipe.read();
    EXPECT_TRUE(drawn.starts_with("\r\x1b[Kreplay [")) << drawn;
    EXPECT_NE(drawn.find(" 25% 50/200 bars ETA "), std::string::npos) << drawn;
    EXPECT_EQ(drawn.find('\n'), std::string::npos);
    progress.finish();
    const std::string end = pipe.read();
    EXPECT_TRUE(end.starts_with("\r\x1b[Kreplay: 50 bars in ")) << end;
    EXPECT_TRUE(end.ends_with("\n"));
}

TEST(Progress, DrawsAtMostTenTimesASecond) {
    const Pipe pipe;
    const Stopwatch watch;
    Progress progress("replay", "bars", 1'000'000,
                      {.descriptor = pipe.in(), .terminal = true, .columns = 80});
    for (int done = 0; done < 20'000; ++done) {
        progress.update(done);
    }
    const double elapsed_s = watch.seconds();
    const std::string drawn = pipe.read();
    const auto draws = std::count(drawn.begin(), drawn.end(), '\r');
    EXPECT_GE(draws, 1);
    EXPECT_LE(static_cast<double>(draws), 1 + elapsed_s / 0.1);
}

TEST(Progress, WipesItsLineForOthersAndWhenItIsDropped) {
    const Pipe pipe;
    {
        Progress progress("train", "epochs", 10,
                          {.descriptor = pipe.in(), .terminal = true, .columns = 80});
        progress.update(1);
        EXPECT_NE(pipe.read(), "");
        clear_progress_line();
        EXPECT_EQ(pipe.read(), "\r\x1b[K");
        clear_progress_line();
        EXPECT_EQ(pipe.read(), "");
    }
    EXPECT_EQ(pipe.read(), "");
    {
        Progress progress("train", "epochs", 10,
                          {.descriptor = pipe.in(), .terminal = true, .columns = 80});
        progress.update(1);
        EXPECT_NE(pipe.read(), "");
    }
    EXPECT_EQ(pipe.read(), "\r\x1b[K");
}

TEST(ProgressLine, NeverFillsTheLastColumn) {
    for (int columns = 0; columns <= 200; ++columns) {
        for (const std::int64_t total : {0, 7, 1'000'000}) {
            const std::string line = progress_line("replay", "slices", 5, total, 3.0, columns);
            ASSERT_LE(line.size(), static_cast<std::size_t>(std::max(columns - 1, 0))) << line;
            ASSERT_EQ(line.find_first_of("\n\r\x1b"), std::string::npos);
        }
    }
}

TEST(ProgressLine, ShowsTheTimeLeft) {
    EXPECT_EQ(progress_line("replay", "slices", 250, 1000, 10, 60),
              "replay [####---------------]  25% 250/1,000 slices ETA 0:30");
    EXPECT_EQ(progress_line("replay", "slices", 0, 1000, 10, 20), "replay   0% 0/1,000");
    EXPECT_EQ(progress_line("feed", "bars", 12'345, 0, 61, 60), "feed 12,345 bars, 1:01");
}

TEST(ProgressLine, ShowsTheSpeedWithANote) {
    // 250 of 1,000 in 10 s: 30 s are left, and 25 are done a second. A quarter of the bar's 40
    // places is 10. At once, nothing is known of the speed.
    EXPECT_EQ(progress_line("train", "windows", 250, 1000, 10, 120, "loss 0.9"),
              "train [##########------------------------------]  25% 250/1,000 windows ETA 0:30, "
              "25/s, loss 0.9");
    EXPECT_EQ(progress_line("train", "windows", 0, 10, 0, 40, "loss 0.9"),
              "train [-------------]   0% 0/10 windows");
}

TEST(ProgressLine, StaysFullWhenMoreComesThanWasAnnounced) {
    EXPECT_NE(progress_line("replay", "slices", 12, 10, 1, 80).find("100% 12/10 slices ETA 0:00"),
              std::string::npos);
}

TEST(DurationText, GrowsWithTheDuration) {
    EXPECT_EQ(duration_text(0), "0:00");
    EXPECT_EQ(duration_text(7.4), "0:07");
    EXPECT_EQ(duration_text(754), "12:34");
    EXPECT_EQ(duration_text(3723), "1:02:03");
    EXPECT_EQ(duration_text(-1), "0:00");
}

TEST(GroupedText, SeparatesThousands) {
    EXPECT_EQ(grouped_text(0), "0");
    EXPECT_EQ(grouped_text(999), "999");
    EXPECT_EQ(grouped_text(1000), "1,000");
    EXPECT_EQ(grouped_text(-123'456), "-123,456");
    EXPECT_EQ(grouped_text(12'345'678), "12,345,678");
}

}  // namespace
}  // namespace paperd::daemon
