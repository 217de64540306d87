// A small disk of its own, for who may mount one; it goes with this value.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <sys/mount.h>

namespace paperd::support {

class SmallDisk {
public:
    // size: as tmpfs takes it ("400k").
    SmallDisk(std::string at, const std::string& size) : at_(std::move(at)) {
        std::filesystem::create_directory(at_);
        mounted_ = ::mount("tmpfs", at_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
    }

    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    ~SmallDisk() {
        if (mounted_) {
            EXPECT_EQ(::umount(at_.c_str()), 0);
        }
    }

    [[nodiscard]] bool mounted() const { return mounted_; }

    void grow(const std::string& size) {
        EXPECT_EQ(::mount("tmpfs", at_.c_str(), "tmpfs", MS_REMOUNT, ("size=" + size).c_str()), 0);
    }

private:
    std::string at_;
    bool mounted_ = false;
};

}  // namespace paperd::support
