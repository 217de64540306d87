#include "risk/risk_manager.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "tests/risk/risk_support.h"

namespace paperd::risk {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
const Quantity kShare = Quantity::whole(1);

Day day(int after) { return kMonday + std::chrono::days(after); }

struct Desk {
    RiskManager risk;
    std::vector<Incident> incidents;
    std::vector<Approved> approved;
    std::vector<RiskAdjustment> rows;

    explicit Desk(const Limits& limits, std::size_t symbols = 2)
        : risk(symbols, limits, kShare), approved(symbols) {}

    void equity(std::int64_t amount, Day at = kMonday) {
        risk.on_equity(at, equity_of(amount), incidents);
    }

    void command(CommandKind kind) { risk.on_command(command_of(kind), incidents); }

    void decide(const std::vector<Wanted>& wanted, std::int64_t amount = 1'000'000,
                bool model_expired_stop = false) {
        rows.clear();
        risk.approve(wanted, equity_of(amount), model_expired_stop, approved, rows);
    }

    [[nodiscard]] std::int64_t shares(std::size_t i) const {
        return approved[i].target.raw() / kScale;
    }
};

TEST(RiskManager, ADayThatLosesItsLimitLatchesReducing) {
    Limits limits = no_limits();
    limits.daily_loss_max = 0.10;
    limits.daily_loss_latch = DailyLossLatch::until_resume;
    Desk desk(limits);
    desk.equity(1'000'000, day(0));
    desk.equity(900'001, day(1));
    EXPECT_EQ(desk.risk.state(), TradingState::active);
    desk.equity(900'000, day(1));
    EXPECT_EQ(desk.risk.state(), TradingState::reducing);
    EXPECT_EQ(desk.risk.state_reason(), Reason::daily_loss);
    EXPECT_FALSE(desk.risk.flattening());
    ASSERT_EQ(desk.incidents.size(), 1U);
    EXPECT_EQ(desk.incidents[0].kind, "daily_loss");
    EXPECT_EQ(desk.incidents[0].text,
              "The day's loss of 10.00% (from 1000000 to 900000) reached its limit of 10.00%: only "
              "trades towards flat until 'resume'.");
    desk.decide({wish(0, 0.5, 1'000), wish(1, 0.1, 3'000)});
    EXPECT_EQ(desk.shares(0), 1'000);
    EXPECT_EQ(desk.shares(1), 1'000);
    ASSERT_EQ(desk.rows.size(), 1U);
    EXPECT_EQ(desk.rows[0].rule, Reason::daily_loss);
    EXPECT_NEAR(desk.rows[0].limit, 0.1, 1e-15);
    EXPECT_NEAR(desk.rows[0].before, 0.5, 1e-15);
    EXPECT_NEAR(desk.rows[0].after, 0.1, 1e-15);
    // It stays, whatever the next days bring, and is reported once.
    desk.equity(2'000'000, day(2));
    desk.equity(1'000'000, day(3));
    EXPECT_EQ(desk.risk.state(), TradingState::reducing);
    EXPECT_EQ(desk.incidents.size(), 1U);
}

// 1,000,000 at the end of Monday; on Tuesday 900,000 is a loss of (1,000,000 - 900,000) / 1,000,000
// = 10 %, which is the limit. Wednesday begins at Tuesday's last equity, 905,000: 870,000 is a loss
// of 35,000 / 905,000 = 3.9 %, and 814,000 one of 91,000 / 905,000 = 10.06 %.
TEST(RiskManager, ADailyLossHoldsForTheRestOfTheDay) {
    Limits limits = no_limits();
    limits.daily_loss_max = 0.10;
    Desk desk(limits);
    desk.equity(1'000'000, day(0));
    desk.equity(900'000, day(1));
    EXPECT_EQ(desk.risk.state_reason(), Reason::daily_loss);
    desk.equity(999'000, day(1));
    EXPECT_EQ(desk.risk.state(), TradingState::reducing) << "a recovery of the same day";
    desk.equity(905'000, day(1));
    desk.equity(870'000, day(2));
    EXPECT_EQ(desk.risk.state(), TradingState::active);
    ASSERT_EQ(desk.incidents.size(), 2U);
    EXPECT_EQ(desk.incidents[0].text,
              "The day's loss of 10.00% (from 1000000 to 900000) reached its limit of 10.00%: only "
              "trades towards flat until the next day, or 'resume'.");
    EXPECT_EQ(desk.incidents[1].text, "The day of the daily loss is over: trading is now active.");
    desk.decide({wish(0, 0.5), wish(1, 0)}, 870'000);
    EXPECT_EQ(desk.shares(0), 4'350);
    desk.equity(814'000, day(2));
    EXPECT_EQ(desk.risk.state_reason(), Reason::daily_loss);
    // A day that begins beyond its limit is over and begun in the same slice.
    desk.equity(700'000, day(3));
    EXPECT_EQ(desk.risk.state_reason(), Reason::daily_loss);
    EXPECT_EQ(desk.incidents.size(), 5U);
}

TEST(RiskManager, WhatElseHoldsOutlivesTheDayOfALoss) {
    Limits limits = no_limits();
    limits.daily_loss_max = 0.10;
    for (const CommandKind kind : {CommandKind::reduce, CommandKind::flatten, CommandKind::halt}) {
        Desk desk(limits);
        desk.equity(1'000'000, day(0));
        desk.equity(900'000, day(1));
        desk.command(kind);
        const Reason word = desk.risk.state_reason();
        EXPECT_NE(word, Reason::daily_loss);
        desk.equity(900'000, day(2));
        EXPECT_EQ(desk.risk.state_reason(), word);
    }
    Desk desk(limits);
    desk.equity(1'000'000, day(0));
    desk.equity(900'000, day(1));
    desk.decide({wish(0, kNan), wish(1, 0)}, 900'000);
    desk.equity(900'000, day(2));
    EXPECT_EQ(desk.risk.state_reason(), Reason::not_finite);
}

TEST(RiskManager, TheDayOfALossIsKnownAfterARestart) {
    Desk desk(Limits{});
    desk.equity(1'000'000, day(0));
    desk.equity(900'000, day(1));
    BlobWriter out;
    desk.risk.save(out);
    Desk restored(Limits{});
    BlobReader in(out.bytes());
    restored.risk.load(in);
    ASSERT_TRUE(!in.failed() && in.at_end());
    restored.equity(900'000, day(1));
    EXPECT_EQ(restored.risk.state_reason(), Reason::daily_loss);
    restored.equity(900'000, day(2));
    EXPECT_EQ(restored.risk.state(), TradingState::active);
}

TEST(RiskManager, ADrawdownLatchesFlatten) {
    Limits limits = no_limits();
    limits.drawdown_max = 0.35;
    Desk desk(limits);
    desk.equity(1'000'000, day(0));
    desk.equity(1'200'000, day(1));
    desk.equity(800'000, day(2));
    EXPECT_EQ(desk.risk.state(), TradingState::active);
    desk.equity(780'000, day(3));
    EXPECT_TRUE(desk.risk.flattening());
    EXPECT_EQ(desk.risk.state(), TradingState::reducing);
    EXPECT_EQ(desk.risk.state_reason(), Reason::drawdown);
    desk.decide({wish(0, 0.5, 1'000), held(1, -700)});
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(desk.shares(i), 0);
        EXPECT_TRUE(desk.approved[i].risk_action);
        EXPECT_EQ(desk.approved[i].reason, Reason::drawdown);
    }
    EXPECT_EQ(desk.rows.size(), 2U);
}

TEST(RiskManager, ADrawdownOnTopOfADaysLossFlattens) {
    Desk desk(Limits{});
    desk.equity(1'000'000, day(0));
    desk.equity(600'000, day(1));
    EXPECT_TRUE(desk.risk.flattening());
    EXPECT_EQ(desk.risk.state_reason(), Reason::drawdown);
    ASSERT_EQ(desk.incidents.size(), 2U);
    EXPECT_EQ(desk.incidents[0].kind, "daily_loss");
    EXPECT_EQ(desk.incidents[1].kind, "drawdown");
}

TEST(RiskManager, ResumeMeasuresFromTheEquityItFinds) {
    Desk desk(Limits{});
    desk.equity(1'000'000, day(0));
    desk.equity(600'000, day(1));
    desk.command(CommandKind::resume);
    EXPECT_EQ(desk.risk.state(), TradingState::active);
    EXPECT_EQ(desk.risk.state_reason(), Reason::none);
    desk.equity(550'000, day(1));
    EXPECT_EQ(desk.risk.state(), TradingState::active);
    desk.equity(540'000, day(1));  // 10% below 600,000
    EXPECT_EQ(desk.risk.state_reason(), Reason::daily_loss);
    desk.equity(390'000, day(2));  // 35% below it
    EXPECT_EQ(desk.risk.state_reason(), Reason::drawdown);
}

TEST(RiskManager, HaltHoldsEverythingEvenBeyondItsLimits) {
    Desk desk(Limits{});
    desk.command(CommandKind::halt);
    desk.decide({wish(0, 0, 9'000), wish(1, 0.3, -4'000)});
    EXPECT_EQ(desk.shares(0), 9'000);
    EXPECT_EQ(desk.shares(1), -4'000);
    ASSERT_EQ(desk.rows.size(), 2U);
    EXPECT_EQ(desk.rows[0].rule, Reason::halted);
    EXPECT_NEAR(desk.rows[0].after, 0.9, 1e-15);
    EXPECT_EQ(desk.approved[1].reason, Reason::halted);
    EXPECT_FALSE(desk.approved[1].risk_action);
}

TEST(RiskManager, ReducingMovesOnlyTowardsFlat) {
    Desk desk(no_limits(), 4);
    desk.command(CommandKind::reduce);
    EXPECT_EQ(desk.risk.state_reason(), Reason::reducing);
    desk.decide({wish(0, 0.5, 1'000), wish(1, -0.5, 1'000), wish(2, -0.1, -3'000), wish(3, 0.2)});
    EXPECT_EQ(desk.shares(0), 1'000);
    EXPECT_EQ(desk.shares(1), 0);
    EXPECT_EQ(desk.shares(2), -1'000);
    EXPECT_EQ(desk.shares(3), 0);
    EXPECT_EQ(desk.rows.size(), 3U);
    EXPECT_EQ(desk.approved[2].reason, Reason::none);
}

TEST(RiskManager, FlattenClosesWhatHasABarUntilResume) {
    Desk desk(no_limits());
    desk.command(CommandKind::flatten);
    Wanted silent = wish(1, 0.5, 2'000);
    silent.has_bar = false;
    desk.decide({wish(0, 0, 1'000), silent});
    EXPECT_EQ(desk.shares(0), 0);
    EXPECT_TRUE(desk.approved[0].risk_action);  // past the rebalance band too
    EXPECT_EQ(desk.shares(1), 2'000);
    EXPECT_FALSE(desk.approved[1].risk_action);
    desk.decide({wish(0, 0.2), wish(1, 0.5, 2'000)});
    EXPECT_EQ(desk.shares(0), 0);
    EXPECT_EQ(desk.shares(1), 0);
    desk.command(CommandKind::resume);
    desk.decide({wish(0, 0.2), wish(1, 0.5, 2'000)});
    EXPECT_EQ(desk.shares(0), 2'000);
    EXPECT_EQ(desk.shares(1), 5'000);
}

TEST(RiskManager, APositionToKeepIsTakenDownByFlattenAlone) {
    // Worth 0.6 and 0.5 of equity, each beyond 0.4 and together beyond 0.9; the first is to keep.
    Limits limits = no_limits();
    limits.position_fraction_max = 0.4;
    limits.gross_leverage_max = 0.9;
    Desk desk(limits);
    Wanted keep = held(0, 6'000);
    keep.keep = true;
    desk.decide({keep, held(1, 5'000)});
    EXPECT_EQ(desk.shares(0), 6'000);
    EXPECT_EQ(desk.shares(1), 3'000) << "0.9 - 0.6 of equity is left";
    EXPECT_EQ(desk.approved[0].reason, Reason::none);
    for (const RiskAdjustment& row : desk.rows) {
        EXPECT_EQ(row.symbol, symbol_id(1));
    }
    desk.command(CommandKind::reduce);
    desk.decide({keep, held(1, 3'000)});
    EXPECT_EQ(desk.shares(0), 6'000);
    desk.command(CommandKind::flatten);
    desk.decide({keep, held(1, 3'000)});
    EXPECT_EQ(desk.shares(0), 0);
    EXPECT_TRUE(desk.approved[0].risk_action);
}

TEST(RiskManager, CommandsAreNotedAndReloadIsNoneOfItsBusiness) {
    Desk desk(no_limits());
    desk.command(CommandKind::halt);
    desk.command(CommandKind::reduce);
    desk.command(CommandKind::flatten);
    desk.command(CommandKind::reload);
    ASSERT_EQ(desk.incidents.size(), 3U);
    EXPECT_EQ(desk.incidents[0].text, "Command 1 'halt': trading is now halted.");
    EXPECT_EQ(desk.incidents[1].text, "Command 1 'reduce': trading stays halted.");
    EXPECT_EQ(desk.incidents[2].text,
              "Command 1 'flatten': trading is now reducing, closing every position.");
    EXPECT_TRUE(desk.risk.flattening());
}

TEST(RiskManager, AnExpiredModelOnlyReduces) {
    Desk desk(no_limits());
    desk.decide({wish(0, 0.5, 1'000), wish(1, 0.1, 3'000)}, 1'000'000, true);
    EXPECT_EQ(desk.shares(0), 1'000);
    EXPECT_EQ(desk.shares(1), 1'000);
    EXPECT_EQ(desk.approved[0].reason, Reason::model_expired);
    EXPECT_EQ(desk.risk.state(), TradingState::active);  // a new model needs no resume
}

TEST(RiskManager, AWeightThatIsNotFiniteHoldsTheSymbolAndLatchesReducing) {
    for (const double weight : {kNan, kInfinity, -kInfinity}) {
        Desk desk(no_limits(), 3);
        desk.decide({wish(0, 0.5), wish(1, weight, 1'000), wish(2, 0.1, 2'000)});
        EXPECT_EQ(desk.shares(1), 1'000);
        EXPECT_EQ(desk.approved[1].reason, Reason::not_finite);
        EXPECT_EQ(desk.shares(0), 0);  // reducing from this slice on, whatever the symbols' order
        EXPECT_EQ(desk.shares(2), 1'000);
        EXPECT_EQ(desk.risk.state(), TradingState::reducing);
        EXPECT_EQ(desk.risk.state_reason(), Reason::not_finite);
        ASSERT_EQ(desk.rows.size(), 2U);
        EXPECT_EQ(desk.rows[0].rule, Reason::not_finite);
        EXPECT_EQ(desk.rows[0].symbol, symbol_id(1));
        EXPECT_NEAR(desk.rows[0].after, 0.1, 1e-15);
        desk.command(CommandKind::resume);
        desk.decide({wish(0, 0.5), wish(1, 0.1, 1'000), wish(2, 0.1, 2'000)});
        EXPECT_EQ(desk.shares(0), 5'000);
    }
}

TEST(RiskManager, APriceThatIsNoneHoldsTheSymbolAndLatchesReducing) {
    for (int kind = 0; kind < 3; ++kind) {
        SCOPED_TRACE(kind);
        Desk desk(Limits{});
        Wanted odd = wish(1, 0, 9'000);
        (kind == 2 ? odd.price_before : odd.price) = Price::whole(kind == 0 ? 0 : -3);
        desk.decide({wish(0, 0.1), odd});
        EXPECT_EQ(desk.shares(1), 9'000);
        EXPECT_EQ(desk.shares(0), 0);
        EXPECT_EQ(desk.approved[1].reason, Reason::not_finite);
        EXPECT_EQ(desk.risk.state_reason(), Reason::not_finite);
    }
}

TEST(RiskManager, OfTwoPricesTheOneThatIsWrongIsShown) {
    for (const bool before : {false, true}) {
        Desk desk(Limits{});
        Wanted odd = wish(0, 0.1);
        (before ? odd.price_before : odd.price) = Price::whole(-3);
        desk.decide({odd, wish(1, 0)});
        ASSERT_FALSE(desk.rows.empty());
        EXPECT_EQ(desk.rows[0].rule, Reason::not_finite);
        EXPECT_EQ(desk.rows[0].before, -3) << "and not the good one of 100";
    }
}

TEST(RiskManager, ACommandOfAnUnknownKindChangesNothingAndIsNoted) {
    Desk desk(Limits{});
    desk.command(static_cast<CommandKind>(200));
    EXPECT_EQ(desk.risk.state(), TradingState::active);
    ASSERT_EQ(desk.incidents.size(), 1U);
    EXPECT_EQ(desk.incidents[0].text, "Command 1 'unknown': trading stays active.");
}

TEST(RiskManager, ASymbolBeforeItsFirstBarIsNoFault) {
    Desk desk(Limits{});
    Wanted unlisted;
    unlisted.symbol = symbol_id(1);
    desk.decide({wish(0, 0.1), unlisted});
    EXPECT_EQ(desk.shares(0), 1'000);
    EXPECT_EQ(desk.shares(1), 0);
    EXPECT_EQ(desk.risk.state(), TradingState::active);
    EXPECT_TRUE(desk.rows.empty());
}

TEST(RiskManager, WithoutEquityEverythingIsClosed) {
    for (const std::int64_t amount : {0, -5}) {
        Desk desk(no_limits());
        Wanted silent = held(1, 300);
        silent.has_bar = false;
        desk.equity(amount);
        EXPECT_TRUE(desk.risk.flattening());
        ASSERT_EQ(desk.incidents.size(), 1U);
        EXPECT_EQ(desk.incidents[0].kind, "not_finite");
        desk.decide({wish(0, 0.5, 200), silent}, amount);
        EXPECT_EQ(desk.shares(0), 0);
        EXPECT_TRUE(desk.approved[0].risk_action);
        EXPECT_EQ(desk.approved[0].reason, Reason::not_finite);
        EXPECT_EQ(desk.shares(1), 300);
        EXPECT_EQ(desk.rows.size(), 1U);
        // Halted is halted.
        desk.command(CommandKind::halt);
        desk.decide({wish(0, 0.5, 200), silent}, amount);
        EXPECT_EQ(desk.shares(0), 200);
    }
}

TEST(RiskManager, LatchesPersistThroughSaveAndLoadAndNeedResume) {
    const std::vector<CommandKind> commands = {CommandKind::halt, CommandKind::reduce,
                                               CommandKind::flatten};
    for (const CommandKind kind : commands) {
        Desk desk(Limits{});
        desk.equity(1'000'000);
        desk.command(kind);
        BlobWriter out;
        desk.risk.save(out);
        Desk restored(Limits{});
        BlobReader in(out.bytes());
        restored.risk.load(in);
        ASSERT_FALSE(in.failed());
        ASSERT_TRUE(in.at_end());
        EXPECT_EQ(restored.risk.state(), desk.risk.state());
        EXPECT_EQ(restored.risk.state_reason(), desk.risk.state_reason());
        EXPECT_EQ(restored.risk.flattening(), desk.risk.flattening());
        restored.equity(1'500'000, day(1));
        restored.decide({wish(0, 0.3), wish(1, 0.3)});
        EXPECT_EQ(restored.shares(0), 0);
        restored.command(CommandKind::resume);
        restored.decide({wish(0, 0.3), wish(1, 0.3)});
        EXPECT_EQ(restored.shares(0), 3'000);
    }
}

TEST(RiskManager, ALossSpreadOverARestartStillTrips) {
    Desk desk(Limits{});
    desk.equity(1'000'000, day(0));
    desk.equity(1'000'000, day(1));
    desk.equity(940'000, day(1));
    BlobWriter out;
    desk.risk.save(out);
    Desk restored(Limits{});
    BlobReader in(out.bytes());
    restored.risk.load(in);
    restored.equity(899'000, day(1));
    EXPECT_EQ(restored.risk.state_reason(), Reason::daily_loss);
}

TEST(RiskManager, RefusesAnotherSectionOrATruncatedOne) {
    Desk desk(Limits{});
    desk.equity(1'000'000);
    desk.command(CommandKind::halt);
    BlobWriter out;
    desk.risk.save(out);
    const std::span<const std::byte> bytes = out.bytes();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        Desk other(Limits{});
        BlobReader in(bytes.first(size));
        other.risk.load(in);
        EXPECT_TRUE(in.failed()) << size;
        EXPECT_EQ(other.risk.state(), TradingState::active);
    }
    std::vector<std::byte> shifted(bytes.begin() + 1, bytes.end());
    Desk other(Limits{});
    BlobReader in(shifted);
    other.risk.load(in);
    EXPECT_TRUE(in.failed());
}

TEST(RiskManagerDeathTest, LimitsThatTheConfigWouldRefuseAreAProgrammersError) {
    Limits negative;
    negative.gross_leverage_max = -1;
    EXPECT_DEATH(RiskManager(1, negative, kShare), "negative or not finite");
    Limits undefined;
    undefined.var_ewma_95_max = kNan;
    EXPECT_DEATH(RiskManager(1, undefined, kShare), "negative or not finite");
    Limits narrow;
    narrow.var_lookback_bars = 30;
    EXPECT_DEATH(RiskManager(1, narrow, kShare), "var_returns_min");
    EXPECT_DEATH(RiskManager(1, Limits{}, Quantity{}), "lot");
}

}  // namespace
}  // namespace paperd::risk
