// What holds for every feature set as a stream: causality, checkpoints, bounded memory, rescaling.
#include "strategy/features/targets.h"
#include "tests/strategy/golden.h"
#include "tests/strategy/random_bars.h"

namespace paperd::strategy {
namespace {

using Rows = std::vector<std::vector<double>>;

const std::vector<std::string> kSets = feature_set_names();

// A set and the market it reads, fed bar by bar; the second symbol is the partner of `financial`.
class Feed {
public:
    explicit Feed(std::string_view set, const FeatureSettings& settings = {})
        : market(2, {}),
          with_partner_(set == "financial"),
          features(*make_feature_set(set, settings, with_partner_)) {}

    std::vector<double> next(const Bar& bar, const Bar& partner) {
        Slice slice = slice_of(++id_, {bar, partner});
        slice.bars[0].symbol = symbol_id(0);
        slice.bars[1].symbol = symbol_id(1);
        market.take(slice);
        std::vector<double> row(features->columns().size());
        const BarWindow other = market.window(symbol_id(1));
        features->next(market.window(symbol_id(0)), with_partner_ ? &other : nullptr, row);
        return row;
    }

    MarketDataHandler market;

private:
    bool with_partner_;
    std::int64_t id_ = 0;

public:
    std::unique_ptr<FeatureSet> features;
};

const std::vector<Bar>& bars() {
    static const auto kBars = golden::synthetic("SYNTH_A").bars;
    return kBars;
}

const std::vector<Bar>& partner() {
    static const auto kBars = golden::synthetic("SYNTH_B").bars;
    return kBars;
}

Rows run(Feed& feed, std::size_t from, std::size_t to) {
    Rows rows;
    for (std::size_t t = from; t < to; ++t) {
        rows.push_back(feed.next(bars()[t], partner()[t]));
    }
    return rows;
}

TEST(FeatureStreams, PoisonedLaterRowsChangeNothingEarlier) {
    for (const std::string& set : kSets) {
        SCOPED_TRACE(set);
        Feed clean(set);
        const Rows expected = run(clean, 0, bars().size());
        for (std::size_t t = 0; t < bars().size(); t += 10) {
            std::vector<Bar> poisoned(bars().begin(),
                                      bars().begin() + static_cast<std::ptrdiff_t>(t) + 1);
            std::vector<Bar> other(partner().begin(),
                                   partner().begin() + static_cast<std::ptrdiff_t>(t) + 1);
            for (std::size_t i = t + 1; i < std::min(t + 4, bars().size()); ++i) {
                Bar bar = bars()[i];
                bar.open = bar.high = bar.low = bar.close = bar.adj_close = Price::whole(1'000'000);
                bar.volume = 1e15;
                poisoned.push_back(bar);
                other.push_back(bar);
            }
            Feed feed(set);
            for (std::size_t i = 0; i < poisoned.size(); ++i) {
                const auto row = feed.next(poisoned[i], other[i]);
                if (i <= t) {
                    ASSERT_TRUE(golden::same_bits(row, expected[i])) << "bar " << i << " of " << t;
                } else {
                    // The test's teeth: later rows do see the poison.
                    ASSERT_FALSE(golden::same_bits(row, expected[i]));
                }
            }
        }
    }
}

TEST(FeatureStreams, GoOnFromACheckpointToTheBit) {
    for (const std::string& set : kSets) {
        SCOPED_TRACE(set);
        for (const std::size_t cut : {0U, 1U, 15U, 75U, 130U, 700U}) {
            Feed whole(set);
            run(whole, 0, cut);
            BlobWriter out;
            whole.market.save(out);
            whole.features->save(out);
            Feed rest(set);
            run(rest, 3, 40);  // load replaces whatever was there
            BlobReader in(out.bytes());
            rest.market.load(in);
            rest.features->load(in);
            ASSERT_FALSE(in.failed());
            ASSERT_TRUE(in.at_end());
            const Rows a = run(whole, cut, 1000);
            const Rows b = run(rest, cut, 1000);
            for (std::size_t i = 0; i < a.size(); ++i) {
                ASSERT_TRUE(golden::same_bits(a[i], b[i])) << "bar " << cut + i;
            }
        }
    }
}

TEST(FeatureStreams, RefuseAnotherSetsCheckpoint) {
    for (const std::string& set : kSets) {
        BlobWriter out;
        (*make_feature_set(set, {}))->save(out);
        for (const std::string& other : kSets) {
            BlobReader in(out.bytes());
            (*make_feature_set(other, {}))->load(in);
            EXPECT_EQ(in.failed(), std::string_view(set) != other) << set << " into " << other;
        }
    }
}

TEST(FeatureStreams, AfterAResetAreAsNew) {
    for (const std::string& set : kSets) {
        SCOPED_TRACE(set);
        Feed used(set);
        run(used, 200, 700);
        used.features->reset();
        used.market = MarketDataHandler(2, {});
        Feed fresh(set);
        const Rows a = run(used, 0, 400);
        const Rows b = run(fresh, 0, 400);
        for (std::size_t i = 0; i < a.size(); ++i) {
            ASSERT_TRUE(golden::same_bits(a[i], b[i])) << "bar " << i;
        }
    }
}

TEST(FeatureStreams, AWantedColumnIsTheSameAloneAsAmongAll) {
    for (const std::string& set : kSets) {
        Feed whole(set);
        const Rows expected = run(whole, 0, 300);
        const auto columns = whole.features->columns();
        for (std::size_t c = 0; c < columns.size(); ++c) {
            SCOPED_TRACE(columns[c]);
            Feed alone(set, {.wanted = {std::string(columns[c])}});
            for (std::size_t t = 0; t < 300; ++t) {
                const double value = alone.next(bars()[t], partner()[t])[c];
                ASSERT_TRUE(golden::same_bits({&value, 1}, {&expected[t][c], 1})) << "bar " << t;
            }
        }
    }
}

TEST(FeatureStreams, TheirMemoryDoesNotGrowWithTheBars) {
    const auto size_after = [](const std::string& set, int count) {
        Feed feed(set);
        for (const Bar& bar : random_bars(5, count)) {
            feed.next(bar, bar);
        }
        BlobWriter out;
        feed.market.save(out);
        feed.features->save(out);
        return out.bytes().size();
    };
    for (const std::string& set : kSets) {
        SCOPED_TRACE(set);
        EXPECT_EQ(size_after(set, 2600), size_after(set, 4000));
    }
}

TEST(FeatureStreams, AFlatPriceLeavesRatiosUndefinedAndIsNoSpread) {
    Bar flat = bars().front();
    flat.open = flat.high = flat.low = flat.close = flat.adj_close = *Price::parse("0.1");
    flat.volume = 0;
    Feed attention("attention");
    Feed financial("financial");
    std::vector<double> a;
    std::vector<double> f;
    for (int t = 0; t < 260; ++t) {
        flat.closed_at += std::chrono::hours(24);
        a = attention.next(flat, flat);
        f = financial.next(flat, flat);
    }
    const auto value = [](const Feed& feed, const std::vector<double>& row, std::string_view name) {
        const auto columns = feed.features->columns();
        return row[static_cast<std::size_t>(std::ranges::find(columns, name) - columns.begin())];
    };
    EXPECT_EQ(value(attention, a, "vol_20"), 0);
    EXPECT_EQ(value(attention, a, "vol_ok"), 0);  // 0 < 1.2 x 0 is false
    EXPECT_TRUE(std::isnan(value(attention, a, "volume_z")));
    EXPECT_TRUE(std::isnan(value(financial, f, "rsi_14d")));
    EXPECT_TRUE(std::isnan(value(financial, f, "bb_position")));
    EXPECT_TRUE(std::isnan(value(financial, f, "volume_change")));
    EXPECT_TRUE(std::isnan(value(financial, f, "amihud_ratio")));
    EXPECT_TRUE(std::isnan(value(financial, f, "vol_ret_corr_20d")));
    EXPECT_TRUE(std::isnan(value(financial, f, "market_efficiency_5d")));
    EXPECT_EQ(value(financial, f, "hl_spread"), 0);
    EXPECT_EQ(value(financial, f, "volatility_regime"), 0);
}

TEST(FeatureStreams, TheRegimeThresholdsAreSettings) {
    Feed usual("attention");
    Feed never("attention", {.trend_floor = 10});
    Feed always("attention", {.trend_floor = -1, .vol_ratio_max = 1e6});
    const std::size_t regime_ok = 11;
    ASSERT_EQ(feature_columns("attention")[regime_ok], "regime_ok");
    double open = 0;
    for (std::size_t t = 0; t < 500; ++t) {
        const double value = usual.next(bars()[t], partner()[t])[regime_ok];
        const double none = never.next(bars()[t], partner()[t])[regime_ok];
        const double all = always.next(bars()[t], partner()[t])[regime_ok];
        if (t >= 79) {
            open += value;
            ASSERT_EQ(none, 0);
            ASSERT_EQ(all, 1);
        } else {
            ASSERT_TRUE(std::isnan(value) && std::isnan(none) && std::isnan(all));
        }
    }
    EXPECT_GT(open, 100);
    EXPECT_LT(open, 400);
}

TEST(FeatureStreams, RegimesCompareWithTheTrailing2520VolatilitiesOnly) {
    Feed feed("regime_labels");
    std::vector<double> volatilities;
    std::vector<double> row;
    for (const Bar& bar : random_bars(17, 2700)) {
        row = feed.next(bar, bar);
        if (!std::isnan(row[2])) {
            volatilities.push_back(row[2]);
        }
    }
    ASSERT_EQ(volatilities.size(), 2680U);
    volatilities.erase(volatilities.begin(), volatilities.end() - 2520);
    std::ranges::sort(volatilities);
    EXPECT_DOUBLE_EQ(row[3], (volatilities[1259] + volatilities[1260]) / 2);
    // 0.75 x 2519 = 1889.25
    EXPECT_DOUBLE_EQ(row[4], volatilities[1889] + 0.25 * (volatilities[1890] - volatilities[1889]));
}

TEST(FeatureStreams, AnUnknownSetOrColumnIsRefusedByName) {
    const auto set = make_feature_set("magic", {});
    ASSERT_TRUE(set.has_error());
    EXPECT_NE(set.error().text.find("'magic'"), std::string::npos);
    EXPECT_NE(set.error().text.find("indicators"), std::string::npos);
    const auto column = make_feature_set("attention", {.wanted = {"rsi"}});
    ASSERT_TRUE(column.has_error());
    EXPECT_NE(column.error().text.find("'rsi'"), std::string::npos);
    EXPECT_NE(column.error().text.find("volume_z"), std::string::npos);
    // market_corr is a column only where there is a partner.
    EXPECT_TRUE(make_feature_set("financial", {.wanted = {"market_corr"}}).has_error());
    EXPECT_FALSE(make_feature_set("financial", {.wanted = {"market_corr"}}, true).has_error());
    EXPECT_TRUE(feature_columns("magic").empty());
    EXPECT_EQ(feature_warmup_bars("magic"), 0U);
}

TEST(FeatureStreams, TheHashTellsSetsAndColumnsApart) {
    const std::vector<std::string> two = {"rsi", "macd"};
    const std::vector<std::string> turned = {"macd", "rsi"};
    const std::vector<std::string> glued = {"rsimacd"};
    const auto hash = feature_set_hash("indicators", two);
    EXPECT_EQ(hash, feature_set_hash("indicators", two));
    EXPECT_NE(hash, feature_set_hash("financial", two));
    EXPECT_NE(hash, feature_set_hash("indicators", turned));
    EXPECT_NE(hash, feature_set_hash("indicators", glued));
}

TEST(FeatureStreams, LevelsAreNotForModels) {
    EXPECT_TRUE(is_level_column("dollar_volume"));
    EXPECT_TRUE(is_level_column("volume_ma_5d"));
    EXPECT_FALSE(is_level_column("volume_rel_ma"));
}

TEST(Targets, AreOfTheBarAfter) {
    EXPECT_NEAR(target_of("attention")(100, 110), std::log(1.1), 1e-15);
    EXPECT_EQ(target_of("indicators")(100, 110), 1);
    EXPECT_EQ(target_of("indicators")(100, 100), 0);
    EXPECT_EQ(target_of("indicators")(100, 90), 0);
    EXPECT_EQ(target_of("financial"), nullptr);
}

}  // namespace
}  // namespace paperd::strategy
