// Requests and answers as plain values, for servers and clients alike.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

namespace paperd::daemon {

struct HttpField {
    std::string name;
    std::string value;
};

// The first field of that name, whatever its case; empty: there is none.
std::string_view field_value(const std::vector<HttpField>& fields, std::string_view name);

struct HttpRequest {
    std::string method = "GET";
    std::string target = "/";
    std::vector<HttpField> fields = {};  // Host, Content-Length, Connection come by themselves
    std::string body = {};

    [[nodiscard]] std::string_view field(std::string_view name) const {
        return field_value(fields, name);
    }
};

struct HttpReply {
    unsigned status = 200;
    std::vector<HttpField> fields = {};  // Content-Length and Connection come by themselves
    std::string body = {};

    [[nodiscard]] std::string_view field(std::string_view name) const {
        return field_value(fields, name);
    }
};

// Why there is no answer, in the words of whoever may try again.
enum class NoAnswer : std::uint8_t {
    refused,    // nobody listens there, or there is no such name
    timed_out,  // a step took too long
    closed,     // the other side ended the connection, or it broke
    untrusted,  // TLS: the certificate is not good for that name
    malformed,  // what came is not what was asked for, or too large
    cancelled,  // by us
};

struct HttpFailure {
    NoAnswer kind = NoAnswer::closed;
    std::string text;  // a sentence: who did not answer what, and why
};

template <class T>
using HttpResult = boost::system::result<T, HttpFailure>;

}  // namespace paperd::daemon
