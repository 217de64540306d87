#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "config/loader.h"

namespace paperd::config {
namespace {

namespace fs = std::filesystem;

// A folder of its own for each test, gone afterwards.
class Files : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() /
                  ("paperd_config_" + std::to_string(::getpid()) + "_" +
                   testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::create_directories(folder_);
    }

    void TearDown() override { fs::remove_all(folder_); }

    std::string write(const std::string& name, const std::string& text) const {
        const std::string path = (folder_ / name).string();
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

    static std::string said(const std::string& path, const LoadOptions& options = {}) {
        const auto config = load_config(path, options);
        return config.has_error() ? config.error().text : std::string();
    }

    fs::path folder_;
};

TEST_F(Files, AreReadWithTheirFilesBesideThem) {
    fs::create_directories(folder_ / "bars");
    write("model.pmb", "x");
    write("token", "x");
    const std::string path = write("job.yaml",
                                   "market: {symbols: [SPY], bars: bars}\n"
                                   "model: {path: model.pmb}\n"
                                   "strategy: {kind: model}\n"
                                   "server: {token_file: token}\n");
    const auto config = load_config(path, {.use = Use::replay});
    ASSERT_FALSE(config.has_error()) << config.error().text;
    EXPECT_EQ(config->path, path);
    EXPECT_EQ(config->model.path, (folder_ / "model.pmb").string());
    EXPECT_EQ(config->bars, (folder_ / "bars").string());
    EXPECT_EQ(config->server.token_file, (folder_ / "token").string());
}

TEST_F(Files, ThatAreMissingAreAllNamedToTheCommandThatReadsThem) {
    fs::create_directories(folder_ / "folder.pmb");
    const std::string path = write("job.yaml",
                                   "market:\n"
                                   "  symbols: [SPY]\n"
                                   "  bars: nowhere\n"
                                   "model:\n"
                                   "  path: folder.pmb\n"
                                   "strategy: {kind: model}\n"
                                   "server:\n"
                                   "  token_file: /nowhere/token\n"
                                   "seed: x\n");
    const std::string at = path + ":";
    const std::string bars =
        at + "3: market.bars is '" + (folder_ / "nowhere").string() + "', which is not there";
    const std::string model =
        at + "5: model.path is '" + (folder_ / "folder.pmb").string() + "', which is a folder";
    const std::string token = at + "8: server.token_file is '/nowhere/token', which is not there";
    const std::string seed = at + "9: seed";

    struct Case {
        LoadOptions options;
        std::vector<std::string> named;
    };

    for (const Case& one :
         {Case{{.use = Use::run}, {model, token, seed}},
          Case{{.use = Use::replay}, {bars, model, seed}},
          Case{{.use = Use::replay, .bars_given = true}, {model, seed}},
          Case{{.use = Use::train}, {bars, seed}}, Case{{.check_files = false}, {seed}}}) {
        const std::string found = said(path, one.options);
        for (const std::string& text : {bars, model, token, seed}) {
            const bool named = std::count(one.named.begin(), one.named.end(), text) != 0;
            EXPECT_EQ(found.find(text) != std::string::npos, named) << text << "\n" << found;
        }
    }
}

TEST_F(Files, OfARunThatDoesNotListenAreWithoutAToken) {
    const std::string path = write("job.yaml",
                                   "market: {symbols: [SPY]}\n"
                                   "server: {enabled: false, token_file: /nowhere/token}\n");
    EXPECT_EQ(said(path), "");
}

TEST_F(Files, OfATorchScriptModuleAreTwo) {
    write("net.ts", "x");
    const std::string path = write("job.yaml",
                                   "market: {symbols: [SPY]}\n"
                                   "model: {path: net.ts}\n"
                                   "strategy: {kind: model}\n");
    EXPECT_NE(said(path).find("net.yaml', which is not there"), std::string::npos) << said(path);
    write("net.yaml", "x");
    EXPECT_EQ(said(path), "");
}

TEST_F(Files, ThatAreNoConfigGetASentence) {
    EXPECT_NE(said("/no/such/job.yaml").find("there is no such file"), std::string::npos);
    EXPECT_NE(said("").find("there is no such file"), std::string::npos);
    EXPECT_NE(said(folder_.string()).find("is a folder, not a config"), std::string::npos);
    EXPECT_NE(said(write("empty.yaml", "")).find("the config is empty"), std::string::npos);
    EXPECT_NE(said(write("huge.yaml", std::string(5 << 20, '#'))).find("larger than 4 MiB"),
              std::string::npos);
    EXPECT_NE(said(write("binary", std::string("\x7f"
                                               "ELF\0",
                                               5)))
                  .find("this is not text"),
              std::string::npos);
}

TEST_F(Files, ThatFailWhileTheyAreReadGetASentence) {
    // A regular file that opens, and whose first byte cannot be read.
    const std::string found = said("/proc/self/mem");
    EXPECT_NE(found.find("/proc/self/mem: cannot be read"), std::string::npos) << found;
}

TEST_F(Files, ThatMayNotBeReadGetASentence) {
    const std::string path = write("secret.yaml", "seed: 1\n");
    fs::permissions(path, fs::perms::none);
    if (::access(path.c_str(), R_OK) == 0) {
        GTEST_SKIP() << "this user may read everything";
    }
    EXPECT_NE(said(path).find("cannot be opened (Permission denied)"), std::string::npos)
        << said(path);
}

}  // namespace
}  // namespace paperd::config
