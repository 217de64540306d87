// What a fuzz target promises about its input: a broken promise ends the process loudly, in every
// build.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace paperd::fuzz {

inline void promise(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "promise broken: %s\n", what);
        std::abort();
    }
}

}  // namespace paperd::fuzz
