// `paperd train`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/cli.h"
#include "daemon/options.h"

namespace paperd::daemon {

struct TrainCommand {
    static constexpr CommandWords kWords{
        "train", "trains a model and writes its bundle",
        "paperd train -c config/attention-daily.yaml --bars DIR --out attention.pmb"};

    std::string config;
    std::optional<std::string> bars;
    std::vector<std::string> symbols;
    std::optional<Day> from;
    std::optional<Day> to;
    std::optional<std::uint64_t> seed;
    std::string out;
    std::string command_line;  // as typed; recorded in the bundle without --out
};

void declare(TrainCommand& command, Options& options);
Result<int> execute(const TrainCommand& command);

}  // namespace paperd::daemon
