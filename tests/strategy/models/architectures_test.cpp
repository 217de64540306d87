// The table as a whole, and that every place which asks it gets along with each entry.
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "strategy/models/architecture.h"
#include "strategy/models/facts_json.h"

namespace paperd::strategy {
namespace {

TEST(Architectures, HaveNamesOfTheirOwnAndSaySomething) {
    std::set<std::string_view> names;
    for (const Architecture& architecture : architectures()) {
        EXPECT_TRUE(names.insert(architecture.name).second) << architecture.name;
        EXPECT_TRUE(architecture.about.ends_with(".")) << architecture.name;
        EXPECT_EQ(find_architecture(architecture.name), &architecture);
        EXPECT_NE(architecture_names().find(architecture.name), std::string::npos);
        EXPECT_EQ(
            std::set<std::string>(architecture.outputs.begin(), architecture.outputs.end()).size(),
            architecture.outputs.size());
    }
    EXPECT_EQ(find_architecture("transformer"), nullptr);
    EXPECT_FALSE(trainable_architectures().empty());
}

// A key of `training` is one for all that share its name.
TEST(Architectures, ThatShareASizeMeanTheSameByIt) {
    std::map<std::string_view, ArchitectureSize> seen;
    for (const Architecture& architecture : architectures()) {
        for (const ArchitectureSize& size : architecture.sizes) {
            EXPECT_TRUE(size.allows(size.otherwise)) << size.name;
            const auto [at, first] = seen.emplace(size.name, size);
            EXPECT_EQ(at->second.unit, size.unit) << size.name;
            EXPECT_EQ(at->second.low, size.low) << size.name;
            EXPECT_EQ(at->second.high, size.high) << size.name;
            EXPECT_EQ(at->second.whole, size.whole) << size.name;
            EXPECT_TRUE(size.about.ends_with(".")) << size.name;
        }
    }
}

TEST(Architectures, FitThemselvesAtTheirDefaults) {
    for (const Architecture& architecture : architectures()) {
        SCOPED_TRACE(architecture.name);
        const NamedNumbers sizes = complete_sizes(architecture, {});
        EXPECT_FALSE(check_sizes(architecture, sizes).has_error());
        if (!architecture.trainable()) {
            continue;
        }
        ModelFacts facts = facts_of(architecture);
        facts.feature_set = "attention";
        facts.columns = {"momentum_10"};
        facts.feature_mean = {0};
        facts.feature_std = {1};
        const auto checked = check_facts(facts);
        EXPECT_FALSE(checked.has_error()) << checked.error().text;
        EXPECT_FALSE(architecture.weights(facts).empty());
        const auto again = facts_from_json(facts_to_json(facts));
        ASSERT_FALSE(again.has_error()) << again.error().text;
        EXPECT_EQ(again->sizes, facts.sizes);
        EXPECT_EQ(again->outputs, facts.outputs);
    }
}

TEST(Architectures, NameTheSizeThatDoesNotFit) {
    const Architecture& hybrid = architecture_named("hybrid");
    const auto complaint = [&hybrid](const NamedNumbers& sizes) {
        const auto checked = check_sizes(hybrid, sizes);
        return checked.has_error() ? checked.error().text : std::string("accepted");
    };
    EXPECT_EQ(complaint({{"state", 4096}, {"dt", 1}, {"dropout", 0}}), "accepted");
    EXPECT_EQ(complaint({{"state", 4097}}), "'state' is 4097; 1 to 4096 are possible");
    EXPECT_EQ(complaint({{"state", 1.5}}), "'state' is 1.5; 1 to 4096 are possible");
    EXPECT_EQ(complaint({{"dropout", 1}}), "'dropout' is 1; 0 to below 1 are possible");
    EXPECT_EQ(complaint({{"dt", 0}}), "'dt' is 0; above 0 to 1 are possible");
    EXPECT_NE(complaint({{"hidden", 8}}).find("'hidden' is no size of"), std::string::npos);
    EXPECT_NE(complaint({{"memory", 64}, {"heads", 5}}).find("multiple of 5"), std::string::npos);
}

}  // namespace
}  // namespace paperd::strategy
