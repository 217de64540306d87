// `paperd init`: what it writes is the job it was made from, complete, and nothing is lost.
#include <filesystem>

#include <gtest/gtest.h>

#include "config/key.h"
#include "config/loader.h"
#include "tests/daemon/said.h"
#include "tests/support/paths.h"

namespace paperd {
namespace {

namespace fs = std::filesystem;
using support::expect_said;
using support::run_paperd;

// The ready-made jobs, as `paperd init` lists them.
std::vector<std::string> listed_jobs() {
    const auto list = run_paperd({"init"});
    EXPECT_EQ(list.exit_code, 0) << list.err;
    std::vector<std::string> names;
    for (std::size_t at = 0; at < list.out.size() && list.out[at] != '\n';
         at = list.out.find('\n', at) + 1) {
        names.push_back(list.out.substr(at, list.out.find(' ', at) - at));
    }
    return names;
}

config::Config load(const std::string& path) {
    const auto config = config::load_config(path, {.check_files = false});
    EXPECT_FALSE(config.has_error()) << config.error().text;
    return config.has_error() ? config::Config{} : *config;
}

// The same settings, the same files included, wherever the two configs lie.
void expect_same(config::Config a, config::Config b) {
    a.path.clear();
    b.path.clear();
    for (std::string* path : {&a.model.path, &b.model.path}) {
        *path = path->empty() ? "" : fs::weakly_canonical(*path).string();
    }
    for (const config::Key& key : config::keys()) {
        EXPECT_EQ(key.write(a), key.write(b)) << key.path;
    }
}

}  // namespace

TEST(Init, ListsEveryReadyMadeJobWithItsTitle) {
    const auto list = run_paperd({"init"});
    EXPECT_EQ(list.exit_code, 0) << list.err;
    int jobs = 0;
    for (const auto& file : fs::directory_iterator(support::source_path("config"))) {
        if (file.path().extension() == ".yaml") {
            const std::string title = load(file.path().string()).title;
            EXPECT_NE(list.out.find(title), std::string::npos) << title << "\n" << list.out;
            ++jobs;
        }
    }
    EXPECT_EQ(listed_jobs().size(), static_cast<std::size_t>(jobs));
}

TEST(Init, WritesEachReadyMadeJobWithEveryKeyToTheSameConfig) {
    const support::TempDir dir;
    for (const std::string& name : listed_jobs()) {
        SCOPED_TRACE(name);
        const std::string out = dir.path(name + "-mine.yaml");
        const auto made = run_paperd({"init", name, "--out", out});
        ASSERT_EQ(made.exit_code, 0) << made.err;
        expect_same(load(out), load(support::source_path("config/" + name + ".yaml")));
        const std::string text = support::read_file(out);
        for (const config::Key& key : config::keys()) {
            const std::string leaf(key.leaf());
            EXPECT_NE(text.find(leaf + ": "), std::string::npos) << key.path;
            EXPECT_NE(text.find(key.unit.substr(0, key.unit.find(' '))), std::string::npos);
        }
    }
}

TEST(Init, TakesAJobByItsPathAndNamesWhatLiesBesideItRelatively) {
    const support::TempDir dir;
    support::write_file(dir.path("net.pmb"), "x");
    support::write_file(dir.path("job.yaml"),
                        "title: of a path\nmarket: {symbols: [SPY]}\n"
                        "model: {path: net.pmb}\nstrategy: {kind: model}\n");
    const auto made = run_paperd({"init", dir.path("job.yaml"), "--out", dir.path("mine.yaml")});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_NE(made.out.find("paperd check -c " + dir.path("mine.yaml")), std::string::npos);
    expect_same(load(dir.path("mine.yaml")), load(dir.path("job.yaml")));
    EXPECT_NE(support::read_file(dir.path("mine.yaml")).find("path: net.pmb "), std::string::npos);
    fs::create_directory(dir.path("elsewhere"));
    ASSERT_EQ(run_paperd({"init", dir.path("job.yaml"), "--out", dir.path("elsewhere/mine.yaml")})
                  .exit_code,
              0);
    expect_same(load(dir.path("elsewhere/mine.yaml")), load(dir.path("job.yaml")));
}

TEST(Init, NeverWritesOverAFile) {
    const support::TempDir dir;
    const std::string out = dir.path("mine.yaml");
    support::write_file(out, "precious");
    expect_said(run_paperd({"init", "demo", "--out", out}), 2,
                {out + ":", "is there already", "name another file with --out"});
    EXPECT_EQ(support::read_file(out), "precious");
    fs::create_symlink(dir.path("nowhere"), dir.path("link.yaml"));
    EXPECT_EQ(run_paperd({"init", "demo", "--out", dir.path("link.yaml")}).exit_code, 2);
    EXPECT_FALSE(fs::exists(dir.path("nowhere")));
}

TEST(Init, SaysWhatIsWrongWithAWish) {
    const support::TempDir dir;
    const std::string out = dir.path("mine.yaml");
    expect_said(run_paperd({"init", "atention-daily", "--out", out}), 2,
                {"", "no ready-made job 'atention-daily'", "did you mean 'attention-daily'?"});
    expect_said(run_paperd({"init", "xyzzy", "--out", out}), 2,
                {"", "no ready-made job 'xyzzy'", "choose one of attention-daily"});
    expect_said(run_paperd({"init", dir.path("none.yaml"), "--out", out}), 2,
                {dir.path("none.yaml") + ":", "there is no such file", "give the path"});
    support::write_file(dir.path("bad.yaml"), "market: {symbols: [SPY], interval: 7m}\n");
    expect_said(run_paperd({"init", dir.path("bad.yaml"), "--out", out}), 2,
                {dir.path("bad.yaml") + ":1:", "market.interval is '7m'", "did you mean"});
    EXPECT_FALSE(fs::exists(out));
    expect_said(run_paperd({"init", "demo", "--out", dir.path("no/folder.yaml")}), 1,
                {dir.path("no/folder.yaml") + ":", "cannot be written", "is the folder there"});
}

}  // namespace paperd
