// How often this process has asked for memory: what must be bounded can be counted.
#pragma once

#include <cstdint>

namespace paperd::strategy {

std::int64_t allocations();

}  // namespace paperd::strategy
