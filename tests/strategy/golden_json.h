// Reads the reference's JSON files.
#pragma once

#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace paperd::strategy::golden {

inline boost::json::object read_json(const std::string& path) {
    std::ifstream file(path);
    EXPECT_TRUE(file.good()) << path;
    std::ostringstream text;
    text << file.rdbuf();
    return boost::json::parse(text.str()).as_object();
}

inline std::vector<double> numbers(const boost::json::value& list) {
    std::vector<double> out;
    for (const auto& value : list.as_array()) {
        out.push_back(value.is_null() ? std::numeric_limits<double>::quiet_NaN()
                                      : value.to_number<double>());
    }
    return out;
}

}  // namespace paperd::strategy::golden
