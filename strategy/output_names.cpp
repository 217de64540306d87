#include "strategy/output_names.h"

#include <charconv>
#include <system_error>

namespace paperd::strategy {

int bars_ahead(std::string_view name) {
    constexpr std::string_view kReturn = "return_";
    if (!name.starts_with(kReturn)) {
        return 0;
    }
    int bars = 0;
    const char* const end = name.data() + name.size();
    const auto [rest, error] = std::from_chars(name.data() + kReturn.size(), end, bars);
    return error == std::errc() && rest == end && bars > 0 ? bars : 0;
}

}  // namespace paperd::strategy
