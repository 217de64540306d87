#include "strategy/training/training_loop.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <span>

#include <fmt/format.h>
#include <torch/nn/module.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adam.h>

#include "strategy/models/architecture.h"
#include "strategy/models/torch_tools.h"
#include "strategy/statistics.h"
#include "strategy/training/batches.h"
#include "strategy/training/metrics.h"

namespace paperd::strategy {
namespace {

namespace nn = torch::nn;

class Loop {
public:
    Loop(const TrainingData& data, const TrainingSettings& settings)
        : data_(data), settings_(settings) {
        at::manual_seed(settings.seed);
        const Architecture& architecture = architecture_named(settings.architecture);
        net_ = architecture.make_net({.columns = static_cast<std::int64_t>(settings.columns.size()),
                                      .sizes = complete_sizes(architecture, settings.sizes)});
        optimizer_ = std::make_unique<torch::optim::Adam>(
            net_->module().parameters(),
            torch::optim::AdamOptions(settings.learning_rate).weight_decay(settings.weight_decay));
    }

    // Throws where a name or a shape is another.
    void begin_with(const std::vector<NamedTensor>& initial) {
        const at::NoGradGuard guard;
        auto parameters = net_->module().named_parameters();
        for (const NamedTensor& tensor : initial) {
            parameters[tensor.name].copy_(at::tensor(tensor.values).reshape(tensor.shape));
        }
    }

    Result<Fitted> run(const std::function<void(const EpochReport&)>& progress,
                       const std::function<void(const BatchReport&)>& on_batch) {
        Fitted fitted;
        double best_loss = std::numeric_limits<double>::infinity();
        int best_epoch = 0;
        std::vector<NamedTensor> best;
        for (int epoch = 1; epoch <= settings_.epochs_max; ++epoch) {
            TRY_LET(const auto trained, train_epoch(epoch, on_batch));
            EpochReport report{.epoch = epoch,
                               .epochs_max = settings_.epochs_max,
                               .training_loss = trained,
                               .validation_loss = std::numeric_limits<double>::quiet_NaN(),
                               .best = true};
            if (!data_.validation.empty()) {
                report.validation_loss = validate(nullptr);
                if (!std::isfinite(report.validation_loss)) {
                    return not_finite("validation", epoch, report.validation_loss);
                }
                report.best = report.validation_loss < best_loss;
            }
            if (report.best) {
                best_loss = report.validation_loss;
                best_epoch = epoch;
                best = weights();
            }
            fitted.epochs.push_back(report);
            if (progress) {
                progress(report);
            }
            if (epoch - best_epoch >= settings_.patience_epochs) {
                break;
            }
        }
        begin_with(best);
        fitted.weights = std::move(best);
        measure(fitted, best_epoch);
        return fitted;
    }

private:
    Result<double> train_epoch(int epoch, const std::function<void(const BatchReport&)>& on_batch) {
        net_->module().train();
        const std::vector<std::size_t> order = epoch_order(data_.training, settings_, epoch);
        double total = 0;
        std::size_t batches = 0;
        for (const auto& windows : batches_of(order, settings_.batch_size)) {
            optimizer_->zero_grad();
            const at::Tensor loss = net_->loss(gather(data_, settings_, windows));
            const double value = loss.item<double>();
            if (!std::isfinite(value)) {
                return not_finite(fmt::format("training (batch {})", batches + 1), epoch, value);
            }
            loss.backward();
            nn::utils::clip_grad_norm_(net_->module().parameters(), settings_.gradient_clip);
            optimizer_->step();
            total += value;
            ++batches;
            windows_done_ += static_cast<std::int64_t>(windows.size());
            if (on_batch) {
                const auto windows_of_one = static_cast<std::int64_t>(data_.training.size());
                on_batch({.epoch = epoch,
                          .epochs_max = settings_.epochs_max,
                          .windows_done = windows_done_,
                          .windows_total = windows_of_one * settings_.epochs_max,
                          .training_loss = total / static_cast<double>(batches)});
            }
        }
        return total / static_cast<double>(batches);
    }

    // The mean over the windows, each counting once. Fills `predictions` (log returns) when given.
    double validate(std::vector<double>* predictions) {
        const at::NoGradGuard guard;
        net_->module().eval();
        double total = 0;
        for (const auto& windows : batches_of(data_.validation, settings_.batch_size)) {
            const TrainingBatch batch = gather(data_, settings_, windows);
            total += net_->loss(batch).item<double>() * static_cast<double>(windows.size());
            if (predictions != nullptr) {
                const auto of_batch = net_->predictions(batch);
                predictions->insert(predictions->end(), of_batch.begin(), of_batch.end());
            }
        }
        return total / static_cast<double>(data_.validation.size());
    }

    void measure(Fitted& fitted, int best_epoch) {
        const auto number = [](auto n) { return static_cast<double>(n); };
        fitted.metrics = {{"best_epoch", best_epoch},
                          {"training_loss",
                           fitted.epochs[static_cast<std::size_t>(best_epoch - 1)].training_loss},
                          {"training_windows", number(data_.training.size())},
                          {"validation_windows", number(data_.validation.size())}};
        if (data_.validation.empty()) {
            return;
        }
        std::vector<double> predictions;
        fitted.metrics.emplace_back("validation_loss", validate(&predictions));
        std::vector<double> targets;
        const auto last_row = static_cast<std::size_t>(settings_.sequence_length - 1);
        for (const std::size_t first : data_.validation) {
            targets.push_back(data_.target[first + last_row]);
        }
        // Without a spread in the predictions there is no correlation to tell.
        if (const double ic = correlation(predictions, targets); std::isfinite(ic)) {
            fitted.metrics.emplace_back("validation_ic", ic);
        }
        fitted.metrics.emplace_back("validation_hit_rate", hit_rate(predictions, targets));
    }

    [[nodiscard]] std::vector<NamedTensor> weights() const {
        std::vector<NamedTensor> out;
        for (const auto& item : net_->module().named_parameters()) {
            const at::Tensor tensor = item.value().detach().contiguous();
            const float* const values = tensor.data_ptr<float>();
            out.push_back({item.key(), tensor.sizes().vec(),
                           std::vector<float>(values, values + tensor.numel())});
        }
        return out;
    }

    [[nodiscard]] Error not_finite(std::string_view part, int epoch, double loss) const {
        return fail(fmt::format(
            "the {} loss of epoch {} is {}, so nothing was learned; lower learning_rate (now {}) "
            "or look for absurd bars in the training data",
            part, epoch, loss, settings_.learning_rate));
    }

    const TrainingData& data_;
    const TrainingSettings& settings_;
    std::unique_ptr<TrainingNet> net_;
    std::unique_ptr<torch::optim::Adam> optimizer_;
    std::int64_t windows_done_ = 0;
};

}  // namespace

Result<Fitted> fit(const TrainingData& data, const TrainingSettings& settings,
                   const std::vector<NamedTensor>& initial,
                   const std::function<void(const EpochReport&)>& progress,
                   const std::function<void(const BatchReport&)>& on_batch) {
    pin_inference_threads();
    try {
        Loop loop(data, settings);
        loop.begin_with(initial);
        return loop.run(progress, on_batch);
    } catch (const std::exception& e) {
        return fail(fmt::format("LibTorch stopped the training: {}", e.what()));
    }
}

}  // namespace paperd::strategy
