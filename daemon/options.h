// The options of one command, declared by name onto the variables that they fill. What stands
// behind them (CLI11) is seen in options.cpp and cli.cpp alone.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "execution/types/result.h"
#include "execution/types/timestamp.h"

namespace CLI {
class App;
}

namespace paperd::daemon {

// `name` is as a person types it ("--db", or "-c,--config"); without dashes it is a word that
// stands alone. The variables outlive the parsing and keep their values where nothing is given.
class Options {
public:
    // command_line: as typed, program included.
    Options(CLI::App& app, std::string command_line)
        : app_(app), command_line_(std::move(command_line)) {}

    [[nodiscard]] const std::string& command_line() const { return command_line_; }

    void required(const std::string& name, std::string& value, const std::string& about);
    void text(const std::string& name, std::string& value, const std::string& about);
    void text(const std::string& name, std::optional<std::string>& value, const std::string& about);
    void flag(const std::string& name, bool& value, const std::string& about);
    void number(const std::string& name, double& value, const std::string& about);
    void integer(const std::string& name, int& value, int low, int high, const std::string& about);
    void integer(const std::string& name, std::optional<std::uint64_t>& value,
                 const std::string& about);
    void day(const std::string& name, std::optional<Day>& value, const std::string& about);

    // One of the names; `choose` gets its place among them.
    void choice(const std::string& name, const std::vector<std::string>& names,
                const std::string& about, std::function<void(std::size_t)> choose,
                bool required = false);

    // Those that several commands share, so that they are called alike and checked alike.
    void config(std::string& path);                               // -c, required
    void database(std::string& path);                             // --db, required
    void symbols(std::vector<std::string>& names);                // --symbols A,B
    void speed(std::optional<double>& speed);                     // --speed N|max; max is 0
    void span(std::optional<Day>& from, std::optional<Day>& to);  // --from, --to, in this order

    // What no single option can say: asked once all are parsed, in the order of these calls.
    void check(std::function<Result<void>()> holds) { checks_.push_back(std::move(holds)); }

    [[nodiscard]] Result<void> checked() const;

private:
    CLI::App& app_;
    std::string command_line_;
    std::vector<std::function<Result<void>()>> checks_;
};

}  // namespace paperd::daemon
