// For its lifetime the process is an ordinary user's, so that permissions mean something in tests
// that run as root.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

namespace paperd::storage {

class WithoutPrivileges {
public:
    WithoutPrivileges() : was_root_(::geteuid() == 0) {
        constexpr uid_t kNobody = 65534;
        if (was_root_) {
            EXPECT_EQ(::seteuid(kNobody), 0);
        }
    }

    WithoutPrivileges(const WithoutPrivileges&) = delete;
    WithoutPrivileges& operator=(const WithoutPrivileges&) = delete;

    ~WithoutPrivileges() {
        if (was_root_) {
            EXPECT_EQ(::seteuid(0), 0);
        }
    }

private:
    bool was_root_;
};

}  // namespace paperd::storage
