#include "execution/dividends.h"

#include <cmath>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/execution/market.h"
#include "tests/support/paths.h"

namespace paperd::execution {
namespace {

// One symbol whose holder watches its dividends.
struct Holder {
    Portfolio portfolio{1};
    Dividends dividends;
    std::vector<CorporateAction> actions;
    std::vector<LedgerEntry> ledger;
    std::vector<Incident> incidents;
    std::int64_t slices = 0;

    explicit Holder(DividendSettings settings = {}) : dividends(1, settings) {}

    void trade(std::int64_t count) {
        Fill fill;
        fill.quantity = shares(count);
        fill.price = price(100);
        std::vector<LedgerEntry> ignored;
        portfolio.apply(fill, close_of(1), ignored);
    }

    void bar(Price close, Price adj_close, bool warmup = false, bool synthetic = false) {
        Bar bar = make_bar(0, {});
        bar.close = close;
        bar.adj_close = adj_close;
        bar.synthetic = synthetic;
        Slice slice = make_slice(++slices, {bar});
        slice.warmup = warmup;
        actions.clear();
        ledger.clear();
        incidents.clear();
        dividends.on_slice(slice, portfolio, actions, ledger, incidents);
    }

    void bar(double close, double factor) { bar(price(close), price(close * factor)); }
};

TEST(Dividends, AStepUpCreditsWhatWasHeldAtTheCloseBefore) {
    Holder holder;
    holder.trade(300);
    holder.bar(100, 0.98);
    holder.bar(99, 1.0);
    ASSERT_EQ(holder.actions.size(), 1U);
    EXPECT_EQ(holder.actions[0].per_share, price(2));  // 100 (1 - 0.98 / 1)
    EXPECT_EQ(holder.actions[0].held, shares(300));
    EXPECT_EQ(holder.actions[0].amount, money(600));
    EXPECT_EQ(holder.actions[0].kind, CorporateActionKind::dividend);
    ASSERT_EQ(holder.ledger.size(), 1U);
    EXPECT_EQ(holder.ledger[0].kind, LedgerKind::dividend);
    EXPECT_EQ(holder.portfolio.cash(), money(600 - 30'000));
    EXPECT_TRUE(holder.incidents.empty());
}

TEST(Dividends, AShortPositionPaysThem) {
    Holder holder;
    holder.trade(-300);
    holder.bar(100, 0.98);
    holder.bar(99, 1.0);
    EXPECT_EQ(holder.actions.at(0).amount, money(-600));
    EXPECT_EQ(holder.ledger.at(0).amount, money(-600));
}

TEST(Dividends, OfASymbolNotHeldAreKnownButMoveNoMoney) {
    Holder holder;
    holder.bar(100, 0.98);
    holder.bar(99, 1.0);
    EXPECT_EQ(holder.actions.at(0).amount, Money{});
    EXPECT_TRUE(holder.ledger.empty());
}

TEST(Dividends, NoiseUnderThreeBasisPointsIsNone) {
    Holder holder;
    holder.trade(300);
    holder.bar(100, 1.0);
    holder.bar(100, 1.00029);
    EXPECT_TRUE(holder.actions.empty());
    holder.bar(100, 1.00029 * 1.00031);
    EXPECT_EQ(holder.actions.size(), 1U);
}

// From 0.8 to 1 the factor steps up by exactly a quarter, in doubles too.
TEST(Dividends, AStepOfExactlyTheMinimumAndTheMaximumIsOne) {
    Holder holder({.step_min = 0.25, .step_max = 0.25});
    holder.trade(300);
    holder.bar(price(100), price(80));
    holder.bar(price(80), price(80));
    ASSERT_EQ(holder.actions.size(), 1U);
    EXPECT_TRUE(holder.incidents.empty());
}

// 100 at a factor of 0.79, then 80 at 1: 1 / 0.79 - 1 = 26.58 %, more than 25 %. It would be
// 100 (1 - 0.79) = 21 a share, 6,300 for 300.
TEST(Dividends, AStepBeyondAQuarterIsAnIncidentWithItsAmountAndNotCredited) {
    Holder holder;
    holder.trade(300);
    const Money cash = holder.portfolio.cash();
    holder.bar(100, 0.79);
    holder.bar(80, 1.0);
    EXPECT_TRUE(holder.actions.empty());
    EXPECT_EQ(holder.portfolio.cash(), cash);
    ASSERT_EQ(holder.incidents.size(), 1U);
    EXPECT_EQ(holder.incidents[0].kind, "large_dividend");
    EXPECT_NE(holder.incidents[0].text.find("26.58 %"), std::string::npos);
    EXPECT_NE(holder.incidents[0].text.find("21 a share, 6300 for the 300 held"), std::string::npos)
        << holder.incidents[0].text;
    holder.bar(80, 0.79);
    EXPECT_TRUE(holder.actions.empty()) << "there is nothing to take back";
}

TEST(Dividends, AStepDownIsIgnoredUnlessItUndoesTheBarBefore) {
    Holder holder;
    holder.trade(300);
    holder.bar(100, 1.0);
    holder.bar(100, 0.99);
    EXPECT_TRUE(holder.actions.empty());
    EXPECT_TRUE(holder.incidents.empty());
    holder.bar(100, 0.99);  // a bar between: what comes next undoes nothing
    holder.bar(100, 1.0);   // credits
    EXPECT_EQ(holder.actions.size(), 1U);
    holder.bar(100, 1.0);     // a bar between
    holder.bar(100, 0.9901);  // too late to undo it
    EXPECT_TRUE(holder.actions.empty());
    holder.bar(100, 0.9901);
    holder.bar(100, 1.0);    // credits
    holder.bar(100, 0.988);  // by 20 % more than it came up
    EXPECT_TRUE(holder.actions.empty());
}

// Down by 2 % and up again: 0.98 x 1 / 0.98 - 1 = 0 is left. Up by more than what went down, 0.98
// to 1.01: 3.06 %, and 1 % of 2 % is left, more than a tenth: a dividend.
TEST(Dividends, AStepUpThatUndoesTheStepDownOfTheBarBeforeIsNotCredited) {
    Holder holder;
    holder.trade(300);
    holder.bar(100, 1.0);
    holder.bar(100, 0.98);
    holder.bar(100, 1.0);
    EXPECT_TRUE(holder.actions.empty());
    ASSERT_EQ(holder.incidents.size(), 1U);
    EXPECT_EQ(holder.incidents[0].kind, "dividend_not_credited");
    holder.bar(100, 0.98);
    holder.bar(100, 1.01);
    EXPECT_EQ(holder.actions.size(), 1U);
}

// The bar before counts in warm-up, too.
TEST(Dividends, AStepDownAtTheEndOfWarmUpCanBeUndone) {
    Holder holder;
    holder.trade(300);
    holder.bar(price(100), price(100), true);
    holder.bar(price(100), price(98), true);
    holder.bar(price(100), price(100));
    EXPECT_TRUE(holder.actions.empty());
}

TEST(Dividends, ACreditThatTheNextBarUndoesIsTakenBack) {
    Holder holder;
    holder.trade(300);
    holder.bar(100, 0.99);
    holder.bar(100, 1.0);
    const CorporateAction credit = holder.actions.at(0);
    holder.trade(-300);  // sold in between: the credit was still not due
    const Money cash = holder.portfolio.cash();
    holder.bar(100, 0.9905);
    ASSERT_EQ(holder.actions.size(), 1U);
    EXPECT_EQ(holder.actions[0].kind, CorporateActionKind::dividend_reversal);
    EXPECT_EQ(holder.actions[0].amount, -credit.amount);
    EXPECT_EQ(holder.actions[0].held, shares(300));
    EXPECT_EQ(holder.ledger.at(0).kind, LedgerKind::dividend_reversal);
    EXPECT_EQ(holder.portfolio.cash(), cash - credit.amount);
    ASSERT_EQ(holder.incidents.size(), 1U);
    EXPECT_EQ(holder.incidents[0].kind, "dividend_reversed");
    holder.bar(100, 0.981);
    EXPECT_TRUE(holder.actions.empty()) << "it is taken back once";
    holder.bar(100, 0.9905);
    EXPECT_TRUE(holder.actions.empty()) << "it undoes the step down";
}

TEST(Dividends, WarmUpOnlyRemembersAndSyntheticBarsAreNotRead) {
    Holder holder;
    holder.trade(300);
    holder.bar(price(100), price(97), true);
    holder.bar(price(100), price(98), true);
    EXPECT_TRUE(holder.actions.empty());
    holder.bar(price(100), price(100), false, true);
    EXPECT_TRUE(holder.actions.empty());
    holder.bar(price(100), price(97), false);
    EXPECT_TRUE(holder.actions.empty()) << "warm-up credited nothing that could be undone";
    holder.bar(price(100), price(97), false);
    holder.bar(price(100), price(98), false);
    EXPECT_EQ(holder.actions.size(), 1U);
}

struct Row {
    std::string date;
    Price close;
    Price adj_close;
};

std::vector<Row> read_rows(const std::string& path, const std::string& from,
                           const std::string& to) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    std::vector<Row> rows;
    while (std::getline(file, line)) {
        std::vector<std::string> fields;
        std::stringstream stream(line);
        for (std::string field; std::getline(stream, field, ',');) {
            fields.push_back(field);
        }
        if (fields.at(0) >= from && fields.at(0) <= to) {
            rows.push_back({fields[0], *Price::parse(fields.at(4)), *Price::parse(fields.at(5))});
        }
    }
    return rows;
}

// A share held earns, with its dividends, what adj_close says.
void expect_total_return(const std::string& path, int dividends_min) {
    const std::vector<Row> rows = read_rows(path, "2014-12-31", "2024-12-31");
    ASSERT_GT(rows.size(), 2'500U);
    Holder holder;
    holder.trade(1);
    double chained = 1;
    int dividends = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        holder.bar(rows[i].close, rows[i].adj_close);
        if (i == 0) {
            continue;
        }
        double paid = 0;
        for (const CorporateAction& action : holder.actions) {
            paid += action.amount.to_double();
            ++dividends;
        }
        const double before = rows[i - 1].close.to_double();
        const double earned = (rows[i].close.to_double() + paid) / before;
        const double adjusted = rows[i].adj_close.to_double() / rows[i - 1].adj_close.to_double();
        EXPECT_NEAR(earned, adjusted, 3e-4) << rows[i].date;
        chained *= earned;
    }
    const double adjusted = rows.back().adj_close.to_double() / rows.front().adj_close.to_double();
    EXPECT_NEAR(chained / adjusted, 1.0, 0.005);
    EXPECT_GE(dividends, dividends_min);
}

// A year of SPY with one wrong adj_close, doubled, halved, or off by a tenth either way: the
// account ends with the same cash as with the right one, but for what the wrong bar itself or the
// one after it may have paid by the right one. Measured before this rule: the doubled one paid 100
// % of the position.
TEST(Dividends, OneWrongAdjCloseOfSpyDoesNotChangeTheAccount) {
    PAPERD_NEEDS_SHARED(path, "data/daily/SPY.csv");
    const std::vector<Row> rows = read_rows(path, "2018-12-31", "2019-12-31");
    const auto cash_with = [&](std::size_t wrong, double times) {
        Holder holder;
        holder.trade(1'000);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const Price adjusted = rows[i].adj_close;
            holder.bar(rows[i].close, i == wrong ? price(adjusted.to_double() * times) : adjusted);
            holder.portfolio.check_balance();
        }
        return holder.portfolio.cash();
    };
    const Money right = cash_with(rows.size(), 1);
    for (const double times : {2.0, 0.5, 1.1, 0.9}) {
        EXPECT_EQ(cash_with(100, times), right) << times;
    }
}

TEST(Dividends, TenYearsOfSpyEarnTheAdjustedReturn) {
    PAPERD_NEEDS_SHARED(path, "data/daily/SPY.csv");
    expect_total_return(path, 40);
}

TEST(Dividends, TenYearsOfTltEarnTheAdjustedReturn) {
    PAPERD_NEEDS_SHARED(path, "data/daily/TLT.csv");
    expect_total_return(path, 110);
}

TEST(Dividends, TenYearsOfQqqEarnTheAdjustedReturn) {
    PAPERD_NEEDS_SHARED(path, "data/daily/QQQ.csv");
    expect_total_return(path, 40);
}

TEST(Dividends, TheStepOfAapl20150930IsCreditedAndTakenBackTheNextDay) {
    PAPERD_NEEDS_SHARED(path, "data/daily/AAPL.csv");
    Holder holder;
    holder.trade(1'000);
    const Money cash = holder.portfolio.cash();
    for (const Row& row : read_rows(path, "2015-09-21", "2015-10-09")) {
        SCOPED_TRACE(row.date);
        holder.bar(row.close, row.adj_close);
        if (row.date == "2015-09-30") {
            ASSERT_EQ(holder.actions.size(), 1U);
            // 27.265 - 24.484835 * 27.4875 / 24.763227
            EXPECT_EQ(holder.actions[0].per_share, price(0.0865187));
            EXPECT_GT(holder.portfolio.cash(), cash);
        } else if (row.date == "2015-10-01") {
            ASSERT_EQ(holder.actions.size(), 1U);
            EXPECT_EQ(holder.actions[0].kind, CorporateActionKind::dividend_reversal);
            EXPECT_EQ(holder.incidents.size(), 1U);
            EXPECT_EQ(holder.portfolio.cash(), cash);
        } else {
            EXPECT_TRUE(holder.actions.empty());
            EXPECT_TRUE(holder.incidents.empty());
        }
    }
}

}  // namespace
}  // namespace paperd::execution
