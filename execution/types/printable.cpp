#include "execution/types/printable.h"

#include <algorithm>

#include "execution/types/utf8.h"

namespace paperd {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

void append_hex(std::string& out, char c) {
    const auto code = static_cast<unsigned char>(c);
    out += "\\x";
    out += kHex[code >> 4U];
    out += kHex[code & 0xFU];
}

// How many bytes at the start of `text` a terminal may be sent together; 0: not even the first.
std::size_t harmless_length(std::string_view text) {
    const std::size_t length = utf8_length(text);
    const auto lead = static_cast<unsigned char>(text.front());
    if (length == 1) {
        return lead >= 0x20 && lead != 0x7F ? 1 : 0;
    }
    // U+0080 to U+009F: a terminal takes them for an escape and the letter after it.
    const bool c1 = length == 2 && lead == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
    return c1 ? 0 : length;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string shown;
    shown.reserve(text.size());
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '\t') {
            shown += "\\t";
        } else if (c == '\n') {
            shown += "\\n";
        } else if (c == '\r') {
            shown += "\\r";
        } else if (c == '\\') {
            shown += "\\\\";
        } else if (code >= 0x20 && code < 0x7F) {
            shown += c;
        } else {
            append_hex(shown, c);
        }
    }
    return shown;
}

std::string in_quotes(std::string_view text) {
    std::string quotation("'");
    quotation.append(printable(text)).append("'");
    return quotation;
}

std::string for_terminal(std::string_view text) {
    std::string shown;
    shown.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = harmless_length(text);
        if (length > 0 || text.front() == '\n' || text.front() == '\t') {
            shown += text.substr(0, std::max<std::size_t>(length, 1));
        } else {
            append_hex(shown, text.front());
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return shown;
}

std::string for_terminal_line(std::string_view text) {
    std::string shown = for_terminal(text);
    std::ranges::replace_if(shown, [](char c) { return c == '\n' || c == '\t'; }, ' ');
    return shown;
}

}  // namespace paperd
