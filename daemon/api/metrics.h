// The daemon's state for Prometheus (text format 0.0.4): every family with HELP and TYPE, base
// units in the names, counters ending in _total. Amounts of money carry a currency label.
#pragma once

#include <string>

#include "daemon/api/status.h"

namespace paperd::daemon {

inline constexpr const char* kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

std::string metrics_text(const Status& status);

}  // namespace paperd::daemon
