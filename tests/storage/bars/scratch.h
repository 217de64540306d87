// A directory of its own for one test, removed at the end; and the calendars that readers need.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <unistd.h>

#include "execution/types/calendar.h"

namespace paperd::storage {

class Scratch : public ::testing::Test {
protected:
    Scratch() {
        const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
        root_ = std::filesystem::temp_directory_path() /
                ("paperd_" + std::string(info->test_suite_name()) + "_" + info->name() + "_" +
                 std::to_string(::getpid()));
        std::filesystem::remove_all(root_);
        std::filesystem::create_directories(root_);
    }

    ~Scratch() override { std::filesystem::remove_all(root_); }

    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    // The path of a file or directory, there or not.
    [[nodiscard]] std::string path(const std::string& name = "") const {
        return name.empty() ? root_.string() : (root_ / name).string();
    }

    // Writes the file, with the folders above it; its path.
    [[nodiscard]] std::string write(const std::string& name, std::string_view text) const {
        std::filesystem::create_directories((root_ / name).parent_path());
        std::ofstream(root_ / name, std::ios::binary) << text;
        return path(name);
    }

private:
    std::filesystem::path root_;
};

inline const Calendar& new_york() {
    static const Calendar calendar = *Calendar::make(CalendarKind::new_york);
    return calendar;
}

inline const Calendar& always_open() {
    static const Calendar calendar = *Calendar::make(CalendarKind::always_open);
    return calendar;
}

inline Day day(std::string_view text) { return *parse_day(text); }

inline Timestamp at(std::string_view text) { return *parse_timestamp(text); }

// The error's text, or "no error".
template <class T>
std::string complaint(const Result<T>& result) {
    return result.has_error() ? result.error().text : "no error";
}

}  // namespace paperd::storage
