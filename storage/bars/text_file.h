// A whole file as text; gzip is recognised by its first bytes, whatever the name.
#pragma once

#include <cstddef>
#include <string>

#include "execution/types/result.h"

namespace paperd::storage {

// Unpacked size; a larger file is not bars but a mistake (or a bomb).
inline constexpr std::size_t kTextBytesMax = std::size_t{2} << 30;

// Errors name the path and the remedy: no such file, a directory, not readable, damaged gzip, too
// large.
Result<std::string> read_text_file(const std::string& path);

}  // namespace paperd::storage
