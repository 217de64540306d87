// Result<T>: an operating failure (parse, I/O, protocol, config) as a value. The text of an Error
// is for people: what, where ("path:line: ..."), why, and what to do.
#pragma once

#include <string>
#include <utility>

#include <boost/system/result.hpp>

namespace paperd {

// How the process should end because of this error (see the exit codes of the command line).
enum class ErrorKind { failed, usage, difference };

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
