// The model strategies, with a model that is none.
#include <cmath>

#include <gtest/gtest.h>

#include "strategy/models/architecture.h"
#include "strategy/strategy.h"
#include "tests/strategy/allocations.h"
#include "tests/strategy/fake_model.h"
#include "tests/strategy/random_bars.h"

namespace paperd::strategy {
namespace {

constexpr std::size_t kSymbols = 3;

ModelFacts facts_of(const std::string& architecture, const std::string& set = "attention",
                    std::vector<std::string> columns = {"momentum_10", "volume_z"}) {
    ModelFacts facts = facts_of(architecture_named(architecture));
    facts.feature_set = set;
    facts.columns = std::move(columns);
    facts.sequence_length = 5;
    return facts;
}

StrategySettings model_settings() {
    return {.kind = StrategyKind::model, .gross_budget = 3, .allow_short = true};
}

const Universe kNames = {"AAA", "BBB", "CCC"};

Result<std::unique_ptr<Strategy>> strategy_of(const StrategySettings& settings,
                                              std::unique_ptr<Model> model,
                                              const MarketFrame& frame = {}) {
    std::vector<std::unique_ptr<Model>> models;
    if (model != nullptr) {
        models.push_back(std::move(model));
    }
    return make_strategy(kNames, settings, frame, std::move(models));
}

// A strategy over its market, with the slices of three random walks: the third symbol is listed
// at slice 60, the second misses every 7th slice.
struct Account {
    explicit Account(StrategySettings settings, const ModelFacts& facts, bool cuts = false)
        : market(kSymbols, {.cut_at_joins = cuts}) {
        auto owned = std::make_unique<FakeModel>(facts, padded_slots(kSymbols));
        model = owned.get();
        auto made = strategy_of(settings, std::move(owned));
        EXPECT_FALSE(made.has_error()) << made.error().text;
        strategy = std::move(*made);
    }

    std::vector<Signal> feed(const Slice& slice) {
        const auto cut = market.take(slice);
        std::vector<Signal> out(kSymbols);
        const auto done = strategy->on_slice(slice, market, cut, out);
        EXPECT_FALSE(done.has_error());
        return out;
    }

    MarketDataHandler market;
    FakeModel* model;
    std::unique_ptr<Strategy> strategy;
};

std::vector<Slice> make_slices(int count) {
    std::vector<std::vector<Bar>> bars;
    for (unsigned s = 0; s < kSymbols; ++s) {
        bars.push_back(random_bars(100 + s, count, symbol_id(s)));
    }
    std::vector<Slice> slices;
    for (int t = 0; t < count; ++t) {
        const auto i = static_cast<std::size_t>(t);
        std::vector<Bar> of_slice = {bars[0][i]};
        if (t % 7 != 6) {
            of_slice.push_back(bars[1][i]);
        }
        if (t >= 60) {
            of_slice.push_back(bars[2][i]);
        }
        slices.push_back(slice_of(t + 1, std::move(of_slice)));
    }
    return slices;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool same(const Signal& a, const Signal& b) {
    return same(a.prediction, b.prediction) && same(a.uncertainty, b.uncertainty) &&
           same(a.weight, b.weight) && a.reason == b.reason;
}

TEST(ModelStrategy, EachSymbolHasAWeightOrAReason) {
    const auto slices = make_slices(400);
    for (const std::string architecture : {"attention", "hybrid"}) {
        Account run(model_settings(), facts_of(architecture));
        std::vector<int> reasons(256);
        for (std::size_t t = 0; t < slices.size(); ++t) {
            SCOPED_TRACE(t);
            const auto out = run.feed(slices[t]);
            // volume_z needs 30 bars, the model 5 rows of them.
            ASSERT_EQ(out[0].reason == Reason::warming_up, t + 1 < 30 + 4);
            ASSERT_EQ(out[1].reason == Reason::no_bar, t % 7 == 6);
            ASSERT_EQ(out[2].reason == Reason::not_listed, t < 60);
            ASSERT_EQ(out[2].reason == Reason::warming_up, t >= 60 && t < 60 + 30 + 3);
            for (const Signal& signal : out) {
                ++reasons[static_cast<std::size_t>(signal.reason)];
                const bool held = signal.reason == Reason::no_bar ||
                                  signal.reason == Reason::not_listed ||
                                  signal.reason == Reason::warming_up;
                ASSERT_EQ(std::isnan(signal.weight), held);
                ASSERT_EQ(std::isnan(signal.prediction), held);
                ASSERT_EQ(std::isnan(signal.uncertainty), held || architecture == "attention");
                if (!held) {
                    ASSERT_LE(std::abs(signal.weight), 1.0);
                    ASSERT_EQ(signal.weight == 0, signal.reason != Reason::none);
                }
            }
        }
        EXPECT_GT(reasons[static_cast<std::size_t>(Reason::none)], 100);
        EXPECT_GT(reasons[static_cast<std::size_t>(Reason::regime_off)], 50);
        EXPECT_EQ(reasons[static_cast<std::size_t>(Reason::signal_gated)] > 50,
                  architecture == "attention");
        EXPECT_TRUE(run.strategy->has_forecast());
        EXPECT_EQ(run.strategy->model_digest(), run.model->state_digest());
    }
}

// Three symbols at a gross budget of 3: the weight is the position itself.
TEST(ModelStrategy, GivesTheNumbersOfThoseThatDecide) {
    for (const std::string architecture : {"attention", "hybrid"}) {
        Account run(model_settings(), facts_of(architecture));
        int open = 0;
        for (const Slice& slice : make_slices(200)) {
            const auto out = run.feed(slice);
            std::vector<Decision> decisions(kSymbols);
            run.strategy->add_numbers(decisions);
            for (std::size_t i = 0; i < kSymbols; ++i) {
                const DecisionNumbers& numbers = decisions[i].numbers;
                ASSERT_EQ(numbers.packed().empty(), std::isnan(out[i].weight));
                if (!numbers.packed().empty()) {
                    ASSERT_EQ(numbers.get(DecisionNumber::position), out[i].weight);
                    ASSERT_EQ(numbers.has(DecisionNumber::smoothed), architecture == "attention");
                    open += out[i].weight != 0 ? 1 : 0;
                }
            }
        }
        EXPECT_GT(open, 20);
    }
}

TEST(ModelStrategy, WeighsAsThePositionRuleSays) {
    // The same features, predictions and rule, put together by hand for one symbol.
    const auto bars = random_bars(100, 400);
    Account run(model_settings(), facts_of("attention"));
    MarketDataHandler market(1, {});
    const auto features = *make_feature_set("attention", {});
    const auto rule = make_attention_positions({});
    std::vector<double> row(features->columns().size());
    int traded = 0;
    for (std::size_t t = 0; t < bars.size(); ++t) {
        const Slice slice = slice_of(1, {bars[t]});
        const auto out = run.feed(slice);
        market.take(slice);
        features->next(market.window(symbol_id(0)), nullptr, row);
        if (t + 1 < 30 + 4) {
            continue;
        }
        const double prediction = 0.3 * row[3];  // momentum_10
        const PositionOutput expected =
            rule->next({.prediction = prediction, .realized_vol = row[6], .regime_ok = row[11]});
        ASSERT_EQ(out[0].prediction, prediction);
        ASSERT_EQ(out[0].weight, expected.position);  // gross_budget 3 over 3 symbols
        ASSERT_EQ(out[0].reason, expected.reason);
        traded += out[0].weight != 0 ? 1 : 0;
    }
    EXPECT_GT(traded, 20);
}

TEST(ModelStrategy, AnotherSetsModelIsSizedByTheAttentionSetToo) {
    const auto slices = make_slices(300);
    Account native(model_settings(), facts_of("attention", "attention", {"momentum_10"}));
    Account other(model_settings(), facts_of("attention", "indicators", {"momentum_10"}));
    for (const Slice& slice : slices) {
        const auto a = native.feed(slice);
        const auto b = other.feed(slice);
        for (std::size_t i = 0; i < kSymbols; ++i) {
            ASSERT_TRUE(same(a[i], b[i]));
        }
    }
}

TEST(ModelStrategy, ShortsBecomeFlatWhereTheyAreOff) {
    const auto slices = make_slices(300);
    StrategySettings long_only = model_settings();
    long_only.allow_short = false;
    Account both(model_settings(), facts_of("hybrid"));
    Account longs(long_only, facts_of("hybrid"));
    int shorts = 0;
    for (const Slice& slice : slices) {
        const auto a = both.feed(slice);
        const auto b = longs.feed(slice);
        for (std::size_t i = 0; i < kSymbols; ++i) {
            if (a[i].weight < 0) {
                ++shorts;
                ASSERT_EQ(b[i].weight, 0);
                ASSERT_EQ(b[i].reason, Reason::short_not_allowed);
            } else {
                ASSERT_TRUE(same(a[i], b[i]));
            }
        }
    }
    EXPECT_GT(shorts, 50);
}

TEST(ModelStrategy, AnUndefinedInputLeavesThePositionAndTheModelAlone) {
    Account run(model_settings(), facts_of("attention"));
    auto bars = random_bars(100, 130);
    for (std::size_t t = 60; t < 92; ++t) {
        bars[t].volume = 500;  // no spread in the volume: volume_z is undefined
    }
    for (std::size_t t = 0; t < bars.size(); ++t) {
        const int rows = run.model->rows[0];
        const auto out = run.feed(slice_of(1, {bars[t]}));
        const bool undefined = t >= 89 && t < 92;
        ASSERT_EQ(out[0].reason == Reason::feature_undefined, undefined) << t;
        if (undefined) {
            ASSERT_TRUE(std::isnan(out[0].weight));
            ASSERT_EQ(run.model->rows[0], rows);
        }
    }
}

TEST(ModelStrategy, ACutForgetsTheSymbolAndOnlyIt) {
    auto slices = make_slices(400);
    for (std::size_t t = 250; t < slices.size(); ++t) {
        Bar& bar = slices[t].bars.front();  // an unadjusted split of the first symbol
        for (Price Bar::* price :
             {&Bar::open, &Bar::high, &Bar::low, &Bar::close, &Bar::adj_close}) {
            bar.*price = Price::nearest((bar.*price).to_double() / 3);
        }
    }
    const StrategySettings settings = model_settings();
    Account cut(settings, facts_of("attention"), true);
    Account fresh(settings, facts_of("attention"), true);
    Account plain(settings, facts_of("attention"));
    for (std::size_t t = 0; t < slices.size(); ++t) {
        SCOPED_TRACE(t);
        const auto a = cut.feed(slices[t]);
        const auto whole = plain.feed(slices[t]);
        ASSERT_TRUE(same(a[1], whole[1]));
        ASSERT_TRUE(same(a[2], whole[2]));
        if (t >= 250) {
            ASSERT_TRUE(same(a[0], fresh.feed(slices[t])[0]));
        }
    }
}

TEST(ModelStrategy, AdoptedPredictionsDecideAndTheModelGoesOn) {
    const auto slices = make_slices(300);
    const StrategySettings settings = model_settings();
    Account run(settings, facts_of("hybrid"));
    Account adopted(settings, facts_of("hybrid"));
    std::vector<std::size_t> sizes;
    adopted.strategy->adopt_outputs = [&](const Slice& slice, std::size_t model,
                                          ModelOutputs& outputs) {
        ASSERT_EQ(model, 0U);
        sizes.push_back(outputs.slots());
        for (std::size_t slot = 0; slot < outputs.slots(); ++slot) {
            if (outputs.defined(slot) && slice.id > 200) {
                outputs.of(slot)[*outputs.place("return_1")] = 0.004;
                outputs.of(slot)[*outputs.place("uncertainty")] = 0.7;
            }
        }
    };
    for (const Slice& slice : slices) {
        const auto a = run.feed(slice);
        const auto b = adopted.feed(slice);
        ASSERT_EQ(run.strategy->model_digest(), adopted.strategy->model_digest());
        for (std::size_t i = 0; i < kSymbols; ++i) {
            if (slice.id <= 200 || std::isnan(a[i].weight)) {
                ASSERT_TRUE(same(a[i], b[i]));
            } else {
                ASSERT_EQ(b[i].prediction, 0.004);
                ASSERT_EQ(b[i].uncertainty, 0.7);
                ASSERT_GE(b[i].weight, 0);
            }
        }
    }
    EXPECT_EQ(sizes, std::vector<std::size_t>(slices.size(), padded_slots(kSymbols)));
}

TEST(ModelStrategy, WarmUpSlicesCountLikeAllOthers) {
    auto slices = make_slices(200);
    Account run(model_settings(), facts_of("attention"));
    Account warmed(model_settings(), facts_of("attention"));
    for (std::size_t t = 0; t < slices.size(); ++t) {
        const auto a = run.feed(slices[t]);
        slices[t].warmup = t < 150;
        const auto b = warmed.feed(slices[t]);
        for (std::size_t i = 0; i < kSymbols; ++i) {
            ASSERT_TRUE(same(a[i], b[i]));
        }
    }
}

TEST(ModelStrategy, GoesOnFromACheckpointToTheBit) {
    const auto slices = make_slices(400);
    for (const std::string architecture : {"attention", "hybrid"}) {
        for (const char* set : {"attention", "indicators"}) {
            const auto facts = facts_of(architecture, set, {"momentum_10"});
            for (const std::size_t at : {0U, 20U, 62U, 300U}) {
                Account whole(model_settings(), facts);
                for (std::size_t t = 0; t < at; ++t) {
                    whole.feed(slices[t]);
                }
                BlobWriter out;
                whole.market.save(out);
                whole.strategy->save(out);
                Account rest(model_settings(), facts);
                rest.feed(slices[3]);  // load replaces whatever was there
                BlobReader in(out.bytes());
                rest.market.load(in);
                rest.strategy->load(in);
                ASSERT_FALSE(in.failed());
                ASSERT_TRUE(in.at_end());
                for (std::size_t t = at; t < slices.size(); ++t) {
                    const auto a = whole.feed(slices[t]);
                    const auto b = rest.feed(slices[t]);
                    for (std::size_t i = 0; i < kSymbols; ++i) {
                        ASSERT_TRUE(same(a[i], b[i])) << t;
                    }
                }
            }
        }
    }
}

TEST(ModelStrategy, RefusesACheckpointThatDoesNotFit) {
    Account run(model_settings(), facts_of("attention"));
    run.feed(make_slices(1)[0]);
    BlobWriter out;
    run.strategy->save(out);
    const auto fits = [&](std::span<const std::byte> bytes, const ModelFacts& facts) {
        Account into(model_settings(), facts);
        BlobReader in(bytes);
        into.strategy->load(in);
        return !in.failed();
    };
    EXPECT_TRUE(fits(out.bytes(), facts_of("attention")));
    EXPECT_FALSE(fits(out.bytes(), facts_of("attention", "attention", {"volume_z"})));
    for (std::size_t size = 0; size < out.bytes().size(); ++size) {
        ASSERT_FALSE(fits(out.bytes().first(size), facts_of("attention"))) << size;
    }
}

TEST(ModelStrategy, AllocatesNothingFromSliceToSlice) {
    const auto slices = make_slices(500);
    Account run(model_settings(), facts_of("attention"));
    std::vector<Signal> out(kSymbols);
    std::int64_t before = 0;
    for (std::size_t t = 0; t < slices.size(); ++t) {
        before = t == 400 ? allocations() : before;
        const auto cut = run.market.take(slices[t]);
        ASSERT_FALSE(run.strategy->on_slice(slices[t], run.market, cut, out).has_error());
    }
    EXPECT_EQ(allocations() - before, 0);
}

TEST(MakeStrategy, RefusesAModelThatLooksBackFurtherThanBarsAreKept) {
    const auto made = [](std::size_t lookback_bars) {
        return strategy_of(
            model_settings(),
            std::make_unique<FakeModel>(facts_of("hybrid", "financial", {"returns"}), 16),
            {.lookback_bars = lookback_bars});
    };
    ASSERT_TRUE(made(199).has_error());
    EXPECT_NE(
        made(199).error().text.find("looks back on 200 bars, and market.lookback_bars keeps 199"),
        std::string::npos);
    EXPECT_FALSE(made(200).has_error());
}

TEST(MakeStrategy, SaysInASentenceWhatDoesNotFit) {
    const auto complaint = [](const StrategySettings& settings, std::unique_ptr<Model> model) {
        const auto made = strategy_of(settings, std::move(model));
        return made.has_error() ? made.error().text : std::string();
    };
    const auto fake = [](const std::string& architecture, const std::string& set,
                         std::vector<std::string> columns, std::size_t slots = 16) {
        return std::make_unique<FakeModel>(facts_of(architecture, set, std::move(columns)), slots);
    };
    const auto says = [&](std::string_view part, const StrategySettings& settings,
                          std::unique_ptr<Model> model) {
        const std::string text = complaint(settings, std::move(model));
        EXPECT_NE(text.find(part), std::string::npos) << text;
    };
    const StrategySettings plain = model_settings();
    EXPECT_EQ(complaint(plain, fake("attention", "attention", {"volume_z"})), "");
    says("needs a model", plain, nullptr);
    says("takes no model", {.kind = StrategyKind::buy_and_hold},
         fake("attention", "attention", {"volume_z"}));
    says("'magic'", plain, fake("hybrid", "magic", {"x"}));
    says("'x' is not one", plain, fake("hybrid", "financial", {"returns", "x"}));
    says("scale", plain, fake("hybrid", "financial", {"dollar_volume"}));
    says("32 slots", plain, fake("hybrid", "financial", {"returns"}, 32));
    StrategySettings other = plain;
    other.position_rule = "hybrid";
    says("reads uncertainty", other, fake("attention", "attention", {"volume_z"}));
    other.position_rule = "pair";
    says("is for a pair", other, fake("attention", "attention", {"volume_z"}));
    other.position_rule = "magic";
    says("no position rule 'magic'", other, fake("attention", "attention", {"volume_z"}));
    EXPECT_TRUE(make_strategy({}, {}, {}, {}).has_error());
    for (const PositionSettings& positions :
         {PositionSettings{.vol_target = 0}, PositionSettings{.gate_percentile = 101},
          PositionSettings{.gate_window = 0}, PositionSettings{.smoothing = 0},
          PositionSettings{.confidence_window = -1},
          PositionSettings{.revert_entry = 0.4, .revert_exit = 0.5}}) {
        StrategySettings settings = plain;
        settings.positions = positions;
        EXPECT_NE(complaint(settings, fake("hybrid", "attention", {"volume_z"})), "");
    }
}

}  // namespace
}  // namespace paperd::strategy
