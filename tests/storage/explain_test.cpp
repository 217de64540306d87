#include "storage/explain.h"

#include <sstream>

#include <gtest/gtest.h>

#include "tests/storage/sample_run.h"
#include "tests/storage/temporary_file.h"

namespace paperd::storage {
namespace {

class Explain : public testing::Test {
protected:
    static void SetUpTestSuite() {
        directory_ = new TemporaryDirectory();
        ASSERT_TRUE(make_sample_run(directory_->file()));
    }

    static void TearDownTestSuite() { delete directory_; }

    static std::string ask(const char* what) {
        std::ostringstream out;
        const auto r = print_explain(directory_->file(), what, out);
        EXPECT_FALSE(r.has_error()) << r.error().text;
        return out.str();
    }

    static TemporaryDirectory* directory_;
};

TemporaryDirectory* Explain::directory_ = nullptr;

TEST_F(Explain, TellsAFillBackToItsModel) {
    EXPECT_EQ(
        ask("1"),
        "Fill 1: bought 40 AAA at 10.12 USD on 2020-01-06T21:00:00Z (slice 3)\n"
        "\n"
        "  price       reference 10.1, all in 10.12; 4 % of the bar's volume\n"
        "  costs       spread 0.4, slippage 0.2, impact 0.2, commission 0.05 USD; delay since the "
        "decision 4\n"
        "  spread      charged 19.8 bp in full; estimated, not charged: Corwin-Schultz 22 bp, "
        "Abdi-Ranaldo 11 bp\n"
        "  filled on   the bar that closed on 2020-01-06T21:00:00Z: open 10.1, high 11, low 10, "
        "close 10.5, volume 1000\n"
        "  order       number 1: buy 40, market, gtc; decided on 2020-01-03T21:00:00Z at the close "
        "10\n"
        "              filled since 2020-01-06T21:00:00Z, 40 of 40 filled; filled: The whole "
        "quantity is filled.\n"
        "  decision    number 131072 on 2020-01-03T21:00:00Z: target 40; ordered: An order was "
        "sent to reach the target.\n"
        "  held        nothing at that time\n"
        "  risk        gross_leverage: 0.5 became 0.4 (limit 0.4). Gross exposure would exceed its "
        "limit.\n"
        "  signal      target weight 0.5 of equity, 0.4 after risk; predicted log return of the "
        "next bar 0.01\n"
        "  bar         the bar that closed on 2020-01-03T21:00:00Z: open 10, high 10.5, low 9.5, "
        "close 10, volume 1000\n"
        "  model       sha256 f00d; feature set attention (0000000000abcdef)\n"
        "              trained on AAA, QQQ; AAA is among them\n"
        "              this day is among its training days: in-sample, no evidence of skill\n");
}

TEST_F(Explain, TellsWhyNothingWasTraded) {
    EXPECT_EQ(
        ask("AAA@2020-01-07"),
        "AAA on 2020-01-07T21:00:00Z (slice 4): nothing was ordered, position_fraction. The "
        "position would exceed its limit as a fraction of equity.\n"
        "\n"
        "  decision    number 262144 on 2020-01-07T21:00:00Z: target 30; position_fraction: The "
        "position would exceed its limit as a fraction of equity.\n"
        "  held        30 at that time, since 2020-01-06T21:00:00Z\n"
        "  trading     reducing: Only trades towards flat are allowed until 'resume'.\n"
        "  risk        gross_leverage: 0.9 became 0.8 (limit 0.8). Gross exposure would exceed its "
        "limit.\n"
        "              position_fraction: 0.8 became 0.27 (limit 0.27). The position would exceed "
        "its limit as a fraction of equity.\n"
        "  signal      target weight 0.9 of equity, 0.27 after risk; predicted log return of the "
        "next bar 0.03\n"
        "  bar         the bar that closed on 2020-01-07T21:00:00Z: open 10.4, high 10.6, low 9, "
        "close 9, volume 100\n"
        "  model       sha256 f00d; feature set attention (0000000000abcdef)\n"
        "              trained on AAA, QQQ; AAA is among them\n"
        "              this day is not among its training days\n");
    const std::string no_bar = ask("BBB@2020-01-06T21:00:00Z");
    EXPECT_NE(no_bar.find("  signal      no opinion, so the position is held\n"
                          "              no_bar: The symbol had no bar in this slice; its position "
                          "is held.\n"
                          "  bar         none in this slice\n"
                          "  model       sha256 f00d; feature set attention (0000000000abcdef)\n"
                          "              trained on AAA, QQQ; not on BBB\n"),
              std::string::npos)
        << no_bar;
}

TEST_F(Explain, FollowsADecisionThatWasOrderedToItsFills) {
    const std::string text = ask("AAA@2020-01-06");
    EXPECT_TRUE(text.starts_with(
        "AAA on 2020-01-06T21:00:00Z (slice 3): an order was sent, ordered. An order was sent to "
        "reach the target.\n\n"
        "  order       number 2: sell 40, market, gtc; decided on 2020-01-06T21:00:00Z at the "
        "close "
        "10.5\n"
        "              working since 2020-01-07T21:00:00Z, 10 of 40 filled; partially_filled: The "
        "participation cap of the bar's volume was reached; the rest works on.\n"
        "              fill 2: 10 at 10.38 on 2020-01-07T21:00:00Z\n"
        "  decision    number 196608 "))
        << text;
}

TEST_F(Explain, TakesTheDecisionAtOrBeforeATime) {
    EXPECT_EQ(ask("AAA@2020-01-05"), ask("AAA@2020-01-03"));
    EXPECT_EQ(ask("AAA@2020-01-07T20:59:59Z"), ask("AAA@2020-01-06"));
}

TEST_F(Explain, SaysWhatItCannotExplain) {
    for (const auto& [what, text] :
         {std::pair{"77", "there is no fill 77; 'paperd trades' lists them"},
          std::pair{"", "is neither a fill's id nor SYMBOL@TIME"},
          std::pair{"AAA@", "is neither a fill's id nor SYMBOL@TIME"},
          std::pair{"@2020-01-03", "is neither a fill's id nor SYMBOL@TIME"},
          std::pair{"AAA@soon", "'soon' is neither a day nor a UTC time"},
          std::pair{"ZZZ@2020-01-03", "this run has no symbol 'ZZZ'"},
          std::pair{"AAA@2020-01-02", "there is no decision on AAA at or before 2020-01-02"}}) {
        std::ostringstream out;
        const auto r = print_explain(directory_->file(), what, out);
        ASSERT_TRUE(r.has_error()) << what;
        EXPECT_EQ(r.error().kind, ErrorKind::usage);
        EXPECT_NE(r.error().text.find(text), std::string::npos) << r.error().text;
    }
}

}  // namespace
}  // namespace paperd::storage
