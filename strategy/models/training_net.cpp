#include "strategy/models/training_net.h"

#include "execution/types/check.h"

namespace paperd::strategy {

double TrainingNetSettings::real_size(std::string_view name) const {
    const auto found = number_named(sizes, name);
    CHECK(found.has_value(), std::string(name));
    return *found;
}

std::int64_t TrainingNetSettings::size(std::string_view name) const {
    return static_cast<std::int64_t>(real_size(name));
}

}  // namespace paperd::strategy
