// One blocking HTTP request to a daemon on this machine.
#pragma once

#include <chrono>
#include <string>

#include "execution/types/result.h"

namespace paperd::daemon {

struct LocalRequest {
    int port = 0;
    std::string method = "GET";
    std::string target = "/";
    std::string authorization = {};  // empty: none
    std::string body = {};           // JSON, or empty
    std::chrono::milliseconds timeout{10'000};
};

struct LocalAnswer {
    unsigned status = 0;
    std::string body;
};

// Error: nothing listens there, no answer in time, or an answer that is not HTTP or larger than 8
// MiB; with the remedy. Any HTTP status is an answer.
Result<LocalAnswer> request_local(const LocalRequest& request);

}  // namespace paperd::daemon
