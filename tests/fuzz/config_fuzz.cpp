// Configs: whatever the text, a Config or a sentence; and a Config survives being written and read
// again.
#include <cstdint>
#include <string_view>

#include "config/loader.h"
#include "tests/fuzz/promise.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace paperd;
    const std::string_view yaml(reinterpret_cast<const char*>(data), size);
    const auto config = config::parse_config(yaml, "job.yaml", {.check_files = false});
    if (config.has_error()) {
        fuzz::promise(config.error().text.starts_with("job.yaml"),
                      "an error is told with its file");
        fuzz::promise(config.error().kind == ErrorKind::usage, "a bad config is wrong usage");
        return 0;
    }
    const std::string effective = config::effective_yaml(*config);
    const auto again = config::parse_config(effective, "job.yaml", {.check_files = false});
    fuzz::promise(!again.has_error(), "the effective config is a config");
    fuzz::promise(config::effective_yaml(*again) == effective, "and says the same again");
    return 0;
}
