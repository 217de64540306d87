// Names of Unix sockets that are longer than the kernel's address can hold.
#pragma once

#include <string>

#include "execution/types/result.h"

namespace paperd::daemon {

// A path that stands for another while this lives: "/proc/self/fd/N/NAME" by an open folder, as a
// socket's address holds 107 bytes only.
class UnixAddress {
public:
    // Error: the folder is not there or cannot be opened; the last part is longer than 80 bytes.
    static Result<UnixAddress> of(const std::string& path);

    UnixAddress(UnixAddress&& other) noexcept;
    UnixAddress& operator=(UnixAddress&&) = delete;
    UnixAddress(const UnixAddress&) = delete;
    UnixAddress& operator=(const UnixAddress&) = delete;
    ~UnixAddress();

    [[nodiscard]] const std::string& address() const { return address_; }

    // The open folder, and the name in it.
    [[nodiscard]] int folder() const { return folder_; }

    [[nodiscard]] const std::string& name() const { return name_; }

private:
    UnixAddress(int folder, std::string name);

    int folder_;
    std::string name_;
    std::string address_;
};

}  // namespace paperd::daemon
