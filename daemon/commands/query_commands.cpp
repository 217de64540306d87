#include "daemon/commands/query_commands.h"

#include <iostream>
#include <optional>

#include "daemon/engine/verify.h"
#include "daemon/process/progress.h"
#include "storage/explain.h"
#include "storage/queries.h"

namespace paperd::daemon {

void declare(QueryCommand& command, Options& options) {
    options.database(command.db);
    options.text("--from", command.filter.from, "day or UTC time, included");
    options.text("--to", command.filter.to, "day or UTC time, included");
    options.text("--symbol", command.filter.symbol, "only this one");
    options.choice(
        "--format", {"table", "csv", "json"}, "how to print it",
        [&](std::size_t chosen) { command.format = static_cast<storage::OutputFormat>(chosen); });
}

Result<int> execute(const QueryCommand& command) {
    TRY(storage::print_query(command.db, command.name, command.filter, command.format, std::cout));
    return 0;
}

void declare(ExplainCommand& command, Options& options) {
    options.database(command.db);
    options.required("what", command.what, "a fill's id, or SYMBOL@TIME");
    options.flag("--json", command.json, "the same as one JSON object");
}

Result<int> execute(const ExplainCommand& command) {
    TRY(storage::print_explain(
        command.db, command.what,
        command.json ? storage::ExplainFormat::json : storage::ExplainFormat::text, std::cout));
    return 0;
}

void declare(VerifyCommand& command, Options& options) {
    options.database(command.db);
    options.flag("--replay", command.replay, "run what is stored through the engine and compare");
}

Result<int> execute(const VerifyCommand& command) {
    VerifyOptions options;
    options.replay = command.replay;
    std::optional<Progress> progress;
    options.progress = [&](std::int64_t done, std::int64_t total) {
        if (!progress) {
            progress.emplace("verify", "slices", total);
        }
        progress->update(done);
        if (done == total) {
            progress->finish();
        }
    };
    TRY_LET(auto good, verify_database(command.db, options, std::cout));
    return good ? 0 : 3;
}

}  // namespace paperd::daemon
