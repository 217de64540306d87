// The completion token of this folder: a coroutine waits, and the error comes as a value.
#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace paperd::daemon {

inline auto to(boost::system::error_code& error) {
    return boost::asio::redirect_error(boost::asio::use_awaitable, error);
}

}  // namespace paperd::daemon
