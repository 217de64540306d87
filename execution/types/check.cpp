#include "execution/types/check.h"

#include <cstdio>
#include <cstdlib>

namespace paperd {

void check_failed(const char* file, int line, const char* expression, std::string_view message) {
    std::fprintf(stderr, "%s:%d: CHECK(%s) failed: %.*s\n", file, line, expression,
                 static_cast<int>(message.size()), message.data());
    std::abort();
}

}  // namespace paperd
