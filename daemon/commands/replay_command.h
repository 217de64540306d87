// `paperd replay`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/cli.h"
#include "daemon/options.h"

namespace paperd::daemon {

struct ReplayCommand {
    static constexpr CommandWords kWords{
        "replay", "history through the same engine",
        "paperd replay -c config/attention-daily.yaml --bars DIR --from 2015-01-02 "
        "--to 2024-12-31 --db a.db"};

    std::string config;
    std::optional<Day> date;  // stands for from and to
    std::optional<Day> from;
    std::optional<Day> to;
    std::optional<std::string> bars;
    std::vector<std::string> symbols;
    std::optional<std::string> db;
    std::optional<double> speed;  // 0: as fast as it goes
};

void declare(ReplayCommand& command, Options& options);
Result<int> execute(const ReplayCommand& command);

}  // namespace paperd::daemon
