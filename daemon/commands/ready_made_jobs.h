// The jobs that come with paperd, found from where the program lies: config/ of the checkout that
// it was built in, PREFIX/share/paperd/jobs of an installation. They are not compiled in because a
// job without the model beside it is none.
#pragma once

#include <string>
#include <vector>

#include "execution/types/result.h"

namespace paperd::daemon {

struct ReadyMadeJob {
    std::string name;  // "attention-daily"
    std::string path;  // absolute
};

// In the order of their names. Error: none are there, with the folders that were looked into.
Result<std::vector<ReadyMadeJob>> ready_made_jobs();

}  // namespace paperd::daemon
