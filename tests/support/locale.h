// A locale with another decimal point, where the machine has it.
#pragma once

#include <clocale>

#include <gtest/gtest.h>

namespace paperd::support {

inline constexpr const char* kCommaLocale = "de_DE.UTF-8";

inline bool has_comma_locale() {
    const locale_t made = newlocale(LC_ALL_MASK, kCommaLocale, locale_t{});
    if (made == locale_t{}) {
        return false;
    }
    freelocale(made);
    return true;
}

}  // namespace paperd::support

// Skips the test, saying so, where the locale was not generated.
#define PAPERD_NEEDS_COMMA_LOCALE()                                                        \
    if (!::paperd::support::has_comma_locale()) {                                          \
        GTEST_SKIP() << "needs the locale " << ::paperd::support::kCommaLocale             \
                     << ", which is not generated here (localedef -i de_DE -f UTF-8 ...)"; \
    }
