#include "daemon/commands/train_command.h"

#include <filesystem>
#include <fstream>
#include <utility>

#include <fmt/format.h>

#include "config/loader.h"
#include "daemon/process/progress.h"
#include "storage/bars/history.h"
#include "storage/bars/splits_file.h"
#include "strategy/training/dataset.h"
#include "strategy/training/train.h"

namespace paperd::daemon {
namespace {

Error cannot_be_written(const std::string& path) {
    return fail(path + ": cannot be written; is the folder there, and is there room?");
}

// Written whole or not at all.
Result<void> write_bundle(const std::string& path, const strategy::BundleBytes& bytes) {
    const std::string part = path + ".part";
    {
        std::ofstream out(part, std::ios::binary);
        out.write(reinterpret_cast<const char*>(bytes.data()),
                  static_cast<std::streamsize>(bytes.size()));
        out.flush();
        if (!out) {
            return cannot_be_written(part);
        }
    }
    std::error_code failed;
    std::filesystem::rename(part, path, failed);
    if (failed) {
        return fail(path + ": " + failed.message());
    }
    return {};
}

// A folder that is not there is found out before the training, not after it.
Result<void> check_writable(const std::string& path) {
    const std::string part = path + ".part";
    if (!std::ofstream(part, std::ios::binary)) {
        return cannot_be_written(part);
    }
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    return {};
}

// Where a bundle was written is no part of what it is: the same model has the same hash anywhere.
std::string without_out(std::string command_line, const std::string& out) {
    for (const char* option : {" --out ", " --out="}) {
        const std::string typed = option + out;
        if (const std::size_t at = command_line.find(typed); at != std::string::npos) {
            command_line.erase(at, typed.size());
        }
    }
    return command_line;
}

// The command line goes before the config; without both there is no bound.
Result<std::optional<Day>> day_of(const std::optional<Day>& given, const std::string& configured) {
    if (given || configured.empty()) {
        return given;
    }
    TRY_LET(const auto day, parse_day(configured));
    return std::optional(day);
}

}  // namespace

void declare(TrainCommand& command, Options& options) {
    command.command_line = options.command_line();
    options.config(command.config);
    options.text("--bars", command.bars, "directory of bar files (default: the config's)");
    options.symbols(command.symbols);
    options.span(command.from, command.to);
    options.integer("--seed", command.seed, "of the initial weights (default: the config's)");
    options.required("--out", command.out, "the bundle to write");
}

Result<int> execute(const TrainCommand& command) {
    TRY_LET(auto config,
            config::load_config(command.config, {.use = config::Use::train,
                                                 .bars_given = command.bars.has_value()}));
    TRY_LET(auto calendar, Calendar::make(config.calendar, config.closures));
    TRY(check_writable(command.out));
    const bool intraday = is_intraday(config.interval);
    storage::HistoryRequest request;
    request.path = command.bars.value_or(config.bars);
    request.interval = config.interval;
    request.symbols = command.symbols.empty() ? config.symbols : command.symbols;
    if (request.symbols == std::vector<std::string>{"*"}) {
        request.symbols.clear();
    }
    if (request.path.empty()) {
        return fail("there are no bars to train on: name them with --bars DIR or market.bars in " +
                        command.config,
                    ErrorKind::usage);
    }
    TRY_LET(request.from, day_of(command.from, config.train_from));
    TRY_LET(request.to, day_of(command.to, config.train_to));
    request.options = config.bar_files;
    TRY_LET(auto history, storage::read_history(request, calendar));
    if (!config.splits.empty()) {
        TRY_LET(auto splits, storage::read_splits(config.splits));
        storage::attach_splits(std::move(splits), history.symbols, history.slices);
    }
    strategy::TrainingSettings settings = config.training;
    settings.seed = command.seed.value_or(settings.seed);
    TRY_LET(auto dataset, strategy::make_dataset(history.symbols, history.slices,
                                                 {.feature_set = settings.feature_set,
                                                  .columns = settings.columns,
                                                  .intraday = intraday,
                                                  .market = config.market_data},
                                                 calendar));
    strategy::ModelFacts seed;
    seed.interval = config.interval;
    seed.trained_days = dataset.trained_days;
    seed.data_sha256 = dataset.data_sha256;
    seed.trained_command = without_out(command.command_line, command.out);
    std::optional<Progress> progress;
    const auto say_epoch = [](const strategy::EpochReport& epoch) {
        clear_progress_line();
        fmt::print(stderr, "epoch {:>3}: training loss {:.6f}, validation loss {:.6f}{}\n",
                   epoch.epoch, epoch.training_loss, epoch.validation_loss,
                   epoch.best ? " (best)" : "");
    };
    const auto draw = [&](const strategy::BatchReport& batch) {
        if (!progress) {
            progress.emplace("train", "windows", batch.windows_total);
        }
        progress->update(batch.windows_done, fmt::format("loss {:.4f}", batch.training_loss));
    };
    TRY_LET(auto result, strategy::train(dataset.series, settings, seed, say_epoch, draw));
    progress->finish();
    TRY(write_bundle(command.out, result.bundle));
    fmt::print("{}: {} trained on {} to {}\n", command.out, result.facts.architecture,
               day_text(result.facts.trained_days.front().first),
               day_text(result.facts.trained_until()));
    for (const auto& [name, value] : result.facts.metrics) {
        fmt::print("  {:<28}{:.6g}\n", name, value);
    }
    return 0;
}

}  // namespace paperd::daemon
