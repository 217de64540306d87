#include "execution/types/json_text.h"

#include <array>
#include <charconv>
#include <cmath>

#include "execution/types/utf8.h"

namespace paperd {

namespace {

void append_escaped(std::string& out, char c) {
    constexpr char kHex[] = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || code == 0x7F) {
        out += "\\u00";
        out += kHex[code >> 4];
        out += kHex[code & 15];
    } else {
        out += c;
    }
}

template <class Integer>
void append_integer(std::string& out, Integer value) {
    std::array<char, 24> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    out.append(buffer.data(), end);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 1) {
            append_escaped(out, text.front());
        } else if (length == 0) {
            out += "\xEF\xBF\xBD";
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

void append_json_number(std::string& out, double value) {
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    out.append(buffer.data(), end);
}

void JsonObject::name(std::string_view name) {
    if (!first_) {
        out_ += ',';
    }
    first_ = false;
    out_ += '"';
    out_ += name;
    out_ += "\":";
}

JsonObject& JsonObject::field(std::string_view name, std::string_view value) {
    this->name(name);
    append_json_string(out_, value);
    return *this;
}

JsonObject& JsonObject::field(std::string_view name, const char* value) {
    return field(name, std::string_view(value));
}

JsonObject& JsonObject::field(std::string_view name, double value) {
    this->name(name);
    append_json_number(out_, value);
    return *this;
}

JsonObject& JsonObject::field(std::string_view name, bool value) {
    return raw(name, value ? "true" : "false");
}

JsonObject& JsonObject::field(std::string_view name, std::int64_t value) {
    this->name(name);
    append_integer(out_, value);
    return *this;
}

JsonObject& JsonObject::field(std::string_view name, std::uint64_t value) {
    this->name(name);
    append_integer(out_, value);
    return *this;
}

JsonObject& JsonObject::raw(std::string_view name, std::string_view json) {
    this->name(name);
    out_ += json;
    return *this;
}

}  // namespace paperd
