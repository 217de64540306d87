#include "strategy/models/exact_json.h"

#include <charconv>
#include <cstdint>
#include <string>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <fmt/format.h>

namespace paperd::strategy {
namespace {

// Builds the value as Boost's own handler does, but reads doubles from their text.
// The names are those basic_parser calls.
class ExactHandler {
public:
    // NOLINTBEGIN(readability-identifier-naming): likewise
    static constexpr std::size_t max_object_size = 1'000;
    static constexpr std::size_t max_array_size = 1'000'000;
    static constexpr std::size_t max_key_size = 1'000;
    static constexpr std::size_t max_string_size = 1'000'000;
    // NOLINTEND(readability-identifier-naming)

    using error_code = boost::system::error_code;
    using text_view = boost::json::string_view;

    ExactHandler() { stack_.reset(); }

    boost::json::value release() { return stack_.release(); }

    static bool on_document_begin(error_code&) { return true; }

    static bool on_document_end(error_code&) { return true; }

    static bool on_object_begin(error_code&) { return true; }

    bool on_object_end(std::size_t n, error_code&) {
        stack_.push_object(n);
        return true;
    }

    static bool on_array_begin(error_code&) { return true; }

    bool on_array_end(std::size_t n, error_code&) {
        stack_.push_array(n);
        return true;
    }

    bool on_key_part(text_view s, std::size_t, error_code&) {
        stack_.push_chars(s);
        return true;
    }

    bool on_key(text_view s, std::size_t, error_code&) {
        stack_.push_key(s);
        return true;
    }

    bool on_string_part(text_view s, std::size_t, error_code&) {
        stack_.push_chars(s);
        return true;
    }

    bool on_string(text_view s, std::size_t, error_code&) {
        stack_.push_string(s);
        return true;
    }

    bool on_number_part(text_view s, error_code&) {
        number_.append(s.data(), s.size());
        return true;
    }

    bool on_int64(std::int64_t i, text_view, error_code&) {
        number_.clear();
        stack_.push_int64(i);
        return true;
    }

    bool on_uint64(std::uint64_t u, text_view, error_code&) {
        number_.clear();
        stack_.push_uint64(u);
        return true;
    }

    bool on_double(double rounded, text_view s, error_code&) {
        number_.append(s.data(), s.size());
        double value = rounded;  // stays where the text is out of range: an infinity or zero
        std::from_chars(number_.data(), number_.data() + number_.size(), value);
        number_.clear();
        stack_.push_double(value);
        return true;
    }

    bool on_bool(bool b, error_code&) {
        stack_.push_bool(b);
        return true;
    }

    bool on_null(error_code&) {
        stack_.push_null();
        return true;
    }

    static bool on_comment_part(text_view, error_code&) { return true; }

    static bool on_comment(text_view, error_code&) { return true; }

private:
    boost::json::value_stack stack_;
    std::string number_;
};

}  // namespace

Result<boost::json::value> parse_exact_json(std::string_view text) {
    boost::json::basic_parser<ExactHandler> parser{boost::json::parse_options{}};
    boost::system::error_code code;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), code);
    if (!code && read < text.size()) {
        code = boost::json::error::extra_data;
    }
    if (code) {
        return fail(fmt::format("not valid JSON: {} at character {}", code.message(), read + 1));
    }
    return parser.handler().release();
}

}  // namespace paperd::strategy
