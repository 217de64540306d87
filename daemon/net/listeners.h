// The two doors of a machine: a TCP port on loopback, and a Unix socket in the file system. Both
// listen from the moment they are made; what connects meanwhile waits in the kernel's queue.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "daemon/net/stream_source.h"
#include "execution/types/result.h"

namespace paperd::daemon {

class TcpListener : public StreamSource {
public:
    // On 127.0.0.1; port 0 picks a free one. Errors: the port is taken or not allowed (says which).
    static Result<std::unique_ptr<TcpListener>> open(const boost::asio::any_io_executor& executor,
                                                     int port);

    [[nodiscard]] virtual int port() const = 0;
};

// A socket for the owner alone (0600). The path may be longer than the 107 bytes that sockets
// allow, its last part up to 80. Errors: a living process listens there (usage); something else is
// there; the folder cannot be written. What a dead process left is replaced. The destructor removes
// the socket, unless another has taken its place.
class UnixListener : public StreamSource {
public:
    static Result<std::unique_ptr<UnixListener>> open(const boost::asio::any_io_executor& executor,
                                                      const std::string& path);

    [[nodiscard]] virtual const std::string& path() const = 0;
};

}  // namespace paperd::daemon
