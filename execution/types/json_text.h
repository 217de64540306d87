// JSON written piece by piece, in the order given and with decimals as people write them (12.5, not
// 1.25E1). For log lines, queries, the status page and the facts of models; nothing is parsed here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace paperd {

// Appends "text" quoted and escaped. Bytes that are not UTF-8 become U+FFFD, so that the result is
// valid JSON whatever a file or a network gave.
void append_json_string(std::string& out, std::string_view text);

// The shortest text that reads back as the same double; null where JSON has no number (NaN, inf).
void append_json_number(std::string& out, double value);

// One object, appended to a string that must outlive it:
//     JsonObject object(out);
//     object.field("symbol", "AAPL").field("slices", 12).close();
// Names are written as they are given: unique, plain ASCII.
class JsonObject {
public:
    explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }

    JsonObject(const JsonObject&) = delete;
    JsonObject& operator=(const JsonObject&) = delete;

    JsonObject& field(std::string_view name, std::string_view value);
    JsonObject& field(std::string_view name, const char* value);
    JsonObject& field(std::string_view name, double value);
    JsonObject& field(std::string_view name, bool value);
    JsonObject& field(std::string_view name, std::int64_t value);
    JsonObject& field(std::string_view name, std::uint64_t value);

    JsonObject& field(std::string_view name, int value) {
        return field(name, static_cast<std::int64_t>(value));
    }

    // A value that is JSON already: a decimal's text, a nested object.
    JsonObject& raw(std::string_view name, std::string_view json);

    void close() { out_ += '}'; }

private:
    void name(std::string_view name);

    std::string& out_;
    bool first_ = true;
};

}  // namespace paperd
