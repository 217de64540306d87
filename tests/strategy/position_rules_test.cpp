#include "strategy/positions/position_rules.h"

#include <cmath>

#include <gtest/gtest.h>

#include "strategy/model_fit.h"

namespace paperd::strategy {
namespace {

constexpr Sizing kSized{.realized_vol = 0.01, .regime_ok = 1};

std::unique_ptr<GroupPositions> make(std::string_view rule, const std::vector<std::string>& outputs,
                                     std::size_t members, const PositionSettings& settings = {}) {
    return find_position_rule(rule)->make(settings, outputs, members);
}

std::vector<MemberPosition> next(GroupPositions& rule, const std::vector<double>& outputs,
                                 std::size_t members, double z_score = 0) {
    const std::vector<Sizing> sizing(members, kSized);
    std::vector<MemberPosition> out(members);
    rule.next({.outputs = outputs, .members = sizing, .z_score = z_score}, out);
    return out;
}

TEST(PositionRules, TheTableNamesEachOnceAndSaysWhatItReads) {
    const auto names = position_rule_names();
    EXPECT_EQ(names,
              (std::vector<std::string>{"attention", "hybrid", "horizon", "pair", "allocation"}));
    for (const PositionRuleEntry& rule : position_rules()) {
        EXPECT_EQ(find_position_rule(rule.name), &rule);
        EXPECT_FALSE(rule.reads.empty()) << rule.name;
        EXPECT_TRUE(rule.about.ends_with('.')) << rule.name;
        EXPECT_NE(rule.make, nullptr) << rule.name;
    }
    EXPECT_EQ(find_position_rule("magic"), nullptr);
}

TEST(PositionRules, PlacesAreThoseOfTheOutputsByName) {
    ModelFacts facts;
    facts.outputs = {"uncertainty", "return_5", "other", "return_1"};
    const auto places = [&](std::string_view rule) {
        return *places_read(*find_position_rule(rule), facts);
    };
    EXPECT_EQ(places("attention"), (std::vector<std::size_t>{3}));
    EXPECT_EQ(places("hybrid"), (std::vector<std::size_t>{0, 3}));
    EXPECT_EQ(places("horizon"), (std::vector<std::size_t>{1, 3}));
    EXPECT_TRUE(places_read(*find_position_rule("pair"), facts).has_error());
    facts.group = GroupKind::pair;
    EXPECT_NE(places_read(*find_position_rule("pair"), facts).error().text.find("p_revert"),
              std::string::npos);
    facts.group = GroupKind::universe;
    EXPECT_TRUE(places_read(*find_position_rule("allocation"), facts).has_error())
        << "one set of outputs for all members";
    facts.per_member = true;
    EXPECT_FALSE(places_read(*find_position_rule("allocation"), facts).has_error());
}

// Each return_N is of one bar, so their mean is what a bar is expected to bring.
TEST(PositionRules, HorizonTradesTheMeanOfTheBarsForetold) {
    const auto horizon = make("horizon", {"return_1", "return_2", "other"}, 1);
    const auto attention = make_attention_positions({});
    for (int t = 1; t < 40; ++t) {
        const double one = 0.001 * (t % 7 - 3);
        const double two = 0.002 * (t % 5 - 2);
        const double mean = (one + two) / 2;
        const auto out = next(*horizon, {one, two, 99}, 1);
        const auto expected =
            attention->next({.prediction = mean, .realized_vol = 0.01, .regime_ok = 1});
        ASSERT_EQ(out[0].output.position, expected.position);
        ASSERT_EQ(out[0].output.reason, expected.reason);
        ASSERT_EQ(out[0].forecast, mean);
    }
}

TEST(PositionRules, AllocationSizesEachMemberByItsOwnReturn) {
    const auto universe = make("allocation", {"return_1"}, 3);
    std::vector<std::unique_ptr<PositionRule>> alone;
    for (int m = 0; m < 3; ++m) {
        alone.push_back(make_attention_positions({}));
    }
    int traded = 0;
    for (int t = 1; t < 60; ++t) {
        std::vector<double> returns;
        for (int m = 0; m < 3; ++m) {
            returns.push_back(0.01 * std::sin(t * (m + 1)));
        }
        const auto out = next(*universe, returns, 3);
        for (std::size_t m = 0; m < 3; ++m) {
            const auto expected =
                alone[m]->next({.prediction = returns[m], .realized_vol = 0.01, .regime_ok = 1});
            ASSERT_EQ(out[m].output.position, expected.position);
            traded += expected.position != 0 ? 1 : 0;
        }
    }
    EXPECT_GT(traded, 30);
}

TEST(PositionRules, APairIsOpenedAgainstItsSpreadAndHeldUntilItReverts) {
    const auto pair = make("pair", {"p_revert"}, 2, {.revert_entry = 0.6, .revert_exit = 0.5});
    const auto legs = [&](double probability, double z_score) {
        const auto out = next(*pair, {probability}, 2, z_score);
        EXPECT_EQ(out[0].output.position, -out[1].output.position);
        EXPECT_EQ(out[0].output.position == 0, out[0].output.reason == Reason::signal_gated);
        EXPECT_TRUE(std::isnan(out[0].forecast));
        return out[0].output.position;
    };
    EXPECT_EQ(legs(0.59, 2), 0) << "not likely enough to open";
    EXPECT_EQ(legs(0.6, 2), -1) << "the first leg is dear";
    EXPECT_EQ(legs(0.5, 1), -1) << "held between the thresholds";
    EXPECT_EQ(legs(0.49, 1), 0) << "no longer likely";
    EXPECT_EQ(legs(0.55, 1), 0);
    EXPECT_EQ(legs(0.9, -1), 1) << "the first leg is cheap";
    EXPECT_EQ(legs(0.55, 0.1), 0) << "the spread crossed its mean";
    EXPECT_EQ(legs(0.9, 0), 0) << "nothing to revert from";
    EXPECT_EQ(legs(0.9, 1), -1);
    EXPECT_EQ(legs(0.9, -1), 1) << "closed and opened the other way round";
}

TEST(PositionRules, APairWithoutANumberHasNoPosition) {
    const auto pair = make("pair", {"p_revert"}, 2);
    for (const auto& [probability, z] :
         {std::pair<double, double>(NAN, 1), std::pair<double, double>(0.9, NAN)}) {
        const auto out = next(*pair, {probability}, 2, z);
        EXPECT_TRUE(std::isnan(out[0].output.position));
        EXPECT_EQ(out[1].output.reason, Reason::not_finite);
    }
}

TEST(PositionRules, GoOnFromACheckpointAndForgetWhenReset) {
    const std::vector<std::string> outputs = {"return_1", "return_2", "uncertainty", "p_revert"};
    for (const PositionRuleEntry& rule : position_rules()) {
        SCOPED_TRACE(rule.name);
        const std::size_t members = rule.group == GroupKind::symbol ? 1 : 2;
        const auto whole = make(rule.name, outputs, members);
        const auto numbers = [&](int t) {
            std::vector<double> out;
            for (std::size_t m = 0; m < members; ++m) {
                const double x = 0.01 * std::sin(t + static_cast<double>(m));
                out.insert(out.end(), {x, x / 3, 1 + x, 0.55 + 10 * x});
            }
            out.resize(rule.group == GroupKind::pair ? outputs.size() : out.size());
            return out;
        };
        for (int t = 0; t < 30; ++t) {
            next(*whole, numbers(t), members, 1);
        }
        BlobWriter saved;
        whole->save(saved);
        const auto rest = make(rule.name, outputs, members);
        BlobReader in(saved.bytes());
        rest->load(in);
        ASSERT_FALSE(in.failed());
        ASSERT_TRUE(in.at_end());
        for (int t = 30; t < 60; ++t) {
            const auto a = next(*whole, numbers(t), members, 1);
            const auto b = next(*rest, numbers(t), members, 1);
            for (std::size_t m = 0; m < members; ++m) {
                ASSERT_EQ(a[m].output.position, b[m].output.position) << t;
            }
        }
        whole->reset();
        const auto fresh = make(rule.name, outputs, members);
        for (int t = 0; t < 10; ++t) {
            const auto a = next(*whole, numbers(t), members, 1);
            const auto b = next(*fresh, numbers(t), members, 1);
            ASSERT_EQ(a[0].output.position, b[0].output.position) << t;
        }
    }
}

}  // namespace
}  // namespace paperd::strategy
