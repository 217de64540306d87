#include "risk/trading_latch.h"

#include <gtest/gtest.h>

namespace paperd::risk {
namespace {

using Level = TradingLatch::Level;

TradingLatch at(Level level) {
    TradingLatch latch;
    latch.trip(level, Reason::not_finite);
    return latch;
}

TEST(TradingLatch, BeginsActive) {
    const TradingLatch latch;
    EXPECT_EQ(latch.state(), TradingState::active);
    EXPECT_EQ(latch.reason(), Reason::none);
}

TEST(TradingLatch, ATripOnlyMovesUp) {
    TradingLatch latch;
    EXPECT_TRUE(latch.trip(Level::reducing, Reason::not_finite));
    EXPECT_FALSE(latch.trip(Level::reducing, Reason::daily_loss));
    EXPECT_EQ(latch.reason(), Reason::not_finite);
    EXPECT_TRUE(latch.trip(Level::flattening, Reason::drawdown));
    EXPECT_FALSE(latch.trip(Level::reducing, Reason::daily_loss));
    EXPECT_EQ(latch.level(), Level::flattening);
    EXPECT_EQ(latch.reason(), Reason::drawdown);
}

TEST(TradingLatch, TheDayOfALossEndsUnlessSomethingElseHolds) {
    TradingLatch latch;
    EXPECT_FALSE(latch.end_day());
    latch.trip(Level::reducing, Reason::daily_loss);
    EXPECT_FALSE(latch.trip(Level::reducing, Reason::daily_loss));
    EXPECT_TRUE(latch.end_day());
    EXPECT_EQ(latch.state(), TradingState::active);
    EXPECT_FALSE(latch.end_day());
    latch.trip(Level::reducing, Reason::daily_loss);
    EXPECT_TRUE(latch.command(CommandKind::reduce)) << "the operator's word outlives the day";
    EXPECT_EQ(latch.reason(), Reason::reducing);
    EXPECT_FALSE(latch.end_day());
    EXPECT_EQ(latch.state(), TradingState::reducing);
}

TEST(TradingLatch, FlatteningIsShownAsReducing) {
    EXPECT_EQ(at(Level::flattening).state(), TradingState::reducing);
    EXPECT_EQ(at(Level::reducing).state(), TradingState::reducing);
    EXPECT_EQ(at(Level::halted).state(), TradingState::halted);
}

TEST(TradingLatch, HaltAppliesFromEveryLevelAndRulesDoNotMoveAHaltedAccount) {
    for (const Level level : {Level::active, Level::reducing, Level::flattening}) {
        TradingLatch latch = at(level);
        EXPECT_TRUE(latch.command(CommandKind::halt));
        EXPECT_EQ(latch.state(), TradingState::halted);
        EXPECT_EQ(latch.reason(), Reason::halted);
        EXPECT_FALSE(latch.trip(Level::flattening, Reason::drawdown));
        EXPECT_EQ(latch.level(), Level::halted);
    }
}

TEST(TradingLatch, ReduceNeverLoosens) {
    TradingLatch latch;
    EXPECT_TRUE(latch.command(CommandKind::reduce));
    EXPECT_EQ(latch.reason(), Reason::reducing);
    for (const Level level : {Level::reducing, Level::flattening, Level::halted}) {
        TradingLatch higher = at(level);
        EXPECT_FALSE(higher.command(CommandKind::reduce));
        EXPECT_EQ(higher.level(), level);
    }
}

TEST(TradingLatch, FlattenIsTheOperatorsWordEvenWhenHalted) {
    TradingLatch latch = at(Level::halted);
    EXPECT_TRUE(latch.command(CommandKind::flatten));
    EXPECT_EQ(latch.level(), Level::flattening);
    EXPECT_EQ(latch.reason(), Reason::flatten);
}

TEST(TradingLatch, OnlyResumeRearms) {
    for (const Level level : {Level::reducing, Level::flattening, Level::halted}) {
        TradingLatch latch = at(level);
        EXPECT_FALSE(latch.command(CommandKind::reload));
        EXPECT_EQ(latch.level(), level);
        EXPECT_TRUE(latch.command(CommandKind::resume));
        EXPECT_EQ(latch.level(), Level::active);
        EXPECT_EQ(latch.reason(), Reason::none);
        EXPECT_FALSE(latch.command(CommandKind::resume));
    }
}

TEST(TradingLatch, ACommandOfAnUnknownKindMovesNothing) {
    for (const Level level : {Level::active, Level::reducing, Level::flattening, Level::halted}) {
        TradingLatch latch = at(level);
        const Reason reason = latch.reason();
        EXPECT_FALSE(latch.command(static_cast<CommandKind>(200)));
        EXPECT_EQ(latch.level(), level);
        EXPECT_EQ(latch.reason(), reason);
    }
}

TEST(TradingLatch, SurvivesSaveAndLoad) {
    TradingLatch latch;
    latch.trip(Level::flattening, Reason::drawdown);
    BlobWriter out;
    latch.save(out);
    TradingLatch copy;
    BlobReader in(out.bytes());
    copy.load(in);
    EXPECT_FALSE(in.failed());
    EXPECT_TRUE(in.at_end());
    EXPECT_EQ(copy.level(), Level::flattening);
    EXPECT_EQ(copy.reason(), Reason::drawdown);
}

TEST(TradingLatch, RefusesALevelOrReasonThatDoesNotExist) {
    for (const auto& [level, reason] : {std::pair{4, 51}, std::pair{1, 250}}) {
        BlobWriter out;
        out.put(static_cast<std::uint8_t>(level));
        out.put(static_cast<std::uint8_t>(reason));
        TradingLatch latch;
        BlobReader in(out.bytes());
        latch.load(in);
        EXPECT_TRUE(in.failed());
        EXPECT_EQ(latch.level(), Level::active);
    }
}

}  // namespace
}  // namespace paperd::risk
