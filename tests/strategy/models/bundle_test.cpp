#include "strategy/models/bundle.h"

#include <cstring>

#include <gtest/gtest.h>

#include "strategy/models/architecture.h"
#include "tests/strategy/models/golden_model.h"

namespace paperd::strategy {
namespace {

Bundle small_bundle() {
    Bundle bundle;
    bundle.facts = facts_of(architecture_named("attention"));
    ModelFacts& f = bundle.facts;
    f.interval = BarInterval::minute_1;
    f.feature_set = "attention";
    f.columns = {"volatility_10", "a \"quoted\" name"};
    f.sequence_length = 7;
    f.sizes = {{"hidden", 3}};
    f.feature_mean = {0.010732368439871083, -1e-17};
    f.feature_std = {0.005307328834401736, 3.0};
    f.target_mean = 0.0005585484315684667;
    f.target_std = 0.1;
    f.trained_symbols = {"AAPL", "BRK.B"};
    f.trained_days = {{day_from_number(17'000), day_from_number(17'100)},
                      {day_from_number(17'102), day_from_number(17'102)}};
    f.seed = 18'446'744'073'709'551'615ULL;
    f.data_sha256 = "ab";
    f.metrics = {{"validation_loss", 0.98765432109876543}, {"windows", 12}};
    f.trained_command = "paperd train -c a.yaml --out \"b c\"\n";
    bundle.weights = {{"w", {2, 3}, {1, 2, 3, 4, 5, 6}}, {"b", {1}, {-0.5F}}};
    return bundle;
}

std::string refusal(const BundleBytes& bytes) {
    const auto decoded = decode_bundle(bytes);
    return decoded.has_error() ? decoded.error().text : "accepted";
}

bool mentions(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(Bundle, ComesBackAsItWasWritten) {
    const Bundle bundle = small_bundle();
    const auto decoded = decode_bundle(encode_bundle(bundle));
    ASSERT_FALSE(decoded.has_error()) << decoded.error().text;
    const ModelFacts& want = bundle.facts;
    const ModelFacts& got = decoded->facts;
    EXPECT_EQ(got.format_version, kBundleFormatVersion);
    EXPECT_EQ(got.architecture, want.architecture);
    EXPECT_EQ(got.interval, want.interval);
    EXPECT_EQ(got.feature_set, want.feature_set);
    EXPECT_EQ(got.columns, want.columns);
    EXPECT_EQ(got.sequence_length, want.sequence_length);
    EXPECT_EQ(got.sizes, want.sizes);
    EXPECT_EQ(got.group, GroupKind::symbol);
    EXPECT_EQ(got.outputs, std::vector<std::string>{"return_1"});
    EXPECT_EQ(got.positions, "attention");
    EXPECT_EQ(got.feature_mean, want.feature_mean);
    EXPECT_EQ(got.feature_std, want.feature_std);
    EXPECT_EQ(got.target_mean, want.target_mean);
    EXPECT_EQ(got.target_std, want.target_std);
    EXPECT_EQ(got.trained_symbols, want.trained_symbols);
    EXPECT_EQ(got.trained_days, want.trained_days);
    EXPECT_EQ(got.seed, want.seed);
    EXPECT_EQ(got.data_sha256, want.data_sha256);
    EXPECT_EQ(got.metrics, want.metrics);
    EXPECT_EQ(got.trained_command, want.trained_command);
    EXPECT_EQ(decoded->weights, bundle.weights);
    EXPECT_FALSE(decoded->is_module());
}

// Bundles outlive the program that wrote them: another layout is another format version.
TEST(Bundle, OfFormatOneHasItsKindBehindTheSizeAndThenItsFacts) {
    const BundleBytes bytes = encode_bundle(small_bundle());
    std::uint64_t size = 0;
    std::memcpy(&size, bytes.data() + 12, sizeof size);
    EXPECT_EQ(size, bytes.size());
    EXPECT_EQ(bytes[8], std::byte{1});
    EXPECT_EQ(bytes[20], std::byte{0});
    EXPECT_EQ(bytes[29], std::byte{'{'});
}

TEST(Bundle, CarriesAHybridsSizes) {
    Bundle bundle = small_bundle();
    bundle.facts.architecture = "hybrid";
    bundle.facts.sizes = {{"state", 8}, {"memory", 12}, {"heads", 3}, {"window", 5}, {"dt", 0.05}};
    const auto decoded = decode_bundle(encode_bundle(bundle));
    ASSERT_FALSE(decoded.has_error()) << decoded.error().text;
    EXPECT_EQ(decoded->facts.architecture, "hybrid");
    EXPECT_EQ(decoded->facts.sizes, bundle.facts.sizes);
    EXPECT_EQ(decoded->facts.size("window"), 5);
    EXPECT_EQ(decoded->facts.real_size("dt"), 0.05);
}

TEST(Bundle, IsRefusedAtEveryTruncation) {
    const BundleBytes whole = encode_bundle(small_bundle());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const BundleBytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        const std::string text = refusal(part);
        ASSERT_NE(text, "accepted") << size;
        if (size >= 20) {
            ASSERT_TRUE(mentions(text, "truncated")) << size << ": " << text;
        }
    }
    EXPECT_TRUE(mentions(refusal({}), "empty"));
}

TEST(Bundle, IsRefusedWhenAnyByteChanges) {
    BundleBytes bytes = encode_bundle(small_bundle());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] ^= std::byte{0x10};
        ASSERT_NE(refusal(bytes), "accepted") << i;
        bytes[i] ^= std::byte{0x10};
    }
    bytes.push_back(std::byte{0});
    EXPECT_TRUE(mentions(refusal(bytes), "altered"));
    bytes.pop_back();
    EXPECT_EQ(refusal(bytes), "accepted");
}

TEST(Bundle, OfANewerFormatAsksForANewerProgram) {
    BundleBytes bytes = encode_bundle(small_bundle());
    bytes[8] = std::byte{kBundleFormatVersion + 1};
    EXPECT_TRUE(mentions(refusal(bytes), "newer than 1"));
    EXPECT_TRUE(mentions(refusal(bytes), "upgrade"));
}

TEST(Bundle, IsRefusedWhenItIsSomethingElse) {
    BundleBytes bytes(100, std::byte{'x'});
    EXPECT_TRUE(mentions(refusal(bytes), "not a model bundle"));
}

TEST(Bundle, NamesTheFactThatDoesNotFit) {
    Bundle bundle = small_bundle();
    bundle.facts.feature_std.pop_back();
    EXPECT_TRUE(mentions(refusal(encode_bundle(bundle)), "'feature_std' 1, for 2 columns"));
    bundle = small_bundle();
    bundle.facts.feature_std[1] = 0;
    EXPECT_TRUE(mentions(refusal(encode_bundle(bundle)), "feature_std"));
    bundle = small_bundle();
    bundle.facts.sequence_length = 0;
    EXPECT_TRUE(mentions(refusal(encode_bundle(bundle)), "sequence_length"));
    bundle = small_bundle();
    bundle.facts.columns[1] = bundle.facts.columns[0];
    EXPECT_TRUE(mentions(refusal(encode_bundle(bundle)), "twice"));
    bundle = small_bundle();
    bundle.facts.architecture = "hybrid";
    bundle.facts.sizes = {{"state", 8}, {"memory", 12}, {"heads", 7}, {"window", 5}, {"dt", 0.05}};
    EXPECT_TRUE(mentions(refusal(encode_bundle(bundle)), "'memory' is 12, which the 7 heads"));
    bundle.facts.sizes[2].second = 3;
    bundle.facts.sizes[4].second = 0;
    EXPECT_TRUE(mentions(refusal(encode_bundle(bundle)), "'dt' is 0; above 0 to 1"));
    bundle.facts.sizes.pop_back();
    EXPECT_TRUE(mentions(refusal(encode_bundle(bundle)), "'dt' is missing"));
    bundle = small_bundle();
    std::swap(bundle.facts.trained_days[0], bundle.facts.trained_days[1]);
    EXPECT_TRUE(mentions(refusal(encode_bundle(bundle)), "trained_days"));
}

TEST(Facts, NameTheKeyThatIsMissingOrWrong) {
    const std::string json = facts_to_json(small_bundle().facts);
    const auto without = [&json](const std::string& part, const std::string& instead) {
        std::string text = json;
        text.replace(text.find(part), part.size(), instead);
        const auto facts = facts_from_json(text);
        return facts.has_error() ? facts.error().text : "accepted";
    };
    EXPECT_TRUE(mentions(without("\"features\"", "\"fetures\""), "'features' is missing"));
    EXPECT_TRUE(mentions(without("\"1m\"", "\"7m\""), "1m, 5m, 15m, 1h, 1d, 1mo"));
    EXPECT_TRUE(mentions(without("\"attention\"", "\"transformer\""), "'transformer'"));
    EXPECT_TRUE(mentions(without("0.1", "\"0.1\""), "'target_std'"));
    EXPECT_TRUE(mentions(without("2016-07-18", "2016-02-30"), "2016-02-30"));
    EXPECT_TRUE(mentions(without("\"seed\": 1", "\"seed\": -1"), "'seed'"));
    EXPECT_TRUE(mentions(without("{", "["), "not valid JSON"));
    EXPECT_TRUE(mentions(facts_from_json("[1]").error().text, "not a JSON object"));
}

TEST(Facts, KnowTheirTrainingDays) {
    const ModelFacts facts = small_bundle().facts;
    EXPECT_TRUE(facts.trained_on(day_from_number(17'000)));
    EXPECT_TRUE(facts.trained_on(day_from_number(17'100)));
    EXPECT_FALSE(facts.trained_on(day_from_number(17'101)));
    EXPECT_TRUE(facts.trained_on(day_from_number(17'102)));
    EXPECT_FALSE(facts.trained_on(day_from_number(16'999)));
    EXPECT_EQ(facts.trained_until(), day_from_number(17'102));
    EXPECT_EQ(ModelFacts{}.trained_until(), Day{});
}

TEST(Bundle, HasTheSha256OfItsBytes) {
    const char* const text = "abc";
    BundleBytes bytes(3);
    std::memcpy(bytes.data(), text, 3);
    EXPECT_EQ(bundle_sha256(bytes),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace paperd::strategy
