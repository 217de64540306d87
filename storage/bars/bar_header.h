// The first line of a bar file, which tells the three formats apart.
#pragma once

#include <string>
#include <string_view>

#include "storage/bars/bar_file.h"
#include "storage/bars/csv_lines.h"

namespace paperd::storage {

// "date,open,...": the line that files of the kind begin with.
std::string_view bar_header(BarFileKind kind);

// Steps over the header, which must be the kind's. Errors: an empty file, an encoding that is not
// UTF-8 or has a byte order mark, another header (what was found, what is expected, and whose the
// found one is), no line after it.
Result<void> read_header(CsvLines& lines, const std::string& path, BarFileKind kind);

// Likewise, whichever kind it is; that no line follows is no error yet.
Result<BarFileKind> read_any_header(CsvLines& lines, const std::string& path);

}  // namespace paperd::storage
