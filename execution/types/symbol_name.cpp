#include "execution/types/symbol_name.h"

#include <algorithm>

namespace paperd {

bool is_name(std::string_view name, std::string_view marks) {
    return !name.empty() && name.size() <= kNameMax && name != "." && name != ".." &&
           std::all_of(name.begin(), name.end(), [&](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      marks.find(c) != std::string_view::npos;
           });
}

}  // namespace paperd
