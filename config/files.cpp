#include "config/files.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace paperd::config {
namespace {

namespace fs = std::filesystem;

enum class Wanted { file, file_or_folder };

// Why the path cannot be read, or nothing.
std::string trouble_with(const std::string& path, Wanted wanted) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (error && status.type() == fs::file_type::none) {
        return fmt::format("cannot be reached ({})", error.message());
    }
    if (!fs::exists(status)) {
        return "is not there";
    }
    if (fs::is_directory(status)) {
        return wanted == Wanted::file ? "is a folder" : "";
    }
    return fs::is_regular_file(status) ? "" : "is no regular file";
}

void look_for(std::string_view key, const std::string& path, Wanted wanted, std::string_view remedy,
              const Reading& reading, Problems& problems) {
    if (path.empty() || reading.doubts(key)) {
        return;
    }
    if (const std::string trouble = trouble_with(path, wanted); !trouble.empty()) {
        problems.add(reading.line_of({key}),
                     fmt::format("{} is '{}', which {}; {}", key, path, trouble, remedy));
    }
}

// A bundle, or a module with its description.
void look_for_model(std::string_view key, const std::string& path, const Reading& reading,
                    Problems& problems) {
    look_for(key, path, Wanted::file,
             "train it with 'paperd train', or correct the path (relative to this file's folder)",
             reading, problems);
    constexpr std::string_view kModule = ".ts";
    if (path.ends_with(kModule)) {
        look_for(key, path.substr(0, path.size() - kModule.size()) + ".yaml", Wanted::file,
                 "a TorchScript module needs its description of that name beside it", reading,
                 problems);
    }
}

}  // namespace

void check_files(const Config& config, const LoadOptions& options, const Reading& reading,
                 Problems& problems) {
    if (options.use != Use::train) {
        look_for_model("model.path", config.model.path, reading, problems);
        for (const strategy::OverlayModel& overlay : config.strategy.overlay_models) {
            look_for_model("strategy.overlays", overlay.path, reading, problems);
        }
    }
    if (options.use != Use::run && !options.bars_given) {
        look_for("market.bars", config.bars, Wanted::file_or_folder,
                 "correct the path (relative to this file's folder), or leave it empty and give "
                 "--bars",
                 reading, problems);
    }
    if (options.use != Use::run) {
        look_for("market.splits", config.splits, Wanted::file,
                 "correct the path (relative to this file's folder), or leave it out", reading,
                 problems);
    }
    if (options.use == Use::run && config.server.enabled) {
        look_for("server.token_file", config.server.token_file, Wanted::file,
                 "make it, or leave it empty for DATABASE-token, beside the database", reading,
                 problems);
    }
}

}  // namespace paperd::config
