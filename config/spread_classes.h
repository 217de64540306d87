// The one key whose value is a table: spread classes, written as
//   [{dollar_volume_day_min: 1000000000, spread_bps: 1}, ..., {dollar_volume_day_min: 0, ...}]
// descending by dollar volume, the last one from 0, so that every symbol has a class.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/key.h"
#include "config/values.h"
#include "execution/costs.h"

namespace paperd::config {

std::optional<std::vector<execution::SpreadClass>> read_spread_classes(const Entry& entry,
                                                                       const Field& field,
                                                                       Problems& problems);

Written write_spread_classes(const std::vector<execution::SpreadClass>& classes);

template <class Get>
Key spread_classes_key(const Field& field, Get get) {
    return {.path = field.path,
            .unit = field.unit,
            .allowed =
                "dollar_volume_day_min (account currency a day) descending to 0; "
                "spread_bps (bp) >= 0 and <= 10000",
            .about =
                "The first class that the symbol's median dollar volume a day reaches is "
                "charged.",
            .read =
                [=](const Entry& entry, Config& config, Problems& problems) {
                    if (auto classes = read_spread_classes(entry, field, problems)) {
                        get(config) = std::move(*classes);
                    }
                },
            .write = [=](const Config& config) { return write_spread_classes(get(config)); }};
}

}  // namespace paperd::config
