// The halt by hand while orders work: they are cancelled, nothing more is ordered, and the database
// shows and replays the command.
#include <filesystem>

#include <gtest/gtest.h>

#include "execution/types/slice.h"
#include "storage/database.h"
#include "tests/daemon/running_paperd.h"
#include "tests/daemon/said.h"
#include "tests/support/jobs.h"

namespace paperd {
namespace {

using support::status_when;

using Statement = boost::json::object;

TEST(Halt, WhileOrdersWorkCancelsThemAndStopsTrading) {
    const support::TempDir dir;
    const std::string port = std::to_string(support::free_port());
    // Orders far larger than what a bar lets fill, so that some always work; 20 bars a second.
    const std::string job =
        support::exchanged(support::synthetic_job(0, "execution:\n  participation_cap: 0.001\n"),
                           "  enabled: false\n", "  enabled: true\n  port: " + port + "\n");
    support::write_file(dir.path("job.yaml"), job);
    const std::string db = dir.path("a.db");
    const std::string token = db + "-token";
    support::RunningPaperd daemon(
        {"run", "-c", dir.path("job.yaml"), "--db", db, "--speed", "1200"}, dir.path("log"));

    const auto working =
        status_when(db, [](const Statement& s) { return s.at("orders_working").as_int64() > 0; });
    ASSERT_TRUE(working) << support::read_file(dir.path("log"));
    EXPECT_EQ(working->at("trading_state").as_string(), "active");

    // A stranger's halt does not count.
    support::write_file(dir.path("wrong.token"), std::string(64, 'a') + "\n");
    std::filesystem::permissions(dir.path("wrong.token"), std::filesystem::perms(0600));
    const auto stranger = support::run_paperd(
        {"ctl", "halt", "--port", port, "--token-file", dir.path("wrong.token")});
    EXPECT_EQ(stranger.exit_code, 1) << stranger.out;

    const auto halted = support::run_paperd(
        {"ctl", "halt", "--port", port, "--token-file", token, "--note", "a drill"});
    ASSERT_EQ(halted.exit_code, 0) << halted.err;
    const auto after = status_when(
        db, [](const Statement& s) { return s.at("trading_state").as_string() == "halted"; });
    ASSERT_TRUE(after) << support::read_file(dir.path("log"));
    EXPECT_EQ(after->at("orders_working").as_int64(), 0);
    const std::int64_t fills = after->at("fills").as_int64();
    const std::int64_t slices = after->at("slices").as_int64();
    const auto later = status_when(
        db, [&](const Statement& s) { return s.at("slices").as_int64() >= slices + 5; });
    ASSERT_TRUE(later);
    EXPECT_EQ(later->at("trading_state").as_string(), "halted");
    EXPECT_EQ(later->at("orders_working").as_int64(), 0);
    EXPECT_EQ(later->at("fills").as_int64(), fills);
    EXPECT_EQ(daemon.stop(), 0) << support::read_file(dir.path("log"));

    const auto verified = support::run_paperd({"verify", "--db", db, "--replay"});
    EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
    auto database = storage::Database::open(db, storage::OpenMode::read_only, 1000);
    ASSERT_FALSE(database.has_error()) << database.error().text;
    auto commands = database->prepare("SELECT kind, note FROM commands");
    ASSERT_FALSE(commands.has_error()) << commands.error().text;
    ASSERT_TRUE(commands->step().value());
    EXPECT_EQ(commands->column_int(0), static_cast<std::int64_t>(CommandKind::halt));
    EXPECT_EQ(commands->column_text(1), "a drill");
    EXPECT_FALSE(commands->step().value());

    // Started again, it is still halted.
    support::RunningPaperd again({"run", "-c", dir.path("job.yaml"), "--db", db, "--speed", "1200"},
                                 dir.path("log2"));
    const auto recovered = status_when(db, [&](const Statement& s) {
        return s.at("slices").as_int64() > later->at("slices").as_int64() + 5;
    });
    ASSERT_TRUE(recovered) << support::read_file(dir.path("log2"));
    EXPECT_EQ(recovered->at("trading_state").as_string(), "halted");
    EXPECT_EQ(again.stop(), 0);
}

}  // namespace
}  // namespace paperd
