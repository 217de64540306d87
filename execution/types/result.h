// Result<T>: an operating failure (parse, I/O, protocol, config) as a value. The text of an Error
// is for people: what, where ("path:line: ..."), why, and what to do.
#pragma once

#include <string>
#include <utility>

#include <boost/system/result.hpp>

namespace paperd {

// What is to become of the process because of this error (see the exit codes of the command line).
enum class ErrorKind {
    failed,
    usage,
    difference,
    transient,  // the same again may succeed: somebody holds a lock, the disk is full
    lost        // the database is no longer the file that was opened: nothing may go on with it
};

// Made from two values, so that a text alone is never taken for an Error: Result<std::string>
// works.
struct Error {
    Error() = default;  // what error() gives where there is a value

    Error(std::string why, ErrorKind how) : text(std::move(why)), kind(how) {}

    std::string text;
    ErrorKind kind = ErrorKind::failed;
};

// Called by Result::value() where there is none; the callers of this project test first.
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& where);

template <class T>
using Result = boost::system::result<T, Error>;

inline Error fail(std::string text, ErrorKind kind = ErrorKind::failed) {
    return {std::move(text), kind};
}

}  // namespace paperd

#define PAPERD_JOIN_(a, b) a##b
#define PAPERD_JOIN(a, b) PAPERD_JOIN_(a, b)

// TRY(expression): the enclosing function returns the error of a Result that holds one.
// TRY_LET(declaration, expression): likewise, else what is declared takes the Result's value:
//     TRY_LET(const auto bars, read_bars(path));
// A statement each, in braces of their own; a coroutine says co_return and cannot use them.
// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in any.
#define TRY(...)                                                \
    do {                                                        \
        if (auto PAPERD_JOIN(tried_, __LINE__) = (__VA_ARGS__); \
            PAPERD_JOIN(tried_, __LINE__).has_error()) {        \
            return PAPERD_JOIN(tried_, __LINE__).error();       \
        }                                                       \
    } while (false)

#define TRY_LET(declaration, ...)                       \
    auto PAPERD_JOIN(tried_, __LINE__) = (__VA_ARGS__); \
    if (PAPERD_JOIN(tried_, __LINE__).has_error()) {    \
        return PAPERD_JOIN(tried_, __LINE__).error();   \
    }                                                   \
    declaration = *std::move(PAPERD_JOIN(tried_, __LINE__))
// NOLINTEND(bugprone-macro-parentheses)
