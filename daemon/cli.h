// The command line as a type: argv becomes one command struct, validated as far as it can be before
// a file is opened.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "execution/types/command.h"
#include "execution/types/result.h"
#include "execution/types/timestamp.h"
#include "storage/queries.h"

namespace paperd::daemon {

struct RunCommand {
    std::string config;
    std::optional<std::string> db;
    std::optional<double> speed;
};

struct ReplayCommand {
    std::string config;
    std::optional<Day> from;
    std::optional<Day> to;
    std::optional<std::string> bars;
    std::vector<std::string> symbols;
    std::optional<std::string> db;
    std::optional<double> speed;  // 0: as fast as it goes
};

struct TrainCommand {
    std::string config;
    std::optional<std::string> bars;
    std::vector<std::string> symbols;
    std::optional<Day> from;
    std::optional<Day> to;
    std::optional<std::uint64_t> seed;
    std::string out;
    std::string command_line;  // as typed, recorded in the bundle
};

struct FeaturesCommand {
    std::string set;
    std::string bars;
    std::optional<std::string> partner;
    std::optional<Day> from;
    std::optional<Day> to;
    std::optional<Day> train_until;  // pairs
    int window = 7;                  // pairs
    double threshold = 0.03;         // pairs
    bool always_open = false;
};

struct PredictCommand {
    std::string model;
    std::string bars;
    std::vector<std::string> symbols;
    std::optional<Day> from;
    std::optional<Day> to;
    bool always_open = false;
};

struct QueryCommand {
    std::string name;
    std::string db;
    storage::QueryFilter filter;
    storage::OutputFormat format = storage::OutputFormat::table;
};

struct ExplainCommand {
    std::string db;
    std::string what;
};

struct VerifyCommand {
    std::string db;
    bool replay = false;
};

struct CtlCommand {
    std::optional<CommandKind> kind;  // empty: status
    int port = 0;
    std::string token_file;
    std::string note;
    bool json = false;
};

struct CheckCommand {
    std::string config;
    bool reference = false;
};

struct DoctorCommand {};

struct VersionCommand {};

// Help was asked for and printed, or nothing is left to do.
struct NoCommand {};

using CliCommand = std::variant<NoCommand, RunCommand, ReplayCommand, TrainCommand, FeaturesCommand,
                                PredictCommand, QueryCommand, ExplainCommand, VerifyCommand,
                                CtlCommand, CheckCommand, DoctorCommand, VersionCommand>;

// Error (kind usage): what is wrong with the arguments and where help is. --help prints to stdout.
Result<CliCommand> parse_command_line(int argc, const char* const* argv);

}  // namespace paperd::daemon
