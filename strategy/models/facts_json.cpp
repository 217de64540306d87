#include "strategy/models/facts_json.h"

#include <cmath>
#include <optional>
#include <set>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>

namespace paperd::strategy {
namespace {

// Bounds no sensible model reaches: a damaged size must not become an allocation.
constexpr int kSequenceMax = 10'000;
constexpr int kWidthMax = 4'096;
constexpr std::size_t kColumnsMax = 1'000;

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

Architecture read_architecture(KeyReader& in) {
    const std::string name = in.text("architecture");
    if (name != "attention" && name != "hybrid") {
        in.complain("architecture",
                    fmt::format("is '{}'; this paperd runs 'attention' and 'hybrid'", name));
    }
    return name == "hybrid" ? Architecture::hybrid : Architecture::attention;
}

void read_sizes(KeyReader& in, FactsForm form, ModelFacts& f) {
    const bool full = form == FactsForm::bundle;
    if (f.architecture == Architecture::attention) {
        if (full || in.has("hidden")) {
            f.hidden = in.integer("hidden");
        }
        return;
    }
    f.state = in.integer("state");
    f.window = in.integer("window");
    f.dt = in.number("dt");
    f.memory = full || in.has("memory") ? in.integer("memory") : 0;
    if (full || in.has("heads")) {
        f.heads = in.integer("heads");
    }
}

Error misfit(std::string_view key, std::string_view what) {
    return fail(fmt::format("the model's facts: '{}' {}", key, what));
}

bool within(int value, int max) { return value >= 1 && value <= max; }

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
    f.architecture = read_architecture(in);
    f.interval = in.text("interval");
    f.feature_set = in.text("features");
    f.columns = in.texts("columns");
    f.sequence_length = in.integer("sequence_length");
    read_sizes(in, form, f);
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

Result<void> check_facts(const ModelFacts& f) {
    if (f.interval.empty()) {
        return misfit("interval", "is empty; it is the bars' length, as 1d or 1m");
    }
    if (f.columns.empty() || f.columns.size() > kColumnsMax) {
        return misfit("columns", fmt::format("lists {} columns; 1 to {} are possible",
                                             f.columns.size(), kColumnsMax));
    }
    if (std::set<std::string>(f.columns.begin(), f.columns.end()).size() != f.columns.size()) {
        return misfit("columns", "lists a column twice");
    }
    if (!within(f.sequence_length, kSequenceMax)) {
        return misfit("sequence_length",
                      fmt::format("is {}; 1 to {} are possible", f.sequence_length, kSequenceMax));
    }
    if (f.architecture == Architecture::attention && !within(f.hidden, kWidthMax)) {
        return misfit("hidden", fmt::format("is {}; 1 to {} are possible", f.hidden, kWidthMax));
    }
    if (f.architecture == Architecture::hybrid) {
        // A module keeps its memory to itself: 0 says that it was not stated.
        if (!within(f.state, kWidthMax) || f.memory < 0 || f.memory > kWidthMax ||
            !within(f.window, kSequenceMax)) {
            return misfit("state",
                          fmt::format("is {}, memory {}, window {}; state and memory must be 1 to "
                                      "{}, window 1 to {}",
                                      f.state, f.memory, f.window, kWidthMax, kSequenceMax));
        }
        if (f.heads < 1 || f.memory % f.heads != 0) {
            return misfit("heads",
                          fmt::format("is {}, which does not divide memory {}", f.heads, f.memory));
        }
        if (!std::isfinite(f.dt) || f.dt <= 0) {
            return misfit("dt", fmt::format("is {}; it must be above zero", f.dt));
        }
    }
    if (f.feature_mean.size() != f.columns.size() || f.feature_std.size() != f.columns.size()) {
        return misfit("feature_mean",
                      fmt::format("has {} numbers and 'feature_std' {}, for {} columns",
                                  f.feature_mean.size(), f.feature_std.size(), f.columns.size()));
    }
    for (std::size_t i = 0; i < f.columns.size(); ++i) {
        if (!std::isfinite(f.feature_mean[i]) || !std::isfinite(f.feature_std[i]) ||
            f.feature_std[i] <= 0) {
            return misfit("feature_std",
                          fmt::format("of column {} is {} (mean {}); means must be finite and "
                                      "spreads above zero",
                                      f.columns[i], f.feature_std[i], f.feature_mean[i]));
        }
    }
    if (!std::isfinite(f.target_mean) || !std::isfinite(f.target_std) || f.target_std <= 0) {
        return misfit("target_std",
                      fmt::format("is {} (mean {}); it must be above zero and both finite",
                                  f.target_std, f.target_mean));
    }
    for (std::size_t i = 0; i < f.trained_days.size(); ++i) {
        const DayRange& range = f.trained_days[i];
        if (range.last < range.first || (i > 0 && range.first <= f.trained_days[i - 1].last)) {
            return misfit("trained_days", fmt::format("is out of order at {}..{}",
                                                      day_text(range.first), day_text(range.last)));
        }
    }
    return {};
}

}  // namespace paperd::strategy
