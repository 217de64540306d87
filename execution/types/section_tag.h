// Tags that begin each section of a checkpoint: four letters, readable in a hex dump.
#pragma once

#include <cstdint>

namespace paperd {

constexpr std::uint32_t section_tag(const char (&name)[5]) {
    std::uint32_t tag = 0;
    for (int i = 3; i >= 0; --i) {
        tag = (tag << 8) | static_cast<unsigned char>(name[i]);
    }
    return tag;
}

}  // namespace paperd
