#include "config/text_check.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

namespace paperd::config {
namespace {

// Bytes of the UTF-8 sequence that begins here; 0 when none does (overlong forms, surrogates and
// numbers past U+10FFFF are none).
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) {
            return 0;
        }
    }
    const unsigned char second = byte(1);
    const bool outside = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                         (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
    return outside ? 0 : length;
}

}  // namespace

void check_text(std::string_view text, Problems& problems) {
    int line = 1;
    while (!text.empty()) {
        const char c = text.front();
        const auto code = static_cast<unsigned char>(c);
        const bool control = (code < 0x20 && c != '\n' && c != '\r' && c != '\t') || code == 0x7F;
        const std::size_t length = sequence_length(text);
        if (control || length == 0) {
            problems.add(line, fmt::format("this is not text (byte 0x{:02x}); save the config as "
                                           "UTF-8",
                                           code));
            return;
        }
        line += c == '\n' ? 1 : 0;
        text.remove_prefix(length);
    }
}

}  // namespace paperd::config
