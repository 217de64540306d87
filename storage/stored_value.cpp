#include "storage/stored_value.h"

namespace paperd::storage {

std::string stored_text(std::int64_t value, Kind kind) {
    switch (kind) {
        case Kind::scaled:
            return paperd::scaled_text(value);
        case Kind::time:
            return timestamp_text(from_ns(value));
        case Kind::day:
            return day_text(day_from_number(static_cast<std::int32_t>(value)));
        case Kind::hash:
            return hash_text(static_cast<std::uint64_t>(value));
        case Kind::reason:
            return std::string(reason_text(static_cast<Reason>(value)).name);
        default:
            return std::to_string(value);
    }
}

std::string stored_text(const std::optional<std::int64_t>& value, Kind kind) {
    return value ? stored_text(*value, kind) : "unknown";
}

std::string stored_text(double value, Kind /*kind*/) {
    return std::isnan(value) ? "unknown" : real_text(value);
}

std::string stored_text(std::string_view value, Kind /*kind*/) {
    return "'" + std::string(value) + "'";
}

std::string stored_text(std::span<const double> value, Kind kind) {
    std::string text = "(";
    for (const double v : value) {
        text += (text.size() == 1 ? "" : ", ") + stored_text(v, kind);
    }
    return text + ")";
}

std::string stored_text(std::span<const std::byte> value, Kind /*kind*/) {
    return std::to_string(value.size()) + " bytes";
}

}  // namespace paperd::storage
