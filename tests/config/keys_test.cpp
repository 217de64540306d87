// Every key of every ready-made job, written out with all of them, broken in turn: exactly one
// complaint, about that key, on its line.
#include <algorithm>
#include <functional>
#include <set>

#include <gtest/gtest.h>

#include "config/key.h"
#include "config/loader.h"
#include "tests/config/yaml_lines.h"
#include "tests/support/paths.h"

namespace paperd::config {
namespace {

// One complaint, on that line (1-based), that speaks of the path.
void expect_one(const std::string& found, std::size_t line, const std::string& path,
                const std::string& how) {
    const std::string place = "job.yaml:" + std::to_string(line) + ": ";
    EXPECT_TRUE(found.starts_with(place))
        << how << " " << path << " must be named at " << place << "\nfound: " << found;
    EXPECT_EQ(found.find('\n'), std::string::npos) << how << " " << path << "\nfound: " << found;
    EXPECT_NE(found.find(path), std::string::npos) << how << " " << path << "\nfound: " << found;
}

class EveryKey : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override {
        const auto config = load_config(support::source_path("config/" + GetParam() + ".yaml"),
                                        {.check_files = false});
        ASSERT_FALSE(config.has_error()) << config.error().text;
        text_ = annotated_yaml(*config);
        ASSERT_EQ(complaints(text_), "");
        lines_ = split_lines(text_);
    }

    void break_each(const std::function<std::vector<std::string>(const Key&)>& values,
                    const std::string& how) const {
        int broken = 0;
        for (const Key& key : keys()) {
            const KeyLines at = find_lines(lines_, key.path);
            ASSERT_LT(at.first, at.end) << key.path << " is not in the job";
            for (const std::string& value : values(key)) {
                expect_one(complaints(with_value(text_, key.path, value)), at.first + 1, key.path,
                           how + " (" + value + ")");
                ++broken;
            }
        }
        EXPECT_GT(broken, 0);
    }

    std::string text_;
    std::vector<std::string> lines_;
};

TEST_P(EveryKey, RefusesAnotherType) {
    break_each([](const Key&) { return std::vector<std::string>{"{a: 1}", "[{b: 2}]", ""}; },
               "wrong type");
}

TEST_P(EveryKey, RefusesImpossibleValues) {
    break_each(
        [](const Key& key) -> std::vector<std::string> {
            if (const Written usual = key.write(Config{}); usual.list) {
                const bool may_be_empty = usual.items.empty() && !key.required;
                return may_be_empty ? std::vector<std::string>{"5"}
                                    : std::vector<std::string>{"[]", "5"};
            }
            if (key.allowed.starts_with(">")) {
                return {"-1e30", "1e30", ".nan", "many"};
            }
            if (key.allowed.starts_with("a day")) {
                return {"2019-02-30", "2019-1-1", "23.12.2019", "1e5"};
            }
            if (key.unit.find(" | ") != std::string::npos) {
                return {"nonsense", "0", "TRUE"};
            }
            return {"\"two\\nlines\"", "\"a\\u0007bell\""};
        },
        "impossible");
}

TEST_P(EveryKey, IsNamedWhenMisspelt) {
    for (const Key& key : keys()) {
        const KeyLines at = find_lines(lines_, key.path);
        std::vector<std::string> lines = lines_;
        std::string& line = lines[at.first];
        line.insert(line.find(':'), "x");
        const std::string found = complaints(join_lines(lines));
        expect_one(found, at.first + 1, key.path + "x", "misspelt");
        EXPECT_NE(found.find("did you mean '" + key.path + "'?"), std::string::npos) << found;
    }
}

TEST_P(EveryKey, IsRefusedTheSecondTime) {
    for (const Key& key : keys()) {
        const KeyLines at = find_lines(lines_, key.path);
        const auto line = [&](std::size_t i) {
            return lines_.begin() + static_cast<std::ptrdiff_t>(i);
        };
        std::vector<std::string> lines(line(0), line(at.end));
        lines.insert(lines.end(), line(at.first), lines_.end());
        const std::string found = complaints(join_lines(lines));
        expect_one(found, at.end + 1, key.path, "given twice");
        EXPECT_NE(found.find("line " + std::to_string(at.first + 1)), std::string::npos) << found;
    }
}

TEST_P(EveryKey, AndEverySectionIsNamedWhenMisspeltOrNoSection) {
    for (const Section& section : sections()) {
        const KeyLines at = find_lines(lines_, section.path);
        ASSERT_LT(at.first, at.end) << section.path << " is not in the job";
        std::vector<std::string> lines = lines_;
        lines[at.first].insert(lines[at.first].find(':'), "x");
        const std::string found = complaints(join_lines(lines));
        expect_one(found, at.first + 1, section.path + "x", "misspelt");
        EXPECT_NE(found.find("did you mean '" + section.path + "'?"), std::string::npos) << found;
    }
}

INSTANTIATE_TEST_SUITE_P(OfEveryJob, EveryKey, testing::ValuesIn(job_names()), [](const auto& job) {
    std::string name = job.param;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

TEST(Keys, HavePathsOfTheirOwnAndStandInTheirSection) {
    std::set<std::string> paths;
    std::vector<std::string> order;
    for (const Key& key : keys()) {
        EXPECT_TRUE(paths.insert(key.path).second) << key.path << " is in the table twice";
        EXPECT_FALSE(key.unit.empty()) << key.path;
        EXPECT_FALSE(key.about.empty()) << key.path;
        EXPECT_EQ(find_key(key.path), &key);
        const std::string section(key.section());
        if (!section.empty()) {
            EXPECT_NE(find_section(section), nullptr) << section;
        }
        if (order.empty() || order.back() != section) {
            order.push_back(section);
        }
    }
    EXPECT_EQ(std::set<std::string>(order.begin(), order.end()).size(), order.size())
        << "a section's keys stand together";
    EXPECT_EQ(order.size(), sections().size() + 1) << "every section has keys, and the top";
    EXPECT_EQ(find_key("market"), nullptr);
    EXPECT_EQ(find_section("nowhere"), nullptr);
}

// Plausible values of any type; a key takes the first that it accepts and that is not its default.
std::vector<std::string> values_to_try(const Key& key) {
    std::vector<std::string> values = {"0.5", "3",      "true", "false",      "USDT",    "70000",
                                       "100", "0.0004", "off",  "2019-12-23", "models/m"};
    for (std::size_t from = 0; from < key.unit.size();) {  // the names of a choice
        const std::size_t bar = std::min(key.unit.find(" | ", from), key.unit.size());
        values.push_back(key.unit.substr(from, bar - from));
        from = bar + 3;
    }
    return values;
}

TEST(Keys, EachSetsItsOwnSettingAndNoOther) {
    Config before;
    before.path = "jobs/job.yaml";
    before.symbols = {"SPY"};
    for (const Key& key : keys()) {
        if (key.write(before).list) {
            continue;  // loader_test.cpp has them
        }
        bool found = false;
        for (const std::string& value : values_to_try(key)) {
            Config config = before;
            Problems problems;
            Entry entry{.key = std::string(key.leaf()), .line = 1, .value = {}};
            entry.value.kind = Node::Kind::text;
            entry.value.text = value;
            key.read(entry, config, problems);
            if (problems.count() != 0 || key.write(config) == key.write(before)) {
                continue;
            }
            found = true;
            for (const Key& other : keys()) {
                EXPECT_TRUE(other.path == key.path || other.write(config) == other.write(before))
                    << key.path << " also sets " << other.path;
            }
            Config again = before;
            entry.value.text = key.write(config).text();
            entry.value.quoted = entry.value.text.starts_with('"');
            if (!entry.value.quoted) {
                key.read(entry, again, problems);
                EXPECT_EQ(key.write(again), key.write(config)) << key.path;
            }
            break;
        }
        EXPECT_TRUE(found) << "no value sets " << key.path;
    }
}

}  // namespace
}  // namespace paperd::config
