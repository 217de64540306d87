#include "daemon/net/listeners.h"

#include <filesystem>
#include <optional>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/net/connect.h"

namespace paperd::daemon {
namespace {

namespace fs = std::filesystem;
namespace net = boost::asio;
using local = net::local::stream_protocol;

class Listeners : public testing::Test {
protected:
    void SetUp() override { fs::create_directories(folder_); }

    ~Listeners() override { fs::remove_all(folder_); }

    [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }

    [[nodiscard]] auto open(const std::string& where) {
        return UnixListener::open(context_.get_executor(), where);
    }

    // Whether somebody takes a connection there.
    bool reaches(const std::string& where) {
        SteadyTimers timers(context_.get_executor());
        std::optional<bool> reached;
        net::co_spawn(context_, connect_unix(timers, where, std::chrono::seconds{5}),
                      [&](const std::exception_ptr&, const HttpResult<ByteStream>& stream) {
                          reached = !stream.has_error();
                      });
        context_.restart();
        while (!reached) {
            context_.run_one();
        }
        return *reached;
    }

    net::io_context context_{1};
    std::string folder_ = testing::TempDir() + "paperd_listeners_" + std::to_string(::getpid());
};

TEST_F(Listeners, ASocketIsTheOwnersAloneAndGoesWithItsListener) {
    {
        const auto listener = open(path("a.db-socket"));
        ASSERT_FALSE(listener.has_error()) << listener.error().text;
        struct stat facts{};
        ASSERT_EQ(::lstat(path("a.db-socket").c_str(), &facts), 0);
        EXPECT_TRUE(S_ISSOCK(facts.st_mode));
        EXPECT_EQ(facts.st_mode & 0777U, 0600U);
        EXPECT_TRUE(reaches(path("a.db-socket")));
    }
    EXPECT_FALSE(fs::exists(path("a.db-socket")));
    EXPECT_FALSE(reaches(path("a.db-socket")));
}

TEST_F(Listeners, ASocketThatADeadProcessLeftIsReplacedAndALivingOneIsNot) {
    const std::string where = path("a.db-socket");
    {
        local::acceptor dead(context_);
        dead.open();
        dead.bind(local::endpoint(where));
        dead.listen();
    }
    ASSERT_TRUE(fs::exists(where));  // Asio leaves it, as a killed process does
    const auto listener = open(where);
    ASSERT_FALSE(listener.has_error()) << listener.error().text;
    const auto second = open(where);
    ASSERT_TRUE(second.has_error());
    EXPECT_EQ(second.error().kind, ErrorKind::usage);
    EXPECT_NE(second.error().text.find(where + ": another paperd listens there"), std::string::npos)
        << second.error().text;
    EXPECT_TRUE(reaches(where)) << "the first goes on";
}

TEST_F(Listeners, WhatIsNoSocketIsLeftAlone) {
    const std::string where = path("folder");
    fs::create_directories(where);
    const auto listener = open(where);
    ASSERT_TRUE(listener.has_error());
    EXPECT_NE(listener.error().text.find("is no socket"), std::string::npos);
    EXPECT_TRUE(fs::is_directory(where));
}

TEST_F(Listeners, APathMayBeLongerThanASocketsAddress) {
    const std::string deep = path(std::string(150, 'd'));
    fs::create_directories(deep);
    const auto listener = open(deep + "/a.db-socket");
    ASSERT_FALSE(listener.has_error()) << listener.error().text;
    EXPECT_TRUE(reaches(deep + "/a.db-socket"));
    const auto longer = open(path(std::string(81, 'n')));
    ASSERT_TRUE(longer.has_error());
    EXPECT_NE(longer.error().text.find("server.socket"), std::string::npos);
    const auto nowhere = open(path("nowhere/a.db-socket"));
    ASSERT_TRUE(nowhere.has_error());
    EXPECT_NE(nowhere.error().text.find("its folder"), std::string::npos);
}

TEST_F(Listeners, AListenerTakesNobodyElsesSocketAwayWhenItGoes) {
    const std::string where = path("a.db-socket");
    auto first = open(where);
    ASSERT_FALSE(first.has_error());
    fs::remove(where);
    const auto second = open(where);
    ASSERT_FALSE(second.has_error());
    first->reset();
    EXPECT_TRUE(reaches(where));
}

TEST_F(Listeners, APortInUseIsSaid) {
    const auto first = TcpListener::open(context_.get_executor(), 0);
    ASSERT_FALSE(first.has_error());
    EXPECT_GT((*first)->port(), 0);
    const auto second = TcpListener::open(context_.get_executor(), (*first)->port());
    ASSERT_TRUE(second.has_error());
    EXPECT_NE(second.error().text.find("127.0.0.1:" + std::to_string((*first)->port())),
              std::string::npos);
    EXPECT_NE(second.error().text.find("in use"), std::string::npos);
    EXPECT_EQ(TcpListener::open(context_.get_executor(), 65536).error().kind, ErrorKind::usage);
    EXPECT_EQ(TcpListener::open(context_.get_executor(), -1).error().kind, ErrorKind::usage);
}

}  // namespace
}  // namespace paperd::daemon
