#include "execution/types/reason.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace paperd {
namespace {

TEST(Reason, TheListIsAscendingAndNamesAreUnique) {
    std::set<std::string_view> names;
    std::set<std::string_view> texts;
    for (std::size_t i = 0; i < kReasons.size(); ++i) {
        if (i > 0) {
            EXPECT_LT(kReasons[i - 1].reason, kReasons[i].reason) << kReasons[i].name;
        }
        EXPECT_TRUE(names.insert(kReasons[i].name).second) << kReasons[i].name;
        EXPECT_TRUE(texts.insert(kReasons[i].text).second) << kReasons[i].name;
    }
}

TEST(Reason, EveryNameIsOneWordAndEveryTextASentence) {
    for (const ReasonText& entry : kReasons) {
        EXPECT_EQ(entry.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"),
                  std::string_view::npos)
            << entry.name;
        ASSERT_FALSE(entry.text.empty()) << entry.name;
        EXPECT_TRUE(entry.text.front() >= 'A' && entry.text.front() <= 'Z') << entry.name;
        EXPECT_TRUE(entry.text.ends_with('.')) << entry.name;
    }
}

TEST(Reason, LooksUpEachOfTheList) {
    for (const ReasonText& entry : kReasons) {
        EXPECT_EQ(reason_text(entry.reason).name, entry.name);
    }
    EXPECT_EQ(reason_text(static_cast<Reason>(255)).name, "none") << "unknown numbers are none";
}

// The numbers are in databases: a change of one would misread them.
TEST(Reason, TheNumbersStayWhatTheyAre) {
    EXPECT_EQ(static_cast<int>(Reason::no_bar), 1);
    EXPECT_EQ(static_cast<int>(Reason::ordered), 10);
    EXPECT_EQ(static_cast<int>(Reason::signal_gated), 16);
    EXPECT_EQ(static_cast<int>(Reason::not_finite), 30);
    EXPECT_EQ(static_cast<int>(Reason::model_expired), 53);
    EXPECT_EQ(static_cast<int>(Reason::accepted), 70);
    EXPECT_EQ(static_cast<int>(Reason::cancelled_by_join), 84);
}

}  // namespace
}  // namespace paperd
