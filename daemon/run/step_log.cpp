#include "daemon/run/step_log.h"

#include "daemon/process/logging.h"

namespace paperd::daemon {
namespace {

LogLevel level_of(Severity severity) {
    switch (severity) {
        case Severity::info:
            return LogLevel::info;
        case Severity::warning:
            return LogLevel::warning;
        case Severity::error:
            break;
    }
    return LogLevel::error;
}

}  // namespace

void log_step(const Slice& slice, const Step& step, const Universe& symbols) {
    set_market_time(slice.closed_at);
    for (const Incident& incident : step.incidents) {
        const bool of_all = incident.symbol == kNoSymbol;
        log(level_of(incident.severity), incident.kind,
            {{"slice", slice.id},
             {"symbol", of_all ? "" : symbols[index(incident.symbol)]},
             {"text", incident.text}});
    }
    for (const Fill& fill : step.fills) {
        log_info("fill", {{"at", timestamp_text(fill.at)},
                          {"symbol", symbols[index(fill.symbol)]},
                          {"side", fill.quantity.raw() > 0 ? "buy" : "sell"},
                          {"quantity", abs(fill.quantity).to_double()},
                          {"price", fill.price.to_double()},
                          {"slice", slice.id},
                          {"fill_id", fill.id},
                          {"order_id", fill.order}});
    }
}

void warn_in_sample(const Slice& slice) {
    log_warn("in_sample", {{"slice", slice.id},
                           {"day", day_text(slice.day)},
                           {"text",
                            "the day is among the model's training days: what it earns on such "
                            "days is no evidence"}});
}

}  // namespace paperd::daemon
