#include "daemon/options.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "config/config.h"
#include "execution/types/symbol_name.h"

namespace paperd::daemon {
namespace {

// An option whose text `read` takes, or says what is wrong with it; `kind` is what help shows.
CLI::Option* read_option(CLI::App& app, const std::string& name, const std::string& kind,
                         const std::string& about, std::function<std::string(std::string&)> read) {
    // The text itself is not needed once it is read.
    return app.add_option_function<std::string>(
                  name, [](const std::string&) {}, about)
        ->check(CLI::Validator(std::move(read), kind));
}

// A config checks its own names in the same way (config/values.h).
std::string trouble_with_symbols(const std::vector<std::string>& names) {
    std::set<std::string> seen;
    for (const std::string& name : names) {
        if (!is_symbol_name(name)) {
            return fmt::format(
                "--symbols lists '{}', which is no name of a symbol; use 1 to {} "
                "letters, digits and {}",
                name, kNameMax, kSymbolMarks);
        }
        if (!seen.insert(name).second) {
            return fmt::format("--symbols lists '{}' twice; remove one", name);
        }
    }
    return {};
}

}  // namespace

void Options::required(const std::string& name, std::string& value, const std::string& about) {
    app_.add_option(name, value, about)->required();
}

void Options::text(const std::string& name, std::string& value, const std::string& about) {
    app_.add_option(name, value, about);
}

void Options::text(const std::string& name, std::optional<std::string>& value,
                   const std::string& about) {
    app_.add_option(name, value, about);
}

void Options::flag(const std::string& name, bool& value, const std::string& about) {
    app_.add_flag(name, value, about);
}

void Options::number(const std::string& name, double& value, const std::string& about) {
    app_.add_option(name, value, about);
}

void Options::integer(const std::string& name, int& value, int low, int high,
                      const std::string& about) {
    app_.add_option(name, value, about)->check(CLI::Range(low, high));
}

void Options::integer(const std::string& name, std::optional<std::uint64_t>& value,
                      const std::string& about) {
    app_.add_option(name, value, about);
}

void Options::day(const std::string& name, std::optional<Day>& value, const std::string& about) {
    read_option(app_, name, "DAY", about, [&value](std::string& text) {
        const auto parsed = parse_day(text);
        if (parsed.has_error()) {
            return parsed.error().text;
        }
        value = *parsed;
        return std::string();
    });
}

void Options::choice(const std::string& name, const std::vector<std::string>& names,
                     const std::string& about, std::function<void(std::size_t)> choose,
                     bool required) {
    const std::string listed = fmt::format("{}", fmt::join(names, "|"));
    read_option(app_, name, listed, about, [=, choose = std::move(choose)](std::string& text) {
        const auto found = std::find(names.begin(), names.end(), text);
        if (found == names.end()) {
            return fmt::format("'{}' is none of {}; write one of them", text,
                               fmt::join(names, ", "));
        }
        choose(static_cast<std::size_t>(found - names.begin()));
        return std::string();
    })->required(required);
}

void Options::config(std::string& path) { required("-c,--config", path, "the job's YAML"); }

void Options::database(std::string& path) { required("--db", path, "the trade database"); }

void Options::symbols(std::vector<std::string>& names) {
    app_.add_option("--symbols", names, "only these, e.g. SPY,QQQ")->delimiter(',');
    check([&names]() -> Result<void> {
        const std::string trouble = trouble_with_symbols(names);
        if (!trouble.empty()) {
            return fail(trouble, ErrorKind::usage);
        }
        return {};
    });
}

void Options::speed(std::optional<double>& speed) {
    read_option(app_, "--speed", "N|max", "N times real time, or max (the default)",
                [&speed](std::string& text) {
                    double value = 0;
                    if (text != "max") {
                        const char* const end = text.data() + text.size();
                        const auto [stopped, error] = std::from_chars(text.data(), end, value);
                        if (error != std::errc() || stopped != end ||
                            !(value >= config::kSpeedMin && value <= config::kSpeedMax)) {
                            return fmt::format("--speed takes a number from {} to {:.0f}, or max",
                                               config::kSpeedMin, config::kSpeedMax);
                        }
                    }
                    speed = value;
                    return std::string();
                });
}

void Options::span(std::optional<Day>& from, std::optional<Day>& to) {
    day("--from", from, "first day, the venue's, included");
    day("--to", to, "last day, included");
    check([&from, &to]() -> Result<void> {
        if (from && to && *from > *to) {
            return fail(fmt::format("--from {} is after --to {}; exchange them", day_text(*from),
                                    day_text(*to)),
                        ErrorKind::usage);
        }
        return {};
    });
}

Result<void> Options::checked() const {
    for (const auto& holds : checks_) {
        TRY(holds());
    }
    return {};
}

}  // namespace paperd::daemon
