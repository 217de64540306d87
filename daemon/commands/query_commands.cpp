#include <iostream>

#include "daemon/commands/commands.h"
#include "daemon/engine/verify.h"
#include "daemon/process/progress.h"
#include "storage/queries.h"

namespace paperd::daemon {

Result<int> execute(const QueryCommand& command) {
    TRY(storage::print_query(command.db, command.name, command.filter, command.format, std::cout));
    return 0;
}

Result<int> execute(const ExplainCommand& command) {
    TRY(storage::print_explain(command.db, command.what, std::cout));
    return 0;
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
