#include "execution/types/bar.h"

#include <array>
#include <cmath>
#include <utility>

namespace paperd {

std::string bar_fault(const Bar& bar) {
    const std::array<std::pair<const char*, Price>, 5> prices = {{{"open", bar.open},
                                                                  {"high", bar.high},
                                                                  {"low", bar.low},
                                                                  {"close", bar.close},
                                                                  {"adj_close", bar.adj_close}}};
    for (const auto& [name, price] : prices) {
        if (price.raw() <= 0) {
            return std::string(name) + " " + price.text() + " is not a price: it must be above 0";
        }
        if (price > kPriceMax) {
            return std::string(name) + " " + price.text() + " is not a price: the limit is " +
                   kPriceMax.text();
        }
    }
    if (bar.high < bar.low) {
        return "high " + bar.high.text() + " is below low " + bar.low.text();
    }
    for (const auto& [name, price] : {prices[0], prices[3]}) {
        if (price < bar.low || price > bar.high) {
            return std::string(name) + " " + price.text() + " lies outside low " + bar.low.text() +
                   " and high " + bar.high.text();
        }
    }
    if (!std::isfinite(bar.volume) || bar.volume < 0) {
        return "volume " + std::to_string(bar.volume) + " is not a finite number of 0 or more";
    }
    return {};
}

}  // namespace paperd
