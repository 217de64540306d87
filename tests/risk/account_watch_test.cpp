#include "risk/account_watch.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "execution/types/random.h"

namespace paperd::risk {
namespace {

constexpr Day kMonday = day_from_number(18'000);

Day day(int after) { return kMonday + std::chrono::days(after); }

TEST(AccountWatch, TheFirstEquityIsPeakAndStart) {
    AccountWatch watch{Limits{}};
    watch.on_equity(kMonday, Money::whole(1'000));
    EXPECT_EQ(watch.day_start(), Money::whole(1'000));
    EXPECT_EQ(watch.peak(), Money::whole(1'000));
    EXPECT_EQ(watch.daily_loss(), 0);
    EXPECT_EQ(watch.drawdown(), 0);
    EXPECT_FALSE(watch.tail().known);
}

TEST(AccountWatch, ADayStartsWithTheLastEquityOfTheDayBefore) {
    AccountWatch watch{Limits{}};
    watch.on_equity(day(0), Money::whole(1'000));
    watch.on_equity(day(0), Money::whole(1'200));
    watch.on_equity(day(1), Money::whole(1'080));  // a loss over night counts
    EXPECT_EQ(watch.day_start(), Money::whole(1'200));
    EXPECT_NEAR(watch.daily_loss(), 0.10, 1e-15);
    watch.on_equity(day(1), Money::whole(900));
    EXPECT_EQ(watch.day_start(), Money::whole(1'200));
    EXPECT_NEAR(watch.daily_loss(), 0.25, 1e-15);
    EXPECT_NEAR(watch.drawdown(), 0.25, 1e-15);
}

TEST(AccountWatch, TurnoverCountsBothSidesAndStartsAnewEachDay) {
    AccountWatch watch{Limits{}};
    watch.on_equity(day(0), Money::whole(1'000));
    watch.on_fill(day(0), Money::whole(300));
    watch.on_fill(day(0), Money::whole(-200));
    EXPECT_EQ(watch.traded_today(), Money::whole(500));
    watch.on_fill(day(1), Money::whole(50));  // fills come before the slice's equity
    EXPECT_EQ(watch.traded_today(), Money::whole(50));
    EXPECT_EQ(watch.day_start(), Money::whole(1'000));
    watch.on_equity(day(1), Money::whole(990));
    EXPECT_EQ(watch.traded_today(), Money::whole(50));
}

TEST(AccountWatch, ADaysTurnoverMayFillUpButNeverOverflows) {
    AccountWatch watch{Limits{}};
    const Day day = day_from_number(18'000);
    for (int i = 0; i < 10; ++i) {
        watch.on_fill(day, Money::whole(i % 2 == 0 ? 30'000'000'000 : -30'000'000'000));
    }
    EXPECT_EQ(watch.traded_today().raw(), std::numeric_limits<std::int64_t>::max());
}

TEST(AccountWatch, RestartingTheReferencesForgetsTheLoss) {
    AccountWatch watch{Limits{}};
    watch.on_equity(day(0), Money::whole(1'000));
    watch.on_equity(day(0), Money::whole(600));
    watch.restart_references();
    EXPECT_EQ(watch.daily_loss(), 0);
    EXPECT_EQ(watch.drawdown(), 0);
    watch.on_equity(day(0), Money::whole(540));
    EXPECT_NEAR(watch.daily_loss(), 0.10, 1e-15);
    EXPECT_NEAR(watch.drawdown(), 0.10, 1e-15);
}

TEST(AccountWatch, TheTailIsKnownFromTheLeastNumberOfReturnsOn) {
    Limits limits;
    limits.var_returns_min = 3;
    AccountWatch watch{limits};
    for (const int equity : {1'000, 990, 1'000}) {
        watch.on_equity(kMonday, Money::whole(equity));
        EXPECT_FALSE(watch.tail().known);
    }
    watch.on_equity(kMonday, Money::whole(950));
    EXPECT_TRUE(watch.tail().known);
    std::vector<double> returns = {-0.01, 1'000.0 / 990 - 1, -0.05};
    EXPECT_NEAR(watch.tail().ewma.es_99, ewma_tail(returns, 0.94).es_99, 1e-15);
    EXPECT_NEAR(watch.tail().historical.var_95, historical_tail(returns).var_95, 1e-15);
}

TEST(AccountWatch, KeepsOnlyTheLookbacksReturns) {
    Limits limits;
    limits.var_lookback_bars = 4;
    limits.var_returns_min = 2;
    AccountWatch watch{limits};
    std::vector<double> equities = {1'000, 500};  // a return of -50% that must be forgotten
    for (int i = 0; i < 5; ++i) {
        equities.push_back(equities.back() * (i % 2 == 0 ? 1.01 : 0.98));
    }
    for (const double equity : equities) {
        watch.on_equity(kMonday, Money::nearest(equity));
    }
    EXPECT_NEAR(watch.tail().historical.es_99, 0.02, 1e-7);
}

TEST(AccountWatch, WithoutEquityThereIsNoReturn) {
    Limits limits;
    limits.var_returns_min = 2;
    AccountWatch watch{limits};
    for (const int equity : {100, -50, -60, 100}) {
        watch.on_equity(kMonday, Money::whole(equity));
    }
    EXPECT_FALSE(watch.tail().known);  // only the fall from 100 to -50 is a return
}

TEST(AccountWatch, GoesOnAfterSaveAndLoadAsIfNothingHadHappened) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE(seed);
        Limits limits;
        limits.var_lookback_bars = 20;
        limits.var_returns_min = 5;
        AccountWatch whole{limits};
        AccountWatch resumed{limits};
        const auto stop = draw64(seed, 0, 0) % 60;
        for (std::uint64_t i = 0; i < 60; ++i) {
            const Money equity = Money::nearest(900 + 200 * draw_uniform(seed, i, 1));
            const Day at = day(static_cast<int>(i / 7));
            for (AccountWatch* watch : {&whole, &resumed}) {
                watch->on_fill(at, Money::whole(static_cast<std::int64_t>(i)));
                watch->on_equity(at, equity);
            }
            if (i == stop) {
                BlobWriter out;
                resumed.save(out);
                AccountWatch fresh{limits};
                BlobReader in(out.bytes());
                fresh.load(in);
                ASSERT_FALSE(in.failed());
                ASSERT_TRUE(in.at_end());
                resumed = fresh;
            }
            ASSERT_EQ(whole.daily_loss(), resumed.daily_loss());
            ASSERT_EQ(whole.drawdown(), resumed.drawdown());
            ASSERT_EQ(whole.traded_today(), resumed.traded_today());
            ASSERT_EQ(whole.tail().known, resumed.tail().known);
            ASSERT_EQ(whole.tail().historical.es_99, resumed.tail().historical.es_99);
            ASSERT_EQ(whole.tail().ewma.var_95, resumed.tail().ewma.var_95);
        }
    }
}

TEST(AccountWatch, RefusesMoreReturnsThanItsLookbackHolds) {
    Limits longer;
    AccountWatch watch{longer};
    for (int i = 0; i < 100; ++i) {
        watch.on_equity(kMonday, Money::whole(100 + i));
    }
    BlobWriter out;
    watch.save(out);
    Limits shorter;
    shorter.var_lookback_bars = 60;
    AccountWatch other{shorter};
    BlobReader in(out.bytes());
    other.load(in);
    EXPECT_TRUE(in.failed());
}

}  // namespace
}  // namespace paperd::risk
