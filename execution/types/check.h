// CHECK: a programmer's error stops the process, in release builds too. systemd restarts it and
// recovery goes on from the last committed slice. Never used for input: what a user or a file can
// cause is a Result.
#pragma once

#include <string_view>

namespace paperd {

// Prints "file:line: CHECK(expression) failed: message" to stderr and aborts.
[[noreturn]] void check_failed(const char* file, int line, const char* expression,
                               std::string_view message);

}  // namespace paperd

#define CHECK(condition, message)                                              \
    do {                                                                       \
        if (!(condition)) [[unlikely]] {                                       \
            ::paperd::check_failed(__FILE__, __LINE__, #condition, (message)); \
        }                                                                      \
    } while (false)
