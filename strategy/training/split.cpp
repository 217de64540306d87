#include "strategy/training/split.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include <fmt/format.h>

#include "execution/types/check.h"
#include "strategy/models/architecture.h"

namespace paperd::strategy {
namespace {

enum class Part : std::uint8_t { training, validation, none };

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

std::int64_t split_time(const std::vector<TrainingSeries>& series, double validation_fraction) {
    std::vector<std::int64_t> times;
    for (const TrainingSeries& s : series) {
        for (std::size_t i = 0; i < s.target.size(); ++i) {
            if (std::isfinite(s.target[i])) {
                times.push_back(s.end_ns[i]);
            }
        }
    }
    std::ranges::sort(times);
    const auto repeated = std::ranges::unique(times);
    times.erase(repeated.begin(), repeated.end());
    const auto cut =
        static_cast<std::size_t>(static_cast<double>(times.size()) * (1 - validation_fraction));
    return cut < times.size() ? times[cut] : kNever;
}

std::vector<Part> parts_of(const TrainingSeries& s, std::int64_t cut) {
    std::vector<Part> parts(s.end_ns.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (s.end_ns[i] >= cut) {
            parts[i] = Part::validation;
        } else {
            const bool last = cut != kNever && (i + 1 == parts.size() || s.end_ns[i + 1] >= cut);
            parts[i] = last ? Part::none : Part::training;
        }
    }
    return parts;
}

struct Scale {
    double mean = 0;
    double std = 0;
};

// Population mean and spread of what `value` gives for each training row, in two passes; rows
// without a finite value are left out.
template <class Value>
Scale scale_of(const std::vector<TrainingSeries>& series,
               const std::vector<std::vector<Part>>& parts, const Value& value) {
    const auto total = [&](auto&& term) {
        double sum = 0;
        double count = 0;
        for (std::size_t k = 0; k < series.size(); ++k) {
            for (std::size_t i = 0; i < parts[k].size(); ++i) {
                const double v = value(series[k], i);
                if (parts[k][i] == Part::training && std::isfinite(v)) {
                    sum += term(v);
                    count += 1;
                }
            }
        }
        return count > 0 ? sum / count : 0.0;
    };
    const double mean = total([](double v) { return v; });
    const double variance = total([mean](double v) { return (v - mean) * (v - mean); });
    return {.mean = mean, .std = std::sqrt(variance)};
}

// A spread that is only rounding does not count.
bool varies(const Scale& scale) {
    return std::isfinite(scale.std) && scale.std > 1e-12 * std::abs(scale.mean);
}

struct Window {
    std::int64_t end_ns = 0;
    std::size_t series = 0;
    std::size_t first_row = 0;  // among all rows
    Part part = Part::none;
};

class WindowFinder {
public:
    WindowFinder(const TrainingSettings& settings, std::vector<Window>& out)
        : steps_(static_cast<std::size_t>(settings.sequence_length)),
          every_label_(architecture_named(settings.architecture).labels_every_row),
          out_(out) {}

    // first_row: the place of the series' first row among all rows.
    void find(const TrainingSeries& s, const std::vector<Part>& parts, std::size_t number,
              std::size_t first_row) {
        std::size_t run = 0;     // rows on end in one part and segment
        std::size_t labels = 0;  // of them, the newest ones on end with a known label
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const bool joins =
                i > 0 && parts[i] == parts[i - 1] && s.segment[i] == s.segment[i - 1];
            const bool known = std::isfinite(s.target[i]);
            run = joins ? run + 1 : 1;
            labels = !known ? 0 : (joins ? labels + 1 : 1);
            if (parts[i] != Part::none && run >= steps_ && labels >= (every_label_ ? steps_ : 1)) {
                out_.push_back({.end_ns = s.end_ns[i],
                                .series = number,
                                .first_row = first_row + i + 1 - steps_,
                                .part = parts[i]});
            }
        }
    }

private:
    std::size_t steps_;
    bool every_label_;
    std::vector<Window>& out_;
};

Result<void> enough(const TrainingData& data, const TrainingSettings& settings,
                    std::size_t series) {
    const bool validates = settings.validation_fraction > 0;
    if (data.training.size() >= kTrainingWindowsMin &&
        (!validates || data.validation.size() >= kValidationWindowsMin)) {
        return {};
    }
    return fail(fmt::format(
        "too little to train on: {} symbols give {} rows, {} training windows and {} validation "
        "windows of {} rows; at least {} and {} are needed: give more bars, or a shorter "
        "sequence_length",
        series, data.target.size(), data.training.size(), data.validation.size(),
        settings.sequence_length, kTrainingWindowsMin, validates ? kValidationWindowsMin : 0));
}

}  // namespace

Result<Split> split_windows(const std::vector<TrainingSeries>& series,
                            const TrainingSettings& settings) {
    const std::size_t columns = settings.columns.size();
    const std::int64_t cut = split_time(series, settings.validation_fraction);
    Split split;
    std::vector<std::vector<Part>> parts;
    std::vector<Window> windows;
    WindowFinder finder(settings, windows);
    for (std::size_t k = 0; k < series.size(); ++k) {
        const TrainingSeries& s = series[k];
        CHECK(s.rows.size() == s.target.size() * columns && s.end_ns.size() == s.target.size() &&
                  s.segment.size() == s.target.size(),
              "a series has every column, target, time and segment of its rows");
        parts.push_back(parts_of(s, cut));
        finder.find(s, parts.back(), k, split.data.target.size());
        split.data.target.insert(split.data.target.end(), s.target.begin(), s.target.end());
    }
    std::ranges::sort(windows, {}, [](const Window& w) { return std::tie(w.end_ns, w.series); });
    for (const Window& w : windows) {
        (w.part == Part::training ? split.data.training : split.data.validation)
            .push_back(w.first_row);
    }
    TRY(enough(split.data, settings, series.size()));

    for (std::size_t c = 0; c < columns; ++c) {
        const Scale scale =
            scale_of(series, parts, [c, columns](const TrainingSeries& s, std::size_t i) {
                return s.rows[i * columns + c];
            });
        if (!varies(scale)) {
            return fail(fmt::format(
                "the column '{}' has the mean {} and the spread {} in the training part, so it "
                "says nothing; train without it, or look for absurd bars",
                settings.columns[c], scale.mean, scale.std));
        }
        split.feature_mean.push_back(scale.mean);
        split.feature_std.push_back(scale.std);
    }
    const Scale target =
        scale_of(series, parts, [](const TrainingSeries& s, std::size_t i) { return s.target[i]; });
    if (!varies(target)) {
        return fail(fmt::format(
            "the next bars' returns have the mean {} and the spread {} in the training part; look "
            "for absurd bars, or give others",
            target.mean, target.std));
    }
    split.data.target_mean = target.mean;
    split.data.target_std = target.std;
    for (const TrainingSeries& s : series) {
        for (std::size_t i = 0; i < s.rows.size(); ++i) {
            const std::size_t c = i % columns;
            split.data.rows.push_back(
                static_cast<float>((s.rows[i] - split.feature_mean[c]) / split.feature_std[c]));
        }
    }
    return split;
}

}  // namespace paperd::strategy
