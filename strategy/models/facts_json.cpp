#include "strategy/models/facts_json.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "strategy/models/architecture.h"

namespace paperd::strategy {
namespace {

// Reads keys one after the other and keeps the first complaint.
class KeyReader {
public:
    explicit KeyReader(const boost::json::object& object) : object_(object) {}

    [[nodiscard]] bool has(std::string_view key) {
        known_.emplace(key);
        return object_.contains(view(key));
    }

    std::string text(std::string_view key) {
        const auto* v = find(key);
        return v != nullptr ? as_text(key, *v) : std::string();
    }

    double number(std::string_view key) {
        const auto* v = find(key);
        return v != nullptr ? as_number(key, *v) : 0.0;
    }

    int integer(std::string_view key) {
        const auto* v = find(key);
        if (v == nullptr) {
            return 0;
        }
        if (!v->is_int64() || v->get_int64() < 0 || v->get_int64() > 1'000'000'000) {
            complain(key, "is not a whole number");
            return 0;
        }
        return static_cast<int>(v->get_int64());
    }

    bool boolean(std::string_view key) {
        const auto* v = find(key);
        if (v == nullptr) {
            return false;
        }
        if (!v->is_bool()) {
            complain(key, "is neither true nor false");
            return false;
        }
        return v->get_bool();
    }

    // The place of the key's text among `names`.
    template <class Enum, std::size_t N>
    Enum choice(std::string_view key, const std::array<std::string_view, N>& names) {
        const std::string name = text(key);
        const auto found = std::ranges::find(names, name);
        if (found == names.end()) {
            complain(key,
                     fmt::format("is '{}'; one of {} is possible", name, fmt::join(names, ", ")));
            return Enum{};
        }
        return static_cast<Enum>(found - names.begin());
    }

    std::uint64_t seed(std::string_view key) {
        const auto* v = find(key);
        if (v != nullptr && v->is_uint64()) {
            return v->get_uint64();
        }
        if (v != nullptr && v->is_int64() && v->get_int64() >= 0) {
            return static_cast<std::uint64_t>(v->get_int64());
        }
        complain(key, "is not a whole number");
        return 0;
    }

    std::vector<std::string> texts(std::string_view key) {
        std::vector<std::string> out;
        for (const auto& item : array(key)) {
            out.push_back(as_text(key, item));
        }
        return out;
    }

    std::vector<double> numbers(std::string_view key) {
        std::vector<double> out;
        for (const auto& item : array(key)) {
            out.push_back(as_number(key, item));
        }
        return out;
    }

    Day day(std::string_view key) { return as_day(key, text(key)); }

    std::vector<DayRange> day_ranges(std::string_view key) {
        std::vector<DayRange> out;
        for (const auto& item : array(key)) {
            if (!item.is_array() || item.get_array().size() != 2) {
                complain(key, "has an entry that is not [first day, last day]");
                return out;
            }
            const auto& pair = item.get_array();
            out.push_back({.first = as_day(key, as_text(key, pair[0])),
                           .last = as_day(key, as_text(key, pair[1]))});
        }
        return out;
    }

    std::vector<std::pair<std::string, double>> named_numbers(std::string_view key) {
        std::vector<std::pair<std::string, double>> out;
        const auto* v = find(key);
        if (v == nullptr) {
            return out;
        }
        if (!v->is_object()) {
            complain(key, "is not an object of numbers");
            return out;
        }
        for (const auto& item : v->get_object()) {
            out.emplace_back(std::string(item.key()), as_number(key, item.value()));
        }
        return out;
    }

    void complain(std::string_view key, std::string_view what) {
        if (!error_) {
            error_ = fail(fmt::format("the model's facts: '{}' {}", key, what));
        }
    }

    // Keys nobody asked for are slips of the pen.
    void refuse_unknown() {
        for (const auto& item : object_) {
            if (!known_.contains(std::string(item.key()))) {
                complain(std::string(item.key()), "is not a key this paperd knows; remove it");
            }
        }
    }

    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

private:
    static boost::json::string_view view(std::string_view s) { return {s.data(), s.size()}; }

    const boost::json::value* find(std::string_view key) {
        known_.emplace(key);
        const auto* v = object_.if_contains(view(key));
        if (v == nullptr) {
            complain(key, "is missing");
        }
        return v;
    }

    boost::json::array array(std::string_view key) {
        const auto* v = find(key);
        if (v == nullptr) {
            return {};
        }
        if (!v->is_array()) {
            complain(key, "is not a list");
            return {};
        }
        return v->get_array();
    }

    std::string as_text(std::string_view key, const boost::json::value& v) {
        if (!v.is_string()) {
            complain(key, "holds something that is not text in double quotes");
            return {};
        }
        return {v.get_string().data(), v.get_string().size()};
    }

    double as_number(std::string_view key, const boost::json::value& v) {
        if (v.is_double() && std::isfinite(v.get_double())) {
            return v.get_double();
        }
        if (v.is_int64()) {
            return static_cast<double>(v.get_int64());
        }
        complain(key, "holds something that is not a finite number");
        return 0;
    }

    Day as_day(std::string_view key, const std::string& text) {
        const auto parsed = parse_day(text);
        if (parsed.has_error()) {
            complain(key, fmt::format("holds '{}', which is not a date as 2019-12-23", text));
            return {};
        }
        return *parsed;
    }

    const boost::json::object& object_;
    std::set<std::string, std::less<>> known_;
    std::optional<Error> error_;
};

// nullptr, complained about, when there is none of that name.
const Architecture* read_architecture(KeyReader& in) {
    const std::string name = in.text("architecture");
    const Architecture* const found = find_architecture(name);
    if (found == nullptr) {
        in.complain("architecture",
                    fmt::format("is '{}'; this paperd runs {}", name, architecture_names()));
    }
    return found;
}

// Those that are there; which of them must be depends on whether a module or weights go with them.
NamedNumbers read_sizes(KeyReader& in, const Architecture& architecture) {
    NamedNumbers out;
    for (const ArchitectureSize& size : architecture.sizes) {
        if (size.of_bundle && in.has(size.name)) {
            out.emplace_back(size.name, size.whole ? in.integer(size.name) : in.number(size.name));
        }
    }
    return out;
}

// What the architecture leaves to each model to say. A module's YAML may leave out what is usual.
void read_outputs(KeyReader& in, FactsForm form, ModelFacts& f) {
    const bool all = form == FactsForm::bundle;
    f.group = in.choice<GroupKind>("group", kGroupKindNames);
    f.outputs = in.texts("outputs");
    f.per_member = (all || in.has("per_member")) && in.boolean("per_member");
    f.transform = in.choice<OutputTransform>("transform", kOutputTransformNames);
    f.positions = all || in.has("positions") ? in.text("positions") : std::string();
}

// Six numbers a pair, in the order of PairScalers.
std::vector<PairScalers> read_pair_scalers(KeyReader& in) {
    constexpr std::size_t kEach = 6;
    const std::vector<double> n = in.numbers("pair_scalers");
    if (n.size() % kEach != 0) {
        in.complain("pair_scalers", "is not six numbers a pair");
        return {};
    }
    std::vector<PairScalers> out;
    for (std::size_t i = 0; i < n.size(); i += kEach) {
        out.push_back({.first_mean = n[i],
                       .first_std = n[i + 1],
                       .second_mean = n[i + 2],
                       .second_std = n[i + 3],
                       .spread_mean = n[i + 4],
                       .spread_std = n[i + 5]});
    }
    return out;
}

BarInterval read_interval(KeyReader& in) {
    const std::string name = in.text("interval");
    const auto interval = bar_interval_named(name);
    if (!interval) {
        in.complain("interval", fmt::format("is '{}'; it is the bars' length, one of {}", name,
                                            fmt::join(kBarIntervalNames, ", ")));
    }
    return interval.value_or(BarInterval::day_1);
}

}  // namespace

Result<ModelFacts> facts_from_object(const boost::json::object& object, FactsForm form) {
    KeyReader in(object);
    ModelFacts f;
    if (form == FactsForm::bundle) {
        f.format_version = in.integer("format_version");
        if (f.format_version > kBundleFormatVersion) {
            in.complain("format_version",
                        fmt::format("is {}, newer than {}, the newest this paperd reads; upgrade "
                                    "paperd or train the model again",
                                    f.format_version, kBundleFormatVersion));
        }
    }
    const Architecture* const architecture = read_architecture(in);
    if (architecture == nullptr) {
        return *in.error();
    }
    const int format_version = f.format_version;
    f = facts_of(*architecture);
    f.format_version = format_version;
    f.interval = read_interval(in);
    f.feature_set = in.text("features");
    f.columns = in.texts("columns");
    f.sequence_length = in.integer("sequence_length");
    f.sizes = read_sizes(in, *architecture);
    if (architecture->states_outputs()) {
        read_outputs(in, form, f);
    }
    if (f.group == GroupKind::pair) {
        f.pairs = in.texts("pairs");
        f.pair_scalers = read_pair_scalers(in);
        f.pair_window = in.integer("pair_window");
    }
    f.feature_mean = in.numbers("feature_mean");
    f.feature_std = in.numbers("feature_std");
    f.target_mean = in.number("target_mean");
    f.target_std = in.number("target_std");
    f.trained_symbols = in.texts("trained_symbols");
    if (form == FactsForm::bundle) {
        f.trained_days = in.day_ranges("trained_days");
        f.seed = in.seed("seed");
        f.data_sha256 = in.text("data_sha256");
        f.metrics = in.named_numbers("metrics");
        f.trained_command = in.text("trained_command");
    } else {
        f.trained_days = {{.first = in.day("trained_from"), .last = in.day("trained_until")}};
        in.refuse_unknown();
    }
    if (in.error()) {
        return *in.error();
    }
    TRY(check_facts(f));
    return f;
}

}  // namespace paperd::strategy
