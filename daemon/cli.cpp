#include "daemon/cli.h"

#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "daemon/commands/bar_commands.h"
#include "daemon/commands/check_command.h"
#include "daemon/commands/init_command.h"
#include "daemon/commands/machine_commands.h"
#include "daemon/commands/query_commands.h"
#include "daemon/commands/replay_command.h"
#include "daemon/commands/report_command.h"
#include "daemon/commands/run_command.h"
#include "daemon/commands/train_command.h"
#include "daemon/options.h"

namespace paperd::daemon {
namespace {

// The table, in the order of --help. A new command is a line here, its files in commands/, and
// their line in CMakeLists.txt.
using Commands =
    std::tuple<RunCommand, ReplayCommand, TrainCommand, FeaturesCommand, PredictCommand,
               TradesCommand, OrdersCommand, PositionsCommand, EquityCommand, DecisionsCommand,
               IncidentsCommand, ExplainCommand, ReportCommand, VerifyCommand, CtlCommand,
               InitCommand, CheckCommand, DoctorCommand, VersionCommand>;

// A command that the parser knows of, and what to do where it is the one.
struct Declared {
    CLI::App* app;
    std::unique_ptr<Options> options;
    std::function<Result<int>()> run;
};

template <class Command>
Declared declared(Command& command, CLI::App& app, const std::string& command_line) {
    const CommandWords& words = Command::kWords;
    CLI::App* sub = app.add_subcommand(std::string(words.name), std::string(words.about));
    sub->footer("Example:\n  " + std::string(words.example));
    auto options = std::make_unique<Options>(*sub, command_line);
    declare(command, *options);
    return {sub, std::move(options), [&command] { return execute(command); }};
}

// "--symbols=": the parser would take the next option for its value. Empty where there is none.
std::string option_without_value(int argc, const char* const* argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word.starts_with("--") && word.find('=') == word.size() - 1) {
            return word;
        }
    }
    return {};
}

std::string typed(int argc, const char* const* argv) {
    std::string line = "paperd";
    for (int i = 1; i < argc; ++i) {
        line += " " + std::string(argv[i]);
    }
    return line;
}

Error wrong_usage(const CLI::App& app, const std::string& what) {
    std::string where = "paperd";
    for (const CLI::App* chosen : app.get_subcommands()) {
        where += " " + chosen->get_name();
    }
    return fail(what + "\nSee '" + where + " --help'.", ErrorKind::usage);
}

}  // namespace

Result<int> run_command_line(int argc, const char* const* argv) {
    CLI::App app(
        "paperd: live paper trading with trained models, honest fills and a reason for everything",
        "paperd");
    app.require_subcommand(0, 1);
    app.set_version_flag("--version", std::string("paperd ") + PAPERD_VERSION);
    if (const std::string empty = option_without_value(argc, argv); !empty.empty()) {
        return wrong_usage(app, fmt::format("{} has no value; write one behind the =, or leave the "
                                            "option out",
                                            empty));
    }
    Commands commands;
    std::vector<Declared> known;
    std::apply(
        [&](auto&... command) {
            (known.push_back(declared(command, app, typed(argc, argv))), ...);
        },
        commands);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            return app.exit(error, std::cout, std::cout);  // --help or --version
        }
        return wrong_usage(app, error.what());
    }
    for (const Declared& command : known) {
        if (command.app->parsed()) {
            if (const auto good = command.options->checked(); good.has_error()) {
                return wrong_usage(app, good.error().text);
            }
            return command.run();
        }
    }
    std::cout << app.help();
    return fail("a command is needed", ErrorKind::usage);
}

}  // namespace paperd::daemon
