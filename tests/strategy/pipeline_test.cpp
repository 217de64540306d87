// Groups, several models, overlays and longer bars, with models that say what they are told.
#include <cmath>

#include <gtest/gtest.h>

#include "strategy/model_fit.h"
#include "strategy/strategy.h"
#include "tests/strategy/random_bars.h"
#include "tests/strategy/saying_model.h"

namespace paperd::strategy {
namespace {

const Universe kNames = {"AAA", "BBB"};
constexpr MarketFrame kDaily{.calendar = CalendarKind::always_open};

ModelFacts facts_of(GroupKind group, std::vector<std::string> outputs,
                    BarInterval interval = BarInterval::day_1) {
    ModelFacts facts;
    facts.architecture = "window";
    facts.interval = interval;
    facts.group = group;
    facts.outputs = std::move(outputs);
    facts.sequence_length = 2;
    facts.feature_set = "attention";
    facts.columns = {"log_return"};
    if (group == GroupKind::pair) {
        facts.feature_set = "pairs";
        facts.columns = {"spread", "z_score"};
        facts.pairs = {"AAA/BBB"};
        facts.pair_scalers = {{.first_mean = 40, .second_mean = 40, .spread_mean = 0}};
    } else if (group == GroupKind::universe) {
        facts.columns = {"BBB.log_return", "AAA.log_return"};
        facts.per_member = true;
    }
    return facts;
}

StrategySettings settings_of(std::string rule) {
    StrategySettings settings{.kind = StrategyKind::model, .gross_budget = 2, .allow_short = true};
    settings.position_rule = std::move(rule);
    settings.positions = {.gate_percentile = 0, .smoothing = 1, .use_regime_filter = false};
    return settings;
}

struct Told {
    ModelFacts facts;
    SayingModel::Say say;
};

// More of the same: sizes differ, so that the gate (of percentile 0) shuts on the smallest alone.
void go_on(std::size_t /*slot*/, std::span<const double> row, std::span<double> values) {
    std::ranges::fill(values, row[0]);
}

struct Account {
    Account(const StrategySettings& settings, const std::vector<Told>& told,
            const MarketFrame& frame = kDaily)
        : market(kNames.size(), {}) {
        std::vector<std::unique_ptr<Model>> owned;
        for (const Told& one : told) {
            auto groups = make_groups(one.facts, kNames, settings.pairs);
            EXPECT_FALSE(groups.has_error());
            owned.push_back(
                std::make_unique<SayingModel>(one.facts, padded_slots(groups->size()), one.say));
            models.push_back(static_cast<SayingModel*>(owned.back().get()));
        }
        auto made = make_strategy(kNames, settings, frame, std::move(owned));
        EXPECT_FALSE(made.has_error()) << made.error().text;
        strategy = std::move(*made);
    }

    std::vector<Signal> feed(const Slice& slice) {
        for (const Split& split : slice.splits) {
            market.split(split);
        }
        const auto cut = market.take(slice);
        std::vector<Signal> out(kNames.size());
        EXPECT_FALSE(strategy->on_slice(slice, market, cut, out).has_error());
        rows.clear();
        strategy->list_outputs(rows);
        return out;
    }

    MarketDataHandler market;
    std::vector<SayingModel*> models;
    std::unique_ptr<Strategy> strategy;
    std::vector<ModelOutputRow> rows;  // of the newest slice
};

std::vector<Slice> make_slices(int count) {
    const auto a = random_bars(1, count, symbol_id(0));
    const auto b = random_bars(2, count, symbol_id(1));
    std::vector<Slice> slices;
    for (std::size_t t = 0; t < a.size(); ++t) {
        slices.push_back(slice_of(static_cast<std::int64_t>(t) + 1, {a[t], b[t]}));
        slices.back().last_of_session = true;
    }
    return slices;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool same(const Signal& a, const Signal& b) {
    return same(a.prediction, b.prediction) && same(a.weight, b.weight) && a.reason == b.reason;
}

int month_of(Day day) {
    return static_cast<int>(static_cast<unsigned>(std::chrono::year_month_day{day}.month()));
}

TEST(Pipeline, AnOverlayVetoesAndScalesWhatTheForecasterWants) {
    const auto slices = make_slices(60);
    const ModelFacts regimes =
        facts_of(GroupKind::symbol, {"p_bear", "p_low_vol", "p_bull", "p_high_vol"});
    const auto regime = [](std::size_t slot, std::span<const double> row, std::span<double> p) {
        const bool bad = slot == 0 && row[0] < -0.01;
        const std::vector<double> good = {0.1, 0.2, 0.4, 0.3};
        std::ranges::copy(bad ? std::vector<double>{0.4, 0.2, 0.1, 0.3} : good, p.begin());
    };
    const Told forecaster{facts_of(GroupKind::symbol, {"return_1"}), go_on};
    StrategySettings veto = settings_of("attention");
    veto.overlay_models = {{.rule = "regime_veto", .path = {}}};
    veto.overlays.veto_above = 0.6;
    StrategySettings scale = veto;
    scale.overlay_models = {{.rule = "regime_scale", .path = {}}};
    Account alone(settings_of("attention"), {forecaster});
    Account vetoed(veto, {forecaster, {regimes, regime}});
    Account scaled(scale, {forecaster, {regimes, regime}});
    int vetoes = 0;
    for (std::size_t t = 0; t < slices.size(); ++t) {
        const auto a = alone.feed(slices[t]);
        const auto v = vetoed.feed(slices[t]);
        const auto s = scaled.feed(slices[t]);
        for (std::size_t i = 0; i < 2; ++i) {
            ASSERT_TRUE(same(a[i].prediction, v[i].prediction));
            if (std::isnan(a[i].weight) || a[i].weight == 0) {
                ASSERT_TRUE(same(a[i], v[i]));
                continue;
            }
            ASSERT_EQ(v[i].reason == Reason::overlay_veto, v[i].weight == 0);
            ASSERT_EQ(v[i].weight == 0, i == 0 && std::abs(s[i].weight / a[i].weight - 0.3) < 1e-9);
            if (v[i].weight != 0) {
                ASSERT_EQ(v[i].weight, a[i].weight);
                ASSERT_NEAR(s[i].weight, a[i].weight * 0.6, 1e-12);
            }
            vetoes += v[i].weight == 0 ? 1 : 0;
        }
    }
    EXPECT_GT(vetoes, 3);
    // The decision holds the forecast; what the overlay reads is stored beside, in its own order.
    ASSERT_EQ(vetoed.strategy->output_storage().size(), 2U);
    EXPECT_TRUE(vetoed.strategy->output_storage()[0].prediction.has_value());
    EXPECT_TRUE(vetoed.strategy->output_storage()[0].others.empty());
    EXPECT_EQ(vetoed.strategy->output_storage()[1].others, (std::vector<std::size_t>{0, 3}));
    ASSERT_EQ(vetoed.rows.size(), 2U);
    EXPECT_EQ(vetoed.rows[1].model, 1U);
    EXPECT_EQ(vetoed.rows[1].group, 1U);
    EXPECT_EQ(vetoed.rows[1].values, (std::vector<double>{0.1, 0.3}));
}

TEST(Pipeline, WithoutAWordFromTheOverlayThereIsNoOpinion) {
    const auto slices = make_slices(12);
    ModelFacts regimes = facts_of(GroupKind::symbol, {"p_bear", "p_high_vol"});
    regimes.sequence_length = 8;
    StrategySettings settings = settings_of("attention");
    settings.overlay_models = {{.rule = "regime_veto", .path = {}}};
    Account run(settings,
                {{facts_of(GroupKind::symbol, {"return_1"}), go_on},
                 {regimes, [](auto, auto, std::span<double> p) { std::ranges::fill(p, 0.1); }}});
    for (std::size_t t = 0; t < slices.size(); ++t) {
        const auto out = run.feed(slices[t]);
        const bool speaks = t >= 8;  // the first bar has no return
        ASSERT_EQ(std::isnan(out[0].weight), !speaks) << t;
        ASSERT_EQ(out[0].reason == Reason::warming_up, !speaks) << t;
        ASSERT_EQ(std::isnan(out[0].prediction), t < 2) << "the forecaster speaks all the same";
    }
}

TEST(Pipeline, APairIsTradedLegAgainstLeg) {
    const auto slices = make_slices(80);
    StrategySettings settings = settings_of("pair");
    settings.pairs = {"AAA/BBB"};
    std::vector<double> z_scores;
    Account run(settings,
                {{facts_of(GroupKind::pair, {"p_revert"}),
                  [&](std::size_t slot, std::span<const double> row, std::span<double> values) {
                      ASSERT_EQ(slot, 0U);
                      z_scores.push_back(row[1]);
                      values[0] = 0.9;
                  }}});
    EXPECT_FALSE(run.strategy->has_forecast());
    int traded = 0;
    for (std::size_t t = 0; t < slices.size(); ++t) {
        Slice slice = slices[t];
        if (t == 50) {
            slice.bars.pop_back();  // one leg alone says nothing
        }
        const auto out = run.feed(slice);
        if (t == 50) {
            ASSERT_EQ(out[0].reason, Reason::feature_undefined);
            ASSERT_EQ(out[1].reason, Reason::no_bar);
            ASSERT_TRUE(run.rows.empty());
            continue;
        }
        if (t < 1) {
            ASSERT_EQ(out[0].reason, Reason::warming_up);
            continue;
        }
        ASSERT_EQ(out[0].weight, -out[1].weight);
        ASSERT_EQ(out[0].weight, z_scores.back() > 0 ? -1 : 1) << t;
        ASSERT_TRUE(std::isnan(out[0].prediction));
        ASSERT_EQ(run.rows.size(), 1U);
        ASSERT_EQ(run.rows[0].values, std::vector<double>{0.9});
        ++traded;
    }
    EXPECT_GT(traded, 70);
}

TEST(Pipeline, SaysWhatDoesNotFitAPairOrAUniverse) {
    const auto complaint = [](const ModelFacts& facts, const StrategySettings& settings,
                              const Universe& symbols = kNames) {
        const auto checked = check_model(facts, 0, symbols, settings, kDaily);
        return checked.has_error() ? checked.error().text : std::string();
    };
    const auto says = [](const std::string& text, std::string_view part) {
        EXPECT_NE(text.find(part), std::string::npos) << text;
    };
    const ModelFacts pair = facts_of(GroupKind::pair, {"p_revert"});
    StrategySettings settings = settings_of("pair");
    says(complaint(pair, settings), "strategy.pairs names none");
    settings.pairs = {"AAA/BBB"};
    EXPECT_EQ(complaint(pair, settings), "");
    says(complaint(pair, settings, {"AAA", "BBB", "CCC"}), "CCC is in none of strategy.pairs");
    says(complaint(pair, settings, {"AAA", "CCC"}), "'BBB', which the job does not trade");
    settings.pairs = {"BBB/AAA"};
    says(complaint(pair, settings), "not fitted to the pair BBB/AAA");
    settings.pairs = {"AAA"};
    says(complaint(pair, settings), "is no pair");
    settings.pairs = {"AAA/BBB", "AAA/BBB"};
    says(complaint(pair, settings), "stands in a pair already");
    settings.pairs = {"AAA/BBB"};
    settings.allow_short = false;
    says(complaint(pair, settings), "sells short");
    const ModelFacts universe = facts_of(GroupKind::universe, {"return_1"});
    EXPECT_EQ(complaint(universe, settings_of("allocation")), "");
    says(complaint(universe, settings_of("allocation"), {"AAA", "BBB", "CCC"}),
         "has 2 symbols and the job 3");
    says(complaint(universe, settings_of("attention")), "speaks of a universe");
    ModelFacts minutes = facts_of(GroupKind::symbol, {"return_1"}, BarInterval::minute_1);
    says(complaint(minutes, settings_of("attention")), "bars of 1m");
}

TEST(Pipeline, AMonthlyUniverseDecidesAtTheEndOfTheMonthAndHoldsBetween) {
    const auto slices = make_slices(400);
    std::vector<std::vector<double>> seen;
    const Told model{facts_of(GroupKind::universe, {"return_1"}, BarInterval::month_1),
                     [&](std::size_t slot, std::span<const double> row, std::span<double> values) {
                         ASSERT_EQ(slot, 0U);
                         seen.emplace_back(row.begin(), row.end());
                         const double more = 1e-6 * static_cast<double>(seen.size());
                         values[0] = 0.01 + more;     // BBB, as the model's columns have it
                         values[1] = -(0.02 + more);  // AAA
                     }};
    Account run(settings_of("allocation"), {model});
    int decided = 0;
    std::vector<double> month_closes;  // of AAA
    for (std::size_t t = 0; t < slices.size(); ++t) {
        const auto out = run.feed(slices[t]);
        const bool ends = month_of(slices[t].day) != month_of(slices[t].day + std::chrono::days(1));
        if (!ends) {
            ASSERT_EQ(out[0].reason, Reason::between_bars) << t;
            ASSERT_TRUE(std::isnan(out[0].weight));
            ASSERT_TRUE(run.rows.empty());
            continue;
        }
        month_closes.push_back(std::log(run.market.window(symbol_id(0)).close.back()));
        if (month_closes.size() < 3) {  // a return, and two of them
            ASSERT_EQ(out[0].reason, Reason::warming_up);
            continue;
        }
        ++decided;
        ASSERT_NEAR(out[0].prediction, -0.02, 1e-4);
        ASSERT_NEAR(out[1].prediction, 0.01, 1e-4);
        if (decided > 1) {
            ASSERT_LT(out[0].weight, 0);
            ASSERT_GT(out[1].weight, 0);
        }
        ASSERT_NEAR(seen.back()[1], month_closes.back() - month_closes[month_closes.size() - 2],
                    1e-12);
        ASSERT_EQ(run.rows.size(), 1U);
        ASSERT_EQ(run.rows[0].values, (std::vector<double>{out[1].prediction, out[0].prediction}));
    }
    EXPECT_GE(decided, 10);
}

TEST(Pipeline, ASymbolWithoutABarAtTheEndDecidesOnItsNext) {
    auto slices = make_slices(400);
    std::vector<std::size_t> ends;
    for (std::size_t t = 0; t < slices.size(); ++t) {
        if (month_of(slices[t].day) != month_of(slices[t].day + std::chrono::days(1))) {
            slices[t].bars.pop_back();
            ends.push_back(t);
        }
    }
    Account run(settings_of("attention"),
                {{facts_of(GroupKind::symbol, {"return_1"}, BarInterval::month_1), go_on}});
    for (std::size_t t = 0; t < slices.size(); ++t) {
        const auto out = run.feed(slices[t]);
        const bool end = std::ranges::find(ends, t) != ends.end();
        const bool after = t > 0 && std::ranges::find(ends, t - 1) != ends.end();
        const bool warm = t > ends[3];
        ASSERT_EQ(out[1].reason == Reason::no_bar, end) << t;
        if (warm && after) {
            ASSERT_FALSE(std::isnan(out[1].weight)) << t;
            ASSERT_EQ(out[0].reason, Reason::between_bars) << t;
        }
        if (warm && end) {
            ASSERT_FALSE(std::isnan(out[0].weight)) << t;
        }
    }
}

TEST(Pipeline, AnImplausiblePredictionIsShownAndLeavesNoTrace) {
    const auto slices = make_slices(60);
    const auto now_and_then = [](double what) {
        return Told{
            facts_of(GroupKind::symbol, {"return_1"}),
            [what, said = 0](auto, std::span<const double> row, std::span<double> values) mutable {
                values[0] = ++said % 10 == 0 ? what : row[0];
            }};
    };
    StrategySettings settings = settings_of("attention");
    settings.positions.smoothing = 3;
    Account absurd(settings, {now_and_then(8e30)});
    Account silent(settings, {now_and_then(NAN)});
    int implausible = 0;
    int traded = 0;
    for (const Slice& slice : slices) {
        const auto a = absurd.feed(slice);
        const auto b = silent.feed(slice);
        for (std::size_t i = 0; i < 2; ++i) {
            if (a[i].reason == Reason::implausible_prediction) {
                ++implausible;
                ASSERT_TRUE(std::isnan(a[i].weight));
                ASSERT_EQ(a[i].prediction, 8e30);
                ASSERT_EQ(b[i].reason, Reason::prediction_not_finite);
            } else {
                ASSERT_TRUE(same(a[i], b[i])) << slice.id;
                traded += a[i].weight != 0 && !std::isnan(a[i].weight) ? 1 : 0;
            }
        }
    }
    EXPECT_GE(implausible, 10);
    EXPECT_GE(traded, 80);
}

TEST(Pipeline, GoesOnFromACheckpointToTheBit) {
    const auto slices = make_slices(300);
    StrategySettings monthly = settings_of("attention");
    monthly.overlay_models = {{.rule = "regime_veto", .path = {}}};
    StrategySettings pair = settings_of("pair");
    pair.pairs = {"AAA/BBB"};
    const auto probable = [](auto, std::span<const double> row, std::span<double> values) {
        std::ranges::fill(values, row[0] > 0 ? 0.7 : 0.1);
    };
    const std::vector<std::pair<StrategySettings, std::vector<Told>>> runs = {
        {monthly,
         {{facts_of(GroupKind::symbol, {"return_1"}), go_on},
          {facts_of(GroupKind::symbol, {"p_bear", "p_high_vol"}, BarInterval::month_1), probable}}},
        {settings_of("allocation"),
         {{facts_of(GroupKind::universe, {"return_1"}, BarInterval::month_1), go_on}}},
        {pair, {{facts_of(GroupKind::pair, {"p_revert"}), probable}}}};
    for (const auto& [settings, told] : runs) {
        for (const std::size_t at : {0U, 40U, 95U, 200U}) {
            Account whole(settings, told);
            for (std::size_t t = 0; t < at; ++t) {
                whole.feed(slices[t]);
            }
            BlobWriter out;
            whole.market.save(out);
            whole.strategy->save(out);
            Account rest(settings, told);
            rest.feed(slices[5]);
            BlobReader in(out.bytes());
            rest.market.load(in);
            rest.strategy->load(in);
            ASSERT_FALSE(in.failed());
            ASSERT_TRUE(in.at_end());
            for (std::size_t t = at; t < slices.size(); ++t) {
                const auto a = whole.feed(slices[t]);
                const auto b = rest.feed(slices[t]);
                ASSERT_TRUE(same(a[0], b[0]) && same(a[1], b[1])) << t;
                ASSERT_EQ(whole.strategy->model_digest(), rest.strategy->model_digest());
            }
        }
    }
}

// A series in old shares all along, and the same with 4 for 1 told in its middle: whatever a model
// lives on, its rows and its opinions are the same but for the last bits of logarithms (a ratio of
// a power of two rounds nothing else), also in the month that is open and across a checkpoint.
TEST(Pipeline, ASplitThatIsToldChangesNoOpinion) {
    StrategySettings pair = settings_of("pair");
    pair.pairs = {"AAA/BBB"};
    const auto near = [](double a, double b) { return same(a, b) || std::abs(a - b) <= 1e-12; };
    const auto tell = [](std::size_t, std::span<const double> row, std::span<double> values) {
        std::ranges::fill(values, 0.5 + std::clamp(row[0], -0.4, 0.4));
    };
    const Told kinds[] = {{facts_of(GroupKind::symbol, {"return_1"}), go_on},
                          {facts_of(GroupKind::symbol, {"return_1"}, BarInterval::month_1), go_on},
                          {facts_of(GroupKind::pair, {"p_revert"}), tell}};
    auto old_shares = make_slices(140);
    for (Slice& slice : old_shares) {
        for (Bar& bar : slice.bars) {
            for (Price Bar::* price : {&Bar::open, &Bar::high, &Bar::low, &Bar::close}) {
                bar.*price = Price::from_raw((bar.*price).raw() / 4 * 4);
            }
            bar.adj_close = bar.close;  // as traded
        }
    }
    auto told = old_shares;
    told[70].splits = {
        {.symbol = symbol_id(0), .ex_date = told[70].day, .new_shares = 4, .old_shares = 1}};
    for (std::size_t t = 70; t < told.size(); ++t) {
        for (Price Bar::* price :
             {&Bar::open, &Bar::high, &Bar::low, &Bar::close, &Bar::adj_close}) {
            told[t].bars[0].*price = Price::from_raw((told[t].bars[0].*price).raw() / 4);
        }
        told[t].bars[0].volume *= 4;
    }
    for (const Told& kind : kinds) {
        const StrategySettings settings =
            kind.facts.group == GroupKind::pair ? pair : settings_of("attention");
        Account whole(settings, {kind});
        Account split(settings, {kind});
        int opinions = 0;
        for (std::size_t t = 0; t < told.size(); ++t) {
            const auto a = whole.feed(old_shares[t]);
            const auto b = split.feed(told[t]);
            for (std::size_t i = 0; i < 2; ++i) {
                ASSERT_TRUE(near(a[i].prediction, b[i].prediction)) << t;
                ASSERT_TRUE(near(a[i].weight, b[i].weight)) << t;
                ASSERT_EQ(a[i].reason, b[i].reason) << t;
                opinions += std::isnan(a[i].weight) ? 0 : 1;
            }
            ASSERT_EQ(whole.rows.size(), split.rows.size());
            for (std::size_t n = 0; n < whole.rows.size(); ++n) {
                ASSERT_TRUE(std::ranges::equal(whole.rows[n].values, split.rows[n].values, near));
            }
            if (t == 80) {
                BlobWriter out;
                split.strategy->save(out);
                BlobReader in(out.bytes());
                split.strategy->load(in);
                ASSERT_FALSE(in.failed());
            }
        }
        EXPECT_GT(opinions, 0);
    }
}

}  // namespace
}  // namespace paperd::strategy
