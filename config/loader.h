// YAML text -> Config, and back to the effective text that is stored with a run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "config/config.h"
#include "execution/types/result.h"

namespace paperd::config {

// The command that the config is for: each reads other files of it.
enum class Use : std::uint8_t { run, replay, train };

struct LoadOptions {
    bool check_files = true;  // what `use` reads must be there (off for a config from a database)
    Use use = Use::run;
    bool bars_given = false;  // --bars goes before market.bars, which is then not looked for
};

// All problems at once, one a line as "path:line: what, why, remedy" and sorted by line, kind
// usage. Files to read (model.path, market.bars, server.token_file) are relative to the YAML file's
// folder and ready to open in the Config; files to write (storage.database, log.file) are relative
// to the current folder and left as they are.
// Refused, each with a sentence: no such file, a directory, an unreadable, empty or huge file, what
// is no text or no YAML, several documents, anchors, aliases, merge keys and tags.
Result<Config> load_config(const std::string& path, const LoadOptions& options = {});
Result<Config> parse_config(std::string_view yaml, const std::string& path,
                            const LoadOptions& options = {});

// Every key with its effective value, in the order of the reference; parse_config with the same
// path gives the same Config back.
std::string effective_yaml(const Config& config);

// The same with each key's unit and default as a comment: what 'paperd init' writes.
std::string annotated_yaml(const Config& config);

// As effective_yaml(), of those keys alone that a run's results depend on.
std::string deciding_yaml(const Config& config);

// Every key with its meaning, unit, default and allowed values as comments; a valid config of all
// defaults.
std::string reference_yaml();

}  // namespace paperd::config
