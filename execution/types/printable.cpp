#include "execution/types/printable.h"

namespace paperd {

std::string printable(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
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
            shown += "\\x";
            shown += kHex[code >> 4U];
            shown += kHex[code & 0xFU];
        }
    }
    return shown;
}

std::string in_quotes(std::string_view text) {
    std::string quotation("'");
    quotation.append(printable(text)).append("'");
    return quotation;
}

}  // namespace paperd
