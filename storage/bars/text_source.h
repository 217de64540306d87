// A file's text, block by block, so that no file needs memory of its own size; gzip is recognised
// by its first bytes, whatever the name.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "execution/types/result.h"

namespace paperd::storage {

// Unpacked size; a larger file is not bars but a mistake (or a bomb).
inline constexpr std::size_t kTextBytesMax = std::size_t{2} << 30;

class TextSource {
public:
    TextSource() = default;
    TextSource(const TextSource&) = delete;
    TextSource& operator=(const TextSource&) = delete;
    virtual ~TextSource() = default;

    // Fills `out` from its front and says how far: less than to its end only where the text ends.
    // Errors name the path and the remedy; after one, or after the end, there is no more.
    virtual Result<std::size_t> read(std::span<char> out) = 0;

    // Whether an end that was reached is known to be the text's: gzip carries length and checksum,
    // of a plain file nothing tells whether more was to come.
    [[nodiscard]] virtual bool proves_its_end() const = 0;
};

// Errors: no such file, not readable, and whatever is no regular file (a folder, FIFO, socket or
// device, which is not opened: reading one may wait for ever). read() adds: damaged gzip, too
// large.
Result<std::unique_ptr<TextSource>> open_text_file(const std::string& path);

// `text` must outlive the source.
std::unique_ptr<TextSource> text_in_memory(std::string_view text);

}  // namespace paperd::storage
