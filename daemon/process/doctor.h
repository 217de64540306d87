// `paperd doctor`: which libraries and what machine this is, and what about them would make paperd
// slow or wrong, each with its remedy.
#pragma once

#include <string>
#include <vector>

#include "daemon/process/machine.h"

namespace paperd::daemon {

// What the libraries' own folders say of themselves.
struct DoctorLibraries {
    std::string sqlite;     // "3.40.1"
    std::string inference;  // strategy::inference_fingerprint()
};

struct DoctorReport {
    std::vector<std::string> errors;    // paperd cannot work here
    std::vector<std::string> warnings;  // paperd works, but slower than it could
    std::string text;                   // everything, for the terminal

    [[nodiscard]] bool healthy() const { return errors.empty(); }
};

DoctorReport examine(const Machine& machine, const DoctorLibraries& libraries);

}  // namespace paperd::daemon
