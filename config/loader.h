// YAML text -> Config, and back to the effective text that is stored with a run.
#pragma once

#include <string>
#include <string_view>

#include "config/config.h"
#include "execution/types/result.h"

namespace paperd::config {

struct LoadOptions {
    bool check_files =
        true;  // model, bars and token files must exist (off for a config read from a database)
};

// All problems at once, one a line, kind usage. Relative paths in the file are relative to the
// file's folder.
Result<Config> load_config(const std::string& path, const LoadOptions& options = {});
Result<Config> parse_config(std::string_view yaml, const std::string& path,
                            const LoadOptions& options = {});

// Every key with its effective value, in the order of the reference; parse_config gives the same
// Config back.
std::string effective_yaml(const Config& config);

}  // namespace paperd::config
