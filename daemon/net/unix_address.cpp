#include "daemon/net/unix_address.h"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace paperd::daemon {
namespace {

constexpr std::size_t kNameBytesMax = 80;  // beside "/proc/self/fd/4294967295/", of 107

}  // namespace

UnixAddress::UnixAddress(int folder, std::string name)
    : folder_(folder),
      name_(std::move(name)),
      address_(fmt::format("/proc/self/fd/{}/{}", folder_, name_)) {}

UnixAddress::UnixAddress(UnixAddress&& other) noexcept
    : folder_(std::exchange(other.folder_, -1)),
      name_(std::move(other.name_)),
      address_(std::move(other.address_)) {}

UnixAddress::~UnixAddress() {
    if (folder_ >= 0) {
        ::close(folder_);
    }
}

Result<UnixAddress> UnixAddress::of(const std::string& path) {
    const std::filesystem::path whole(path);
    std::string name = whole.filename().string();
    if (name.empty() || name.size() > kNameBytesMax) {
        return fail(fmt::format("{}: a socket's name has 1 to {} bytes and this has {}; give "
                                "another with server.socket",
                                path, kNameBytesMax, name.size()),
                    ErrorKind::usage);
    }
    const std::string folder = whole.has_parent_path() ? whole.parent_path().string() : ".";
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return fail(fmt::format("{}: its folder cannot be opened: {}", path,
                                std::generic_category().message(errno)));
    }
    return UnixAddress(descriptor, std::move(name));
}

}  // namespace paperd::daemon
