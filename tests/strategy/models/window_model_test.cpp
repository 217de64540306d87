// Users' modules of windows: the reference's classifiers, forecasters and allocators, which give
// several named numbers of a symbol, a pair or the universe.
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include "strategy/models/architecture.h"
#include "strategy/models/module_yaml.h"
#include "tests/strategy/models/golden_model.h"
#include "tests/support/paths.h"

namespace paperd::strategy {
namespace {

using test::GoldenTensor;

std::vector<std::byte> file_bytes(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const auto* const bytes = reinterpret_cast<const std::byte*>(text.data());
    return {bytes, bytes + text.size()};
}

// A golden's module with the facts its YAML would state.
struct GoldenWindow {
    explicit GoldenWindow(const std::string& name) {
        const std::string path = support::golden_path("synthetic/model_" + name);
        const auto json = test::read_json(path + ".json");
        input = test::read_tensor(json.at("input"));
        output = test::read_tensor(json.at("outputs").at(0));
        bundle.module = file_bytes(path + ".ts");
        ModelFacts& facts = bundle.facts;
        facts = facts_of(architecture_named("window"));
        facts.feature_set = "attention";
        facts.sequence_length = static_cast<int>(input.shape[1]);
        const auto columns = static_cast<std::size_t>(input.shape[2]);
        for (std::size_t i = 0; i < columns; ++i) {
            facts.columns.push_back("column_" + std::to_string(i));
        }
        facts.feature_mean.assign(columns, 0.0);
        facts.feature_std.assign(columns, 1.0);
    }

    // What the model says after the golden's windows, one a slot.
    [[nodiscard]] ModelOutputs run() const {
        const auto model = test::built(bundle, 16);
        test::StepBuffers buffers(*model);
        const auto batch = static_cast<std::size_t>(input.shape[0]);
        const auto steps = static_cast<std::size_t>(input.shape[1]);
        const auto columns = static_cast<std::size_t>(input.shape[2]);
        for (std::size_t t = 0; t < steps; ++t) {
            for (std::size_t b = 0; b < batch; ++b) {
                buffers.defined[b] = 1;
                std::copy_n(
                    input.data.begin() + static_cast<std::ptrdiff_t>((b * steps + t) * columns),
                    columns, buffers.features.begin() + static_cast<std::ptrdiff_t>(b * columns));
            }
            buffers.step(*model);
            for (std::size_t slot = 0; slot < 16; ++slot) {
                EXPECT_EQ(buffers.out.defined(slot), slot < batch && t + 1 == steps);
            }
        }
        return buffers.out;
    }

    [[nodiscard]] std::size_t batch() const { return static_cast<std::size_t>(input.shape[0]); }

    [[nodiscard]] double raw(std::size_t slot, std::size_t i) const {
        return output.data[slot * (output.data.size() / batch()) + i];
    }

    Bundle bundle;
    GoldenTensor input;   // batch x steps x columns
    GoldenTensor output;  // batch x whatever
};

TEST(WindowModel, ClassifiesRegimesAsTheReferenceDoes) {
    GoldenWindow golden("regime");
    golden.bundle.facts.outputs = {"p_bull", "p_bear", "p_high_vol", "p_low_vol"};
    golden.bundle.facts.transform = OutputTransform::softmax;
    const ModelOutputs out = golden.run();
    for (std::size_t b = 0; b < golden.batch(); ++b) {
        double sum = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            sum += std::exp(golden.raw(b, i));
        }
        for (std::size_t i = 0; i < 4; ++i) {
            EXPECT_NEAR(out.of(b)[i], std::exp(golden.raw(b, i)) / sum, 1e-5);
        }
        EXPECT_EQ(out.value(b, "p_high_vol"), out.of(b)[2]);
    }
}

TEST(WindowModel, ForecastsFiveHorizonsAsTheReferenceDoes) {
    GoldenWindow golden("seq2seq");
    ModelFacts& facts = golden.bundle.facts;
    facts.outputs = {"return_1", "return_2", "return_3", "return_4", "return_5"};
    facts.transform = OutputTransform::scaled_return;
    facts.target_mean = 0.25;
    facts.target_std = 0.5;
    const ModelOutputs out = golden.run();
    for (std::size_t b = 0; b < golden.batch(); ++b) {
        for (std::size_t i = 0; i < 5; ++i) {
            EXPECT_NEAR(out.of(b)[i], golden.raw(b, i) * 0.5 + 0.25, 1e-5);
        }
    }
}

TEST(WindowModel, JudgesAPairAsTheReferenceDoes) {
    GoldenWindow golden("pairs");
    golden.bundle.facts.group = GroupKind::pair;
    golden.bundle.facts.pairs = {"AAA/BBB"};
    golden.bundle.facts.pair_scalers = {PairScalers{}};
    golden.bundle.facts.outputs = {"p_revert"};
    golden.bundle.facts.transform = OutputTransform::sigmoid;
    const ModelOutputs out = golden.run();
    for (std::size_t b = 0; b < golden.batch(); ++b) {
        EXPECT_NEAR(out.value(b, "p_revert"), 1 / (1 + std::exp(-golden.raw(b, 0))), 1e-5);
    }
}

TEST(WindowModel, GivesEachMemberOfAUniverseItsReturnAsTheReferenceDoes) {
    GoldenWindow golden("multi_asset");
    ModelFacts& facts = golden.bundle.facts;
    facts.group = GroupKind::universe;
    facts.per_member = true;
    facts.outputs = {"return_1"};
    for (std::size_t i = 0; i < facts.columns.size(); ++i) {
        facts.columns[i] = "S" + std::to_string(i) + ".returns";
    }
    EXPECT_EQ(facts.members().size(), 7U);
    const ModelOutputs out = golden.run();
    EXPECT_EQ(out.members, 7U);
    for (std::size_t b = 0; b < golden.batch(); ++b) {
        for (std::size_t member = 0; member < 7; ++member) {
            EXPECT_NEAR(out.value(b, "return_1", member), golden.raw(b, member), 1e-5);
        }
    }
}

TEST(WindowModel, IsRefusedWhereItGivesOtherThanItsFactsName) {
    const auto refusal = [](const Bundle& bundle) {
        const auto model = make_model(encode_bundle(bundle), 16);
        return model.has_error() ? model.error().text : std::string("accepted");
    };
    GoldenWindow golden("regime");
    golden.bundle.facts.outputs = {"p_bull", "p_bear", "p_high_vol", "p_low_vol"};
    EXPECT_EQ(refusal(golden.bundle), "accepted");
    golden.bundle.facts.outputs.pop_back();
    EXPECT_NE(refusal(golden.bundle).find("[16, 4] where 16 rows of 3"), std::string::npos)
        << refusal(golden.bundle);
    golden.bundle.facts.columns.pop_back();
    golden.bundle.facts.feature_mean.pop_back();
    golden.bundle.facts.feature_std.pop_back();
    EXPECT_NE(refusal(golden.bundle).find("takes 3 inputs and the facts name 2"), std::string::npos)
        << refusal(golden.bundle);
    Bundle weights = test::golden_model("attention").bundle;
    weights.facts.architecture = "window";
    weights.facts.sizes = {};
    EXPECT_NE(refusal(weights).find("holds weights"), std::string::npos) << refusal(weights);
}

constexpr const char* kYaml =
    "architecture: \"window\"\ninterval: \"1mo\"\nfeatures: \"financial\"\n"
    "columns: [\"SPY.returns\", \"BRK.B.returns\"]\nsequence_length: 12\n"
    "group: \"universe\"\noutputs: [\"return_1\"]\nper_member: true\n"
    "transform: \"scaled_return\"\npositions: \"allocation\"\nfeature_mean: [0, 0]\n"
    "feature_std: [1, 1]\ntarget_mean: 0\ntarget_std: 0.01\ntrained_symbols: [\"SPY\", \"BRK.B\"]\n"
    "trained_from: \"2018-04-23\"\ntrained_until: \"2021-11-02\"\n";

TEST(WindowYaml, StatesGroupOutputsTransformAndRule) {
    const auto facts = facts_from_module_yaml(kYaml, "m.yaml");
    ASSERT_FALSE(facts.has_error()) << facts.error().text;
    EXPECT_EQ(facts->interval, BarInterval::month_1);
    EXPECT_EQ(facts->group, GroupKind::universe);
    EXPECT_EQ(facts->members(), (std::vector<std::string>{"SPY", "BRK.B"}));
    EXPECT_TRUE(facts->per_member);
    EXPECT_EQ(facts->transform, OutputTransform::scaled_return);
    EXPECT_EQ(facts->positions, "allocation");
    const auto again = facts_from_json(facts_to_json(*facts));
    ASSERT_FALSE(again.has_error()) << again.error().text;
    EXPECT_EQ(facts_to_json(*again), facts_to_json(*facts));
    EXPECT_EQ(again->outputs, facts->outputs);
}

TEST(WindowYaml, SaysWhatDoesNotFit) {
    const auto complaint = [](const std::string& from, const std::string& to) {
        std::string yaml = kYaml;
        yaml.replace(yaml.find(from), from.size(), to);
        const auto facts = facts_from_module_yaml(yaml, "m.yaml");
        return facts.has_error() ? facts.error().text : std::string("accepted");
    };
    EXPECT_NE(complaint("outputs: [\"return_1\"]\n", "").find("'outputs' is missing"),
              std::string::npos);
    EXPECT_NE(complaint("[\"return_1\"]", "[]").find("lists 0 names"), std::string::npos);
    EXPECT_NE(complaint("[\"return_1\"]", "[\"Return 1\"]").find("'Return 1'"), std::string::npos);
    EXPECT_NE(complaint("\"universe\"", "\"world\"").find("one of symbol, pair, universe"),
              std::string::npos);
    EXPECT_NE(complaint("scaled_return", "tanh").find("none, scaled_return, softmax, sigmoid"),
              std::string::npos);
    EXPECT_NE(complaint("BRK.B.returns", "returns").find("MEMBER.COLUMN"), std::string::npos);
    EXPECT_NE(complaint("BRK.B.returns", "BRK.B.volume").find("the same columns"),
              std::string::npos);
    EXPECT_NE(complaint("\"universe\"", "\"symbol\"").find("'per_member' is true"),
              std::string::npos);
    EXPECT_NE(complaint("per_member: true", "per_member: 1").find("neither true nor false"),
              std::string::npos);
    EXPECT_EQ(complaint("positions: \"allocation\"\n", ""), "accepted") << "an overlay's has none";
}

}  // namespace
}  // namespace paperd::strategy
