// Model files on disk: a bundle, or NAME.ts with NAME.yaml beside it.
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <fmt/format.h>

#include "strategy/models/bundle.h"
#include "strategy/models/model.h"
#include "strategy/models/module_yaml.h"

namespace paperd::strategy {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kFileBytesMax = 1'000'000'000;  // no model of this program comes near

// `remedy` ends the sentence about a missing file.
Result<std::vector<std::byte>> read_file(const fs::path& path, std::string_view remedy) {
    std::error_code code;
    const auto status = fs::status(path, code);
    if (status.type() == fs::file_type::not_found) {
        return fail(fmt::format("{}: there is no such file; {}", path.string(), remedy));
    }
    if (status.type() == fs::file_type::directory) {
        return fail(
            fmt::format("{}: this is a directory, not a model file; {}", path.string(), remedy));
    }
    if (status.type() == fs::file_type::regular && fs::file_size(path, code) > kFileBytesMax) {
        return fail(fmt::format("{}: larger than {} bytes, so it is no model of this program",
                                path.string(), kFileBytesMax));
    }
    std::ifstream in(path, std::ios::binary);
    std::string text;
    if (in) {
        text.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    if (!in || in.bad()) {
        return fail(fmt::format("{}: cannot be read; check its permissions", path.string()));
    }
    std::vector<std::byte> bytes(text.size());
    if (!bytes.empty()) {
        std::memcpy(bytes.data(), text.data(), text.size());
    }
    return bytes;
}

Result<BundleBytes> read_module(const fs::path& path) {
    auto module = read_file(path, "name a TorchScript module NAME.ts");
    if (module.has_error()) {
        return module.error();
    }
    if (module->empty()) {
        return fail(fmt::format("{}: the file is empty; save the module again", path.string()));
    }
    const auto yaml_path = fs::path(path).replace_extension(".yaml");
    TRY_LET(
        const auto yaml,
        read_file(yaml_path,
                  fmt::format("the facts of {} (architecture, columns, scalers, ...) belong there",
                              path.filename().string())));
    const std::string_view text(reinterpret_cast<const char*>(yaml.data()), yaml.size());
    TRY_LET(auto facts, facts_from_module_yaml(text, yaml_path.string()));
    return encode_bundle({.facts = std::move(facts), .weights = {}, .module = std::move(*module)});
}

}  // namespace

Result<BundleBytes> read_bundle(const std::string& path) {
    if (fs::path(path).extension() == ".ts") {
        return read_module(path);
    }
    TRY_LET(auto bytes, read_file(path, "write a bundle with 'paperd train --out MODEL'"));
    const auto bundle = decode_bundle(bytes);
    if (bundle.has_error()) {
        return fail(fmt::format("{}: {}", path, bundle.error().text));
    }
    return bytes;
}

}  // namespace paperd::strategy
