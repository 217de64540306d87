#include "config/loader.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "config/files.h"
#include "config/node.h"
#include "config/problems.h"
#include "config/reader.h"
#include "config/relations.h"
#include "config/text_check.h"

namespace paperd::config {
namespace {

constexpr std::size_t kFileMax = 4 << 20;  // bytes; the largest universe needs a quarter of it
constexpr std::size_t kKeyMax = 100;       // bytes; the longest key has a third

// yaml-cpp's events into a Node. Its lines count from 0, ours from 1.
class TreeBuilder final : public YAML::EventHandler {
public:
    explicit TreeBuilder(Problems& problems) : problems_(problems) {}

    [[nodiscard]] int documents() const { return documents_; }

    [[nodiscard]] Node take_root() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ == 2) {
            problems_.add(mark.line + 1,
                          "a second YAML document begins here, and a config is one; "
                          "remove the '---' or what follows it");
        }
    }

    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        Node node;
        node.line = mark.line + 1;
        refuse_anchor(anchor, node);
        attach(std::move(node));
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
        Node node;
        node.line = mark.line + 1;
        refuse(
            "an alias (*name) stands here, and configs do without; write the value out, and "
            "text that begins with * in quotes",
            node);
        attach(std::move(node));
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        Node node;
        node.kind = Node::Kind::text;
        node.line = mark.line + 1;
        node.text = value;
        node.quoted = tag == "!";  // "?" is plain; anything else was written
        refuse_anchor(anchor, node);
        refuse_tag(tag, node);
        attach(std::move(node));
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        open(Node::Kind::list, mark, tag, anchor);
    }

    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        open(Node::Kind::map, mark, tag, anchor);
    }

    void OnMapEnd() override { close(); }

private:
    // A list or map that is being read, and the key that waits for its value.
    struct Open {
        Node node;
        std::optional<Entry> waiting;
    };

    void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
              YAML::anchor_t anchor) {
        Node node;
        node.kind = kind;
        node.line = mark.line + 1;
        refuse_anchor(anchor, node);
        refuse_tag(tag, node);
        open_.push_back({std::move(node), std::nullopt});
    }

    void close() {
        Node node = std::move(open_.back().node);
        open_.pop_back();
        attach(std::move(node));
    }

    void attach(Node node) {
        if (open_.empty()) {
            if (documents_ == 1) {
                root_ = std::move(node);
            }
            return;
        }
        Open& around = open_.back();
        if (around.node.kind == Node::Kind::list) {
            around.node.items.push_back(std::move(node));
        } else if (around.node.kind == Node::Kind::refused) {
            // what is inside was complained about as a whole
        } else if (!around.waiting) {
            around.waiting = as_key(node);
        } else {
            around.waiting->value = std::move(node);
            if (!around.waiting->key.empty()) {
                around.node.entries.push_back(std::move(*around.waiting));
            }
            around.waiting.reset();
        }
    }

    // An entry of that key; an empty one, complained about, when the node cannot be a key.
    Entry as_key(const Node& node) {
        const bool name = node.kind == Node::Kind::text && !node.text.empty() &&
                          node.text.size() <= kKeyMax &&
                          std::none_of(node.text.begin(), node.text.end(),
                                       [](char c) { return static_cast<unsigned char>(c) < 0x20; });
        if (!name && node.kind != Node::Kind::refused) {
            problems_.add(node.line, "a key is not a plain word; write it as 'name: value'");
        }
        return {.key = name ? node.text : std::string(), .line = node.line, .value = {}};
    }

    void refuse(std::string text, Node& node) {
        if (documents_ == 1 && node.kind != Node::Kind::refused) {
            problems_.add(node.line, std::move(text));
        }
        node.kind = Node::Kind::refused;
    }

    void refuse_anchor(YAML::anchor_t anchor, Node& node) {
        if (anchor != 0) {
            refuse(
                "an anchor (&name) stands here, and configs do without; remove it, and write "
                "values out where they are needed",
                node);
        }
    }

    void refuse_tag(const std::string& tag, Node& node) {
        if (!tag.empty() && tag != "?" && tag != "!") {
            refuse(fmt::format("a tag ({}) stands here, and configs do without; remove it", tag),
                   node);
        }
    }

    Problems& problems_;
    std::vector<Open> open_;
    Node root_;
    int documents_ = 0;
};

std::string hint_for(std::string_view complaint) {
    if (complaint.find("alias") != std::string_view::npos) {
        return "text that begins with * goes in quotes, as [\"*\"]";
    }
    return "look for a missing ':', quote or bracket, a tab, or a wrong indent on or above this "
           "line";
}

// The document's root, or nothing with the reasons among the problems.
std::optional<Node> parse_yaml(std::string_view yaml, Problems& problems) {
    TreeBuilder tree(problems);
    const std::size_t before = problems.count();
    try {
        std::istringstream in{std::string(yaml)};
        YAML::Parser parser(in);
        while (tree.documents() < 2 && parser.HandleNextDocument(tree)) {
        }
    } catch (const YAML::Exception& error) {
        problems.add(error.mark.is_null() ? 1 : error.mark.line + 1,
                     fmt::format("this is not YAML ({}); {}", error.msg, hint_for(error.msg)));
        return std::nullopt;
    }
    Node root = tree.take_root();
    if (root.kind == Node::Kind::empty && problems.count() == before) {
        problems.add(1,
                     "the config is empty, and market.symbols at least must be given; "
                     "'paperd check --reference' prints every key");
        return std::nullopt;
    }
    if (root.kind != Node::Kind::map) {
        if (problems.count() == before) {
            problems.add(root.line,
                         "the config is no group of keys; write 'market:' and other "
                         "sections at the left margin");
        }
        return std::nullopt;
    }
    return root;
}

Error refused(std::string text) { return fail(std::move(text), ErrorKind::usage); }

Result<std::string> read_file(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (path.empty() || status.type() == fs::file_type::not_found) {
        return refused(fmt::format("{}: there is no such file; give the path of a config (YAML)",
                                   path.empty() ? "''" : path));
    }
    if (fs::is_directory(status)) {
        return refused(
            fmt::format("{}: is a folder, not a config; give the path of a YAML file in it", path));
    }
    if (!fs::is_regular_file(status) && fs::exists(status)) {  // a pipe would be waited for
        return refused(
            fmt::format("{}: is no regular file, as a config has to be; give the path of one, or "
                        "write what comes out of it into one",
                        path));
    }
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        return refused(fmt::format("{}: cannot be opened ({}); check its permissions", path,
                                   std::generic_category().message(errno)));
    }
    std::string text;
    std::vector<char> buffer(1 << 16);
    while (in && text.size() <= kFileMax) {
        in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        text.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
    }
    if (in.bad()) {
        return refused(fmt::format("{}: cannot be read ({}); check the file and its disk", path,
                                   std::generic_category().message(errno)));
    }
    return text;
}

}  // namespace

Result<Config> parse_config(std::string_view yaml, const std::string& path,
                            const LoadOptions& options) {
    Problems problems;
    if (yaml.size() > kFileMax) {
        return refused(
            fmt::format("{}: is larger than {} MiB, which no config is; give the path "
                        "of a YAML file",
                        path, kFileMax >> 20));
    }
    check_text(yaml, problems);
    std::optional<Node> root;
    if (problems.count() == 0) {
        root = parse_yaml(yaml, problems);
    }
    Config config;
    config.path = path;
    if (root) {
        const Reading reading = read_document(*root, config, problems);
        // A cut in intraday files' joins is no setting: they are as traded, daily ones adjusted.
        config.market_data.cut_at_joins = is_intraday(config.interval);
        check_relations(config, reading, problems);
        if (options.check_files) {
            check_files(config, options, reading, problems);
        }
    }
    if (problems.count() != 0) {
        return refused(problems.report(path));
    }
    return config;
}

Result<Config> load_config(const std::string& path, const LoadOptions& options) {
    TRY_LET(const auto text, read_file(path));
    return parse_config(text, path, options);
}

}  // namespace paperd::config
