// Databases that are none, damaged, newer or another run's.
#include <algorithm>
#include <filesystem>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/daemon/said.h"
#include "tests/support/jobs.h"
#include "tests/support/process.h"

namespace paperd {
namespace {

using support::expect_said;
using support::run_paperd;

// A complete run in a folder of its own, shared by the tests, which work on copies.
class BadDatabase : public testing::Test {
protected:
    void SetUp() override {
        support::write_file(job(), support::synthetic_job(2));
        const auto made = run_paperd({"run", "-c", job(), "--db", dir_.path("good.db")});
        ASSERT_EQ(made.exit_code, 0) << made.err;
        good_ = support::read_file(dir_.path("good.db"));
        ASSERT_GT(good_.size(), 100'000U);
    }

    [[nodiscard]] std::string job() const { return dir_.path("job.yaml"); }

    [[nodiscard]] std::string db() const { return dir_.path("bad.db"); }

    // What opens a database: to write, to check, to print.
    void expect_everywhere(const std::string& bytes, int exit_code,
                           const support::Sentence& sentence) const {
        for (const std::vector<std::string>& arguments :
             {std::vector<std::string>{"run", "-c", job()}, {"verify"}, {"trades"}, {"equity"}}) {
            SCOPED_TRACE(arguments[0]);
            write(bytes);
            std::vector<std::string> all = arguments;
            all.insert(all.end(), {"--db", db()});
            expect_said(run_paperd(all), exit_code, sentence);
        }
    }

    void write(const std::string& bytes) const {
        for (const char* end : {"", "-wal", "-shm"}) {
            std::filesystem::remove(db() + end);
        }
        support::write_file(db(), bytes);
    }

    support::TempDir dir_;
    std::string good_;
};

TEST_F(BadDatabase, WhatIsNoneIsRefused) {
    std::string noise(8192, '\0');
    std::mt19937 random(4);
    std::ranges::generate(noise, [&] { return static_cast<char>(random()); });
    for (const std::string& bytes : {std::string("date,open,high\n2018-01-02,1,2\n"), noise}) {
        expect_everywhere(bytes, 2,
                          {db() + ":", "file is not a database", "name the right file with --db"});
    }
}

TEST_F(BadDatabase, AMissingOneIsSaid) {
    for (const char* command : {"verify", "trades"}) {
        expect_said(run_paperd({command, "--db", db()}), 1,
                    {db() + ":", "there is no such file", "with --db"});
    }
    EXPECT_FALSE(std::filesystem::exists(db()));
}

TEST_F(BadDatabase, ATruncatedOneIsRefused) {
    expect_everywhere(good_.substr(0, good_.size() / 20), 1,
                      {db() + ":", "database disk image is malformed", "restore it from a backup"});
}

TEST_F(BadDatabase, APageOfOverwrittenBytesIsFound) {
    std::string bytes = good_;
    for (std::size_t i = bytes.size() / 2; i < bytes.size() / 2 + 4096; ++i) {
        bytes[i] = static_cast<char>(bytes[i] ^ 0x5a);
    }
    write(bytes);
    // Whether the tables can still be read depends on which of them the page is of.
    const auto verified = run_paperd({"verify", "--db", db(), "--replay"});
    EXPECT_TRUE(verified.exit_code == 1 || verified.exit_code == 3) << verified.exit_code;
    const std::string said = verified.out + verified.err;
    EXPECT_TRUE(said.find("malformed") != std::string::npos ||
                said.find("the file is damaged") != std::string::npos)
        << said;
}

TEST_F(BadDatabase, FlippedBytesNeverEndInACrash) {
    const unsigned seed = 51;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    int found = 0;
    constexpr int kRounds = 12;
    for (int round = 0; round < kRounds; ++round) {
        std::string bytes = good_;
        for (int i = 0; i < 4; ++i) {
            char& byte =
                bytes[std::uniform_int_distribution<std::size_t>(0, bytes.size() - 1)(random)];
            byte = static_cast<char>(byte ^ (1 << (random() % 8)));
        }
        write(bytes);
        const auto verified = run_paperd({"verify", "--db", db(), "--replay"});
        ASSERT_LE(verified.exit_code, 3) << "round " << round << "\n" << verified.err;
        found += verified.exit_code != 0 ? 1 : 0;
        for (const char* command : {"decisions", "orders"}) {
            ASSERT_LE(run_paperd({command, "--db", db()}).exit_code, 2) << "round " << round;
        }
    }
    // Free space and the pages' unused ends can be flipped without a change of meaning.
    EXPECT_GT(found, kRounds * 3 / 4);
}

TEST_F(BadDatabase, ANewerSchemaIsRefusedWithoutATouch) {
    std::string bytes = good_;
    // PRAGMA user_version: 4 bytes, big-endian, at byte 60 of an SQLite file.
    ++bytes[63];
    expect_everywhere(bytes, 2, {db() + ":", "its schema is version", "or a newer one"});
    EXPECT_EQ(support::read_file(db()), bytes);
}

TEST_F(BadDatabase, AnotherRunsIsRefusedWithTheDifference) {
    support::write_file(dir_.path("other.yaml"), support::synthetic_job(3));
    write(good_);
    const auto result = run_paperd({"run", "-c", dir_.path("other.yaml"), "--db", db()});
    expect_said(result, 2, {db() + ":", "holds another run", "name another file with --db"});
    EXPECT_NE(result.err.find("-     days: 2"), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("+     days: 3"), std::string::npos) << result.err;
}

TEST_F(BadDatabase, ACompleteOneIsLeftAsItIs) {
    write(good_);
    const auto result = run_paperd({"run", "-c", job(), "--db", db()});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const std::string said = result.out + result.err;
    EXPECT_NE(said.find("the run is complete"), std::string::npos) << said;
    EXPECT_EQ(support::trading_tables(db()), support::trading_tables(dir_.path("good.db")));
}

}  // namespace
}  // namespace paperd
