// What the HTTP server asks of the daemon. Called on the io_context's thread, between slices: an
// answer never shows half a slice, and must not block.
#pragma once

#include <cstdint>
#include <string>

#include "execution/types/command.h"
#include "execution/types/result.h"

namespace paperd::daemon {

class StatusSource {
public:
    StatusSource() = default;
    virtual ~StatusSource() = default;
    StatusSource(const StatusSource&) = delete;
    StatusSource& operator=(const StatusSource&) = delete;

    // One JSON object (status_json() in daemon/api/status.h).
    [[nodiscard]] virtual std::string status_json() const = 0;

    // Prometheus text format (metrics_text() in daemon/api/metrics.h).
    [[nodiscard]] virtual std::string metrics_text() const = 0;

    // Whether the daemon does its work. If not, `why` gets a sentence for the operator.
    virtual bool healthy(std::string& why) const = 0;

    // Takes an operator's command; returns its id. It takes effect at the start of the next slice.
    // The error says why it was refused (the daemon is stopping, ...).
    virtual Result<std::int64_t> submit(CommandKind kind, std::string note) = 0;
};

}  // namespace paperd::daemon
