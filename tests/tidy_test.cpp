// The house's order, kept by reading every source: layers, rooms for the heavy libraries, line
// length, integer columns, and that nothing is forgotten in the CMake lists. Each complaint has
// path:line and the remedy.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/paths.h"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kColumnsMax = 100;

struct File {
    std::string path;  // from the repository's root
    std::vector<std::string> lines;
};

std::vector<File> read_files(const std::vector<std::string>& endings) {
    std::vector<File> files;
    const fs::path root = paperd::support::source_path("");
    for (const char* folder :
         {"daemon", "strategy", "risk", "execution", "storage", "config", "tests", "deploy"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const std::string name = entry.path().filename().string();
            const bool wanted =
                std::any_of(endings.begin(), endings.end(),
                            [&](const auto& ending) { return name.ends_with(ending); });
            if (!entry.is_regular_file() || !wanted) {
                continue;
            }
            File file{fs::relative(entry.path(), root).string(), {}};
            std::ifstream in(entry.path());
            for (std::string line; std::getline(in, line);) {
                file.lines.push_back(line);
            }
            files.push_back(std::move(file));
        }
    }
    std::sort(files.begin(), files.end(),
              [](const File& a, const File& b) { return a.path < b.path; });
    return files;
}

std::vector<File> sources() { return read_files({".h", ".cpp"}); }

bool is_test(const std::string& path) { return path.starts_with("tests/"); }

// The folder that decides what may be included; types are a folder of their own.
std::string room_of(const std::string& path) {
    if (path.starts_with("execution/types/")) {
        return "types";
    }
    return path.substr(0, path.find('/'));
}

// Every complaint of a rule at once, so that one run shows the whole work.
class Complaints {
public:
    void add(const std::string& path, std::size_t line, const std::string& what) {
        text_ += path + ":" + std::to_string(line) + ": " + what + "\n";
    }

    ~Complaints() { EXPECT_TRUE(text_.empty()) << text_; }

    Complaints() = default;
    Complaints(const Complaints&) = delete;
    Complaints& operator=(const Complaints&) = delete;

private:
    std::string text_;
};

std::string included(const std::string& line) {
    static const std::regex kInclude(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
    std::smatch match;
    return std::regex_search(line, match, kInclude) ? match[1].str() : std::string();
}

}  // namespace

TEST(Tidy, FoldersIncludeOnlyWhatIsBelowThem) {
    const std::map<std::string, std::vector<std::string>> allowed = {
        {"types", {"types"}},
        {"strategy", {"types", "strategy"}},
        {"execution", {"types", "execution"}},
        {"risk", {"types", "strategy", "execution", "risk"}},
        {"storage", {"types", "strategy", "execution", "risk", "storage"}},
        {"config", {"types", "strategy", "execution", "risk", "storage", "config"}},
        {"daemon", {"types", "strategy", "execution", "risk", "storage", "config", "daemon"}}};
    Complaints complaints;
    std::size_t seen = 0;
    for (const File& file : sources()) {
        if (is_test(file.path)) {
            continue;
        }
        const auto& below = allowed.at(room_of(file.path));
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const std::string target = included(file.lines[i]);
            const std::string room = room_of(target);
            if (target.find('/') == std::string::npos || !allowed.contains(room)) {
                continue;
            }
            ++seen;
            if (std::find(below.begin(), below.end(), room) == below.end()) {
                complaints.add(file.path, i + 1,
                               "includes '" + target +
                                   "' of a folder that is not below it; move the shared "
                                   "word to execution/types, or the code up");
            }
        }
    }
    EXPECT_GT(seen, 100U) << "the rule saw too few includes to mean anything";
}

// Inside the two largest folders a room may not know of others that its layer allows. A rule that
// finds no source of its room is a rule about nothing.
TEST(Tidy, RoomsKnowNothingOfWhatTheyNeedNot) {
    struct Rule {
        const char* room;       // where a source's path begins
        const char* forbidden;  // regex of what is included
        const char* except;     // where a source's path begins that may all the same; "" for none
        const char* remedy;
    };

    const std::vector<Rule> rules = {
        {"daemon/engine/", R"(^boost/(asio|beast)/)", "",
         "the engine runs to completion and never waits; wait in daemon/run"},
        {"daemon/engine/", R"(^daemon/process/wall_clock\.h)", "",
         "time enters the engine as an argument of events"},
        {"daemon/engine/", R"(^daemon/(net|feeds|exchange|api|run|report|commands)/)", "",
         "the engine knows nobody who calls it; pass a value or a function in"},
        {"daemon/report/", R"(^boost/(asio|beast)/)", "",
         "a report is made from the database alone"},
        {"daemon/report/", R"(^daemon/(net|feeds|exchange|api|run|commands)/)", "",
         "a report is made from the database alone; take what it needs from storage"},
        {"daemon/report/", R"(^daemon/process/wall_clock\.h)", "",
         "a report depends on the database alone, not on when it is made"},
        {"daemon/feeds/", R"(^daemon/(engine|run|api|report|commands)/)", "",
         "a feed gives slices and knows nobody who takes them; share through execution/types"},
        {"daemon/exchange/", R"(^daemon/(engine|run|api|report|commands)/)", "",
         "the exchange simulates the other side; share through execution/types"},
        {"daemon/net/", R"(^daemon/(api|feeds|engine|exchange|run|report|commands)/)", "",
         "a connection knows no routes and no providers; take a handler or a value"},
        {"daemon/api/", R"(^boost/(asio|beast)/)", "daemon/api/ask",
         "routes answer values; sockets are daemon/net's"},
        {"daemon/api/", R"(^daemon/net/(?!http_message\.h))", "daemon/api/ask",
         "routes answer values; what serves them calls them"},
        {"daemon/process/", R"(^daemon/(engine|feeds|net|exchange|api|run|report|commands)/)", "",
         "the process's tools know nothing of trading; move the code to the room it is about"},
        {"strategy/features/", R"(^strategy/(models|training|research|positions)/)", "",
         "features are functions of bars; move what models need to strategy/models"},
        {"strategy/positions/", R"(^strategy/(models|training|research|features)/)", "",
         "a position rule reads outputs by name; pass them in"},
        {"strategy/models/", R"(^strategy/(training|research|positions)/)", "",
         "a model forecasts; move what others share into strategy/models"},
    };
    const std::vector<File> files = sources();
    Complaints complaints;
    for (const Rule& rule : rules) {
        const std::regex forbidden(rule.forbidden);
        std::size_t seen = 0;
        for (const File& file : files) {
            if (!file.path.starts_with(rule.room) ||
                (*rule.except != '\0' && file.path.starts_with(rule.except))) {
                continue;
            }
            ++seen;
            for (std::size_t i = 0; i < file.lines.size(); ++i) {
                const std::string target = included(file.lines[i]);
                if (!target.empty() && std::regex_search(target, forbidden)) {
                    complaints.add(file.path, i + 1, "includes '" + target + "'; " + rule.remedy);
                }
            }
        }
        const bool to_come = std::string(rule.room) == "daemon/exchange/";
        EXPECT_TRUE(seen > 0 || to_come) << rule.room << ": the rule is about no source";
    }
}

// Only the table names an architecture, and none knows another.
TEST(Tidy, AnArchitectureIsKnownToItsFolderAndTheTableAlone) {
    constexpr std::string_view kModels = "strategy/models/";
    Complaints complaints;
    std::size_t seen = 0;
    for (const File& file : sources()) {
        if (is_test(file.path)) {
            continue;
        }
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const std::string target = included(file.lines[i]);
            const std::size_t slash = target.find('/', kModels.size());
            if (!target.starts_with(kModels) || slash == std::string::npos) {
                continue;
            }
            ++seen;
            if (file.path != "strategy/models/architectures.cpp" &&
                !file.path.starts_with(target.substr(0, slash + 1))) {
                complaints.add(file.path, i + 1,
                               "includes '" + target +
                                   "' of one architecture's folder; ask the table "
                                   "(strategy/models/architecture.h) instead");
            }
        }
    }
    EXPECT_GT(seen, 3U) << "the rule saw too few includes to mean anything";
}

TEST(Tidy, HeavyLibrariesStayInTheirRooms) {
    struct Rule {
        const char* pattern;
        std::vector<std::string> rooms;  // path prefixes; a trailing ".cpp" rule forbids headers
        bool sources_only;
        const char* remedy;
    };

    const std::vector<Rule> rules = {
        {R"(^(torch|ATen|c10)/)",
         {"strategy/models/", "strategy/training/"},
         true,
         "hide it behind strategy/models/model.h"},
        {R"(^boost/(asio|beast)/)", {"daemon/"}, false, "the network is the daemon's"},
        {R"(^sqlite3\.h$)", {"storage/database.cpp"}, true, "use storage/database.h"},
        {R"(^yaml-cpp/)", {"config/loader.cpp"}, true, "parse in config/loader.cpp"},
        {R"(^spdlog/)", {"daemon/"}, true, "log through daemon/process/logging.h"}};
    Complaints complaints;
    for (const File& file : sources()) {
        if (is_test(file.path)) {
            continue;
        }
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const std::string target = included(file.lines[i]);
            for (const Rule& rule : rules) {
                if (target.empty() || !std::regex_search(target, std::regex(rule.pattern))) {
                    continue;
                }
                const bool at_home = std::any_of(
                    rule.rooms.begin(), rule.rooms.end(),
                    [&](const std::string& room) { return file.path.starts_with(room); });
                if (!at_home || (rule.sources_only && file.path.ends_with(".h"))) {
                    complaints.add(file.path, i + 1, "includes <" + target + ">; " + rule.remedy);
                }
            }
        }
    }
}

TEST(Tidy, TheClockIsReadOnlyAtTheEdge) {
    Complaints complaints;
    const std::regex clock(R"(system_clock::now|\btime\(nullptr\)|\btime\(NULL\)|gettimeofday)"
                           R"(|std::rand\b|random_device)");
    for (const File& file : sources()) {
        if (file.path.starts_with("daemon/process/wall_clock.") || is_test(file.path)) {
            continue;
        }
        // How long something took is asked where it is waited for, and nowhere that trades.
        const bool may_wait = file.path.starts_with("daemon/") &&
                              !file.path.starts_with("daemon/engine/") &&
                              !file.path.starts_with("daemon/report/");
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            if (std::regex_search(file.lines[i], clock) ||
                (!may_wait && file.lines[i].find("steady_clock::now") != std::string::npos)) {
                complaints.add(file.path, i + 1,
                               "time and randomness are arguments; use daemon/process/wall_clock.h "
                               "at the edge and pass the value on");
            }
        }
    }
}

TEST(Tidy, LinesFitTheColumns) {
    Complaints complaints;
    for (const File& file : read_files({".h", ".cpp", ".txt", ".yaml", ".md", ".sh", ".service"})) {
        if (file.path.starts_with("tests/golden/")) {
            continue;
        }
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            // Columns, not bytes: continuation bytes of UTF-8 do not count.
            const auto columns = std::count_if(
                file.lines[i].begin(), file.lines[i].end(),
                [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
            if (static_cast<std::size_t>(columns) > kColumnsMax) {
                complaints.add(file.path, i + 1, "is longer than 100 columns; wrap it");
            }
        }
    }
}

TEST(Tidy, EverySourceIsInACMakeList) {
    Complaints complaints;
    for (const File& file : sources()) {
        if (!file.path.ends_with(".cpp")) {
            continue;
        }
        // The nearest CMakeLists.txt above names it, by its path from there.
        bool named = false;
        fs::path folder = fs::path(file.path).parent_path();
        while (!named && !folder.empty()) {
            const fs::path list =
                fs::path(paperd::support::source_path("")) / folder / "CMakeLists.txt";
            if (fs::exists(list)) {
                std::ifstream in(list);
                std::stringstream text;
                text << in.rdbuf();
                const std::string name = fs::relative(file.path, folder).string();
                const std::regex whole("(^|[\\s(])" +
                                       std::regex_replace(name, std::regex(R"([.])"), "\\.") +
                                       "($|[\\s)])");
                const std::string content = text.str();
                named = std::regex_search(content, whole);
            }
            folder = folder.parent_path();
        }
        if (!named) {
            complaints.add(file.path, 1,
                           "no CMakeLists.txt names this source; add it or delete it");
        }
    }
}

TEST(Tidy, MoneyColumnsAreIntegers) {
    Complaints complaints;
    const std::regex scaled(R"(\b(\w+_(e8|ns))\s+(REAL|TEXT|BLOB|NUMERIC)\b)");
    const std::regex money(
        R"(\b(price|quantity|cash|cost|amount|commission|equity)\s+(REAL|TEXT)\b)");
    for (const File& file : sources()) {
        if (!file.path.starts_with("storage/")) {
            continue;
        }
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            if (std::regex_search(file.lines[i], scaled) ||
                std::regex_search(file.lines[i], money)) {
                complaints.add(file.path, i + 1,
                               "money, prices, quantities and times are INTEGER columns named "
                               "_e8 or _ns");
            }
        }
    }
}

TEST(Tidy, HeadersBeginWithAContract) {
    Complaints complaints;
    for (const File& file : sources()) {
        if (file.path.ends_with(".h") &&
            (file.lines.empty() || !file.lines[0].starts_with("// "))) {
            complaints.add(file.path, 1,
                           "a header begins with a comment that says what it promises");
        }
    }
}
