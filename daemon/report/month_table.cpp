#include "daemon/report/month_table.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <optional>

#include <fmt/format.h>

namespace paperd::daemon {
namespace {

constexpr std::array<const char*, 12> kNames = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Two digits as long as they fit.
std::string percent(double fraction) {
    const double value = fraction * 100;
    return std::abs(value) < 999.995 ? fmt::format("{:+.2f}", value)
                                     : fmt::format("{:+.0f}", value);
}

}  // namespace

std::string month_table(std::span<const strategy::MonthReturn> months) {
    if (months.empty()) {
        return {};
    }
    std::string table = "    ";
    for (const char* name : kNames) {
        table += fmt::format("{:>7}", name);
    }
    table += fmt::format("{:>9}\n", "year");
    for (std::size_t next = 0; next < months.size();) {
        const std::chrono::year year = months[next].month.year();
        std::array<std::optional<double>, 12> line;
        double growth = 1;
        for (; next < months.size() && months[next].month.year() == year; ++next) {
            line.at(static_cast<unsigned>(months[next].month.month()) - 1) = months[next].value;
            growth *= 1 + months[next].value;
        }
        table += fmt::format("{:4}", static_cast<int>(year));
        for (const std::optional<double>& month : line) {
            table += fmt::format("{:>7}", month ? percent(*month) : ".");
        }
        table += fmt::format("{:>9}\n", percent(growth - 1));
    }
    return table;
}

}  // namespace paperd::daemon
