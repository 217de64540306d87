#include "daemon/cli.h"

#include <charconv>
#include <cmath>
#include <functional>
#include <iostream>
#include <utility>

#include <CLI/CLI.hpp>

namespace paperd::daemon {
namespace {

// A CLI11 validator that keeps the parsed day.
std::function<std::string(std::string&)> day_into(std::optional<Day>& day) {
    return [&day](std::string& text) {
        const auto parsed = parse_day(text);
        if (parsed.has_error()) {
            return parsed.error().text;
        }
        day = *parsed;
        return std::string();
    };
}

void add_day(CLI::App& app, const std::string& name, std::optional<Day>& day,
             const std::string& help) {
    // The text itself is not needed once it is checked.
    app.add_option_function<std::string>(
           name, [](const std::string&) {}, help)
        ->check(CLI::Validator(day_into(day), "DAY"));
}

void add_span(CLI::App& app, std::optional<Day>& from, std::optional<Day>& to) {
    add_day(app, "--from", from, "first day, the venue's, included");
    add_day(app, "--to", to, "last day, included");
}

void add_symbols(CLI::App& app, std::vector<std::string>& symbols) {
    app.add_option("--symbols", symbols, "only these, e.g. SPY,QQQ")->delimiter(',');
}

void add_speed(CLI::App& app, std::optional<double>& speed) {
    app.add_option_function<std::string>(
           "--speed", [](const std::string&) {}, "N times real time, or max (the default)")
        ->check(CLI::Validator(
            [&speed](std::string& text) {
                double value = 0;
                if (text != "max") {
                    const auto [end, error] =
                        std::from_chars(text.data(), text.data() + text.size(), value);
                    if (error != std::errc() || end != text.data() + text.size() ||
                        !std::isfinite(value) || value <= 0) {
                        return std::string("--speed takes a number above 0, or max");
                    }
                }
                speed = value;
                return std::string();
            },
            "N|max"));
}

void add_database(CLI::App& app, std::string& db) {
    app.add_option("--db", db, "the trade database")->required();
}

std::string typed(int argc, const char* const* argv) {
    std::string line = "paperd";
    for (int i = 1; i < argc; ++i) {
        line += " " + std::string(argv[i]);
    }
    return line;
}

// One subcommand: its app, and what to hand back when it was chosen.
struct Choice {
    CLI::App* app;
    std::function<CliCommand()> command;
};

}  // namespace

Result<CliCommand> parse_command_line(int argc, const char* const* argv) {
    CLI::App app(
        "paperd: live paper trading with trained models, honest fills and a reason for everything",
        "paperd");
    app.require_subcommand(0, 1);
    app.set_version_flag("--version", std::string("paperd ") + PAPERD_VERSION);
    std::vector<Choice> choices;
    const auto add = [&](const std::string& name, const std::string& what,
                         const std::string& example) {
        CLI::App* sub = app.add_subcommand(name, what);
        sub->footer("Example:\n  " + example);
        return sub;
    };

    RunCommand run;
    CLI::App* sub = add("run", "the daemon: trades its feed until SIGTERM",
                        "paperd run -c config/demo.yaml --db demo.db");
    sub->add_option("-c,--config", run.config, "the job's YAML")->required();
    sub->add_option("--db", run.db, "trade database (default: the config's)");
    add_speed(*sub, run.speed);
    choices.push_back({sub, [&] { return run; }});

    ReplayCommand replay;
    std::optional<Day> date;
    sub = add("replay", "history through the same engine",
              "paperd replay -c config/attention-daily.yaml --bars DIR --from 2015-01-02 "
              "--to 2024-12-31 --db a.db");
    sub->add_option("-c,--config", replay.config, "the job's YAML")->required();
    add_day(*sub, "--date", date, "one day, the venue's");
    add_span(*sub, replay.from, replay.to);
    sub->add_option("--bars", replay.bars, "directory of bar files, or one panel file");
    add_symbols(*sub, replay.symbols);
    sub->add_option("--db", replay.db, "trade database (default: the config's)");
    add_speed(*sub, replay.speed);
    choices.push_back({sub, [&] { return replay; }});

    TrainCommand train;
    sub = add("train", "trains a model and writes its bundle",
              "paperd train -c config/attention-daily.yaml --bars DIR --out attention.pmb");
    sub->add_option("-c,--config", train.config, "the job's YAML")->required();
    sub->add_option("--bars", train.bars, "directory of bar files (default: the config's)");
    add_symbols(*sub, train.symbols);
    add_span(*sub, train.from, train.to);
    sub->add_option("--seed", train.seed, "of the initial weights (default: the config's)");
    sub->add_option("--out", train.out, "the bundle to write")->required();
    choices.push_back({sub, [&] {
                           train.command_line = typed(argc, argv);
                           return train;
                       }});

    FeaturesCommand features;
    sub = add("features", "a feature set as CSV",
              "paperd features --set attention --bars SPY.csv --from 2020-01-02");
    sub->add_option("--set", features.set,
                    "attention, indicators, financial, pairs or regime_labels")
        ->required();
    sub->add_option("--bars", features.bars, "one bar file, daily or intraday")->required();
    sub->add_option("--partner", features.partner, "the partner's file (pairs, market_corr)");
    add_span(*sub, features.from, features.to);
    add_day(*sub, "--train-until", features.train_until, "pairs: last day of the training part");
    sub->add_option("--window", features.window, "pairs: bars")->check(CLI::Range(2, 250));
    sub->add_option("--threshold", features.threshold,
                    "pairs: the spread counts as reverted within");
    sub->add_flag("--always-open", features.always_open, "a 24-hour venue (crypto)");
    choices.push_back({sub, [&] { return features; }});

    PredictCommand predict;
    sub = add("predict", "a model's predictions as CSV",
              "paperd predict --model config/models/attention-daily.pmb --bars DIR --symbols SPY");
    sub->add_option("--model", predict.model, "a bundle, or NAME.ts with NAME.yaml beside it")
        ->required();
    sub->add_option("--bars", predict.bars, "directory of bar files, or one panel file")
        ->required();
    add_symbols(*sub, predict.symbols);
    add_span(*sub, predict.from, predict.to);
    sub->add_flag("--always-open", predict.always_open, "a 24-hour venue (crypto)");
    choices.push_back({sub, [&] { return predict; }});

    QueryCommand query;
    const std::map<std::string, storage::OutputFormat> formats = {
        {"table", storage::OutputFormat::table},
        {"csv", storage::OutputFormat::csv},
        {"json", storage::OutputFormat::json}};
    const std::vector<std::pair<std::string, std::string>> queries = {
        {"trades", "every fill with its costs"},
        {"orders", "every order with its state and reason"},
        {"positions", "what is held at the end"},
        {"equity", "the account after every slice"},
        {"decisions", "what was wanted of each symbol in each slice, and why"}};
    for (const auto& [name, what] : queries) {
        sub = add(name, what, "paperd " + name + " --db a.db --symbol SPY --format csv");
        add_database(*sub, query.db);
        sub->add_option("--from", query.filter.from, "day or UTC time, included");
        sub->add_option("--to", query.filter.to, "day or UTC time, included");
        sub->add_option("--symbol", query.filter.symbol, "only this one");
        sub->add_option("--format", query.format, "table, csv or json")
            ->transform(CLI::CheckedTransformer(formats));
        choices.push_back({sub, [&query, name] {
                               query.name = name;
                               return query;
                           }});
    }

    ExplainCommand explain;
    sub = add("explain", "why it traded, or why it did not",
              "paperd explain --db a.db SPY@2020-03-16");
    add_database(*sub, explain.db);
    sub->add_option("what", explain.what, "a fill's id, or SYMBOL@TIME")->required();
    choices.push_back({sub, [&] { return explain; }});

    VerifyCommand verify;
    sub = add("verify", "integrity and the ledger's laws; with --replay, the same again",
              "paperd verify --db a.db --replay");
    add_database(*sub, verify.db);
    sub->add_flag("--replay", verify.replay, "run what is stored through the engine and compare");
    choices.push_back({sub, [&] { return verify; }});

    CtlCommand ctl;
    ctl.port = 8710;
    const std::map<std::string, int> verbs = {{"status", -1}, {"halt", 0},    {"reduce", 1},
                                              {"resume", 2},  {"flatten", 3}, {"reload", 4}};
    int verb = -1;
    sub = add("ctl", "talks to the running daemon", "paperd ctl halt --token-file paperd.token");
    sub->add_option("verb", verb, "status, halt, reduce, resume, flatten or reload")
        ->required()
        ->transform(CLI::CheckedTransformer(verbs));
    sub->add_option("--port", ctl.port, "of the daemon on loopback")->check(CLI::Range(1, 65535));
    sub->add_option("--token-file", ctl.token_file,
                    "written by the daemon (default: paperd.token)");
    sub->add_option("--note", ctl.note, "why; stored with the command");
    sub->add_flag("--json", ctl.json, "status as JSON");
    choices.push_back({sub, [&] {
                           if (verb >= 0) {
                               ctl.kind = static_cast<CommandKind>(verb);
                           }
                           return ctl;
                       }});

    CheckCommand check;
    sub = add("check", "says everything that is wrong with a config",
              "paperd check -c config/attention-daily.yaml");
    sub->add_option("-c,--config", check.config, "the job's YAML");
    sub->add_flag("--reference", check.reference, "print every key with its unit and default");
    choices.push_back({sub, [&] { return check; }});

    sub = add("doctor", "the machine and libraries in use, and what is slow", "paperd doctor");
    choices.push_back({sub, [] { return DoctorCommand{}; }});
    sub = add("version", "the build", "paperd version");
    choices.push_back({sub, [] { return VersionCommand{}; }});

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            app.exit(error, std::cout, std::cout);
            return CliCommand(NoCommand{});
        }
        std::string where = "paperd";
        for (const CLI::App* chosen : app.get_subcommands()) {
            where += " " + chosen->get_name();
        }
        return fail(std::string(error.what()) + "\nSee '" + where + " --help'.", ErrorKind::usage);
    }
    if (date) {
        if (replay.from || replay.to) {
            return fail("--date stands for one day; leave --from and --to out, or use them alone",
                        ErrorKind::usage);
        }
        replay.from = replay.to = date;
    }
    for (const auto* span : {&replay.from, &train.from, &features.from, &predict.from}) {
        const auto* to = span == &replay.from     ? &replay.to
                         : span == &train.from    ? &train.to
                         : span == &features.from ? &features.to
                                                  : &predict.to;
        if (*span && *to && **span > **to) {
            return fail("--from " + day_text(**span) + " is after --to " + day_text(**to) +
                            "; exchange them",
                        ErrorKind::usage);
        }
    }
    if (app.got_subcommand("check") && !check.reference && check.config.empty()) {
        return fail("check needs -c CONFIG (or --reference)", ErrorKind::usage);
    }
    for (const Choice& choice : choices) {
        if (choice.app->parsed()) {
            return choice.command();
        }
    }
    std::cout << app.help();
    return fail("a command is needed", ErrorKind::usage);
}

}  // namespace paperd::daemon
