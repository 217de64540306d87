// One function a command. Each returns the process's exit code; an Error's text is for stderr, its
// kind the exit code.
#pragma once

#include "daemon/cli.h"

namespace paperd::daemon {

Result<int> execute(const RunCommand& command);
Result<int> execute(const ReplayCommand& command);
Result<int> execute(const TrainCommand& command);
Result<int> execute(const FeaturesCommand& command);
Result<int> execute(const PredictCommand& command);
Result<int> execute(const QueryCommand& command);
Result<int> execute(const ExplainCommand& command);
Result<int> execute(const VerifyCommand& command);
Result<int> execute(const CtlCommand& command);
Result<int> execute(const CheckCommand& command);
Result<int> execute(const DoctorCommand& command);
Result<int> execute(const VersionCommand& command);
Result<int> execute(const NoCommand& command);

}  // namespace paperd::daemon
