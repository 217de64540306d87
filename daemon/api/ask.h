// One question to a daemon on this machine, from a program that has nothing else to do meanwhile.
#pragma once

#include <chrono>
#include <string>

#include "daemon/net/http_message.h"
#include "execution/types/result.h"

namespace paperd::daemon {

struct Place {
    std::string socket = {};  // a Unix socket's path; empty: the port
    int port = 0;             // TCP on loopback
};

// "127.0.0.1:8710", or the socket's path.
std::string place_text(const Place& place);

struct Patience {
    int tries_max = 12;         // of what may pass: the daemon is busy, or starts just now
    int refused_tries_max = 3;  // where nobody listens
    std::chrono::milliseconds answer_timeout{5'000};
    std::chrono::milliseconds pause_first{20};  // then longer, with jitter
    std::chrono::milliseconds pause_longest{1'000};
};

// Any HTTP status but 503 is an answer at once; 503, no answer and nobody there are tried again,
// then 503 is an answer and the others are errors, with the remedy.
Result<HttpReply> ask(const Place& place, const HttpRequest& request,
                      const Patience& patience = {});

}  // namespace paperd::daemon
