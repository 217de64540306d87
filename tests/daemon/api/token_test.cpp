#include "daemon/api/token.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace paperd::daemon {
namespace {

namespace fs = std::filesystem;

class Token : public testing::Test {
protected:
    Token() { fs::create_directory(folder_); }

    ~Token() override { fs::remove_all(folder_); }

    void write(const std::string& text, fs::perms perms = fs::perms(0600)) const {
        std::ofstream(path_) << text;
        fs::permissions(path_, perms);
    }

    // The refusal's text, or "taken".
    [[nodiscard]] std::string refusal() const {
        const auto token = read_token(path_);
        return token.has_error() ? token.error().text : "taken";
    }

    std::string folder_ = testing::TempDir() + "paperd_token_" + std::to_string(::getpid());
    std::string path_ = folder_ + "/paperd.token";
};

TEST_F(Token, IsCreatedForItsOwnerOnly) {
    ::umask(0);
    const auto token = load_or_create_token(path_);
    ::umask(022);
    ASSERT_FALSE(token.has_error()) << token.error().text;
    EXPECT_TRUE(token->created);
    EXPECT_EQ(token->text.size(), 64U);
    EXPECT_EQ(token->text.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(fs::status(path_).permissions(), fs::perms(0600));
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1)
        << "no draft may stay behind";
}

TEST_F(Token, StaysTheSameOnceCreated) {
    const auto first = load_or_create_token(path_);
    const auto second = load_or_create_token(path_);
    const auto read = read_token(path_);
    ASSERT_FALSE(first.has_error() || second.has_error() || read.has_error());
    EXPECT_FALSE(second->created);
    EXPECT_EQ(first->text, second->text);
    EXPECT_EQ(first->text, *read);
}

TEST_F(Token, DiffersFromFileToFile) {
    const auto first = load_or_create_token(path_);
    const auto other = load_or_create_token(path_ + "2");
    ASSERT_FALSE(first.has_error() || other.has_error());
    EXPECT_NE(first->text, other->text);
}

TEST_F(Token, IsRefusedWhenOthersMayReadIt) {
    const std::string token(64, 'a');
    for (const unsigned mode : {0640U, 0604U, 0620U, 0602U, 0644U}) {
        write(token + "\n", fs::perms(mode));
        EXPECT_NE(refusal().find("chmod 600"), std::string::npos) << refusal();
        EXPECT_EQ(refusal().find(token), std::string::npos);
        EXPECT_TRUE(load_or_create_token(path_).has_error());
    }
    write(token + "\n");
    EXPECT_EQ(refusal(), "taken");
}

TEST_F(Token, MustBeAToken) {
    for (const std::string& text :
         {std::string(), std::string("\n"), std::string(63, 'a'), std::string(65, 'a'),
          std::string(64, 'G'), std::string(1000, 'a')}) {
        write(text);
        EXPECT_NE(refusal().find("does not hold a token"), std::string::npos) << text;
        EXPECT_EQ(read_token(path_).error().kind, ErrorKind::usage);
    }
}

TEST_F(Token, MustBeARegularFile) {
    write(std::string(64, 'a'));
    const std::string link = folder_ + "/link";
    fs::create_symlink(path_, link);
    EXPECT_TRUE(read_token(link).has_error());
    EXPECT_TRUE(read_token(folder_).has_error());
}

TEST_F(Token, ThatIsMissingSaysWhereItComesFrom) {
    EXPECT_NE(refusal().find("the daemon writes it when it starts"), std::string::npos);
    const auto created = load_or_create_token(folder_ + "/missing/paperd.token");
    ASSERT_TRUE(created.has_error());
    EXPECT_NE(created.error().text.find("server.token_file"), std::string::npos);
}

TEST(TokenEqual, ComparesEveryCharacter) {
    const std::string token(64, 'a');
    EXPECT_TRUE(token_equal(token, token));
    EXPECT_FALSE(token_equal("", token));
    EXPECT_FALSE(token_equal(token + "a", token));
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string other = token;
        other[i] = 'b';
        EXPECT_FALSE(token_equal(other, token)) << i;
    }
}

}  // namespace
}  // namespace paperd::daemon
