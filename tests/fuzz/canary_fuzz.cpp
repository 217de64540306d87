// A promise that its corpus breaks: the test of the harness itself.
#include <cstdint>
#include <string_view>

#include "tests/fuzz/promise.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    paperd::fuzz::promise(!text.starts_with("sing"), "the canary is silent");
    return 0;
}
