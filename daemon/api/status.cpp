#include "daemon/api/status.h"

#include "execution/types/json_text.h"

namespace paperd::daemon {

namespace {

std::string positions_json(const std::vector<PositionStatus>& positions) {
    std::string out = "[";
    for (const PositionStatus& position : positions) {
        if (out.size() > 1) {
            out += ',';
        }
        JsonObject object(out);
        object.field("symbol", position.symbol)
            .raw("quantity", position.quantity.text())
            .raw("value", position.value.text())
            .raw("unrealized", position.unrealized.text())
            .close();
    }
    return out + "]";
}

std::string model_json(const std::optional<ModelStatus>& model) {
    if (!model) {
        return "null";
    }
    std::string out;
    JsonObject object(out);
    object.field("architecture", model->architecture)
        .field("sha256", model->sha256)
        .field("trained_until", day_text(model->trained_until))
        .field("age_days", model->age_days)
        .field("expired", model->expired)
        .close();
    return out;
}

void text_or_null(JsonObject& object, std::string_view name, const std::string& text) {
    if (text.empty()) {
        object.raw(name, "null");
    } else {
        object.field(name, text);
    }
}

std::string commits_json(const CommitTimes& commits) {
    if (commits.count == 0) {
        return "null";
    }
    std::string out;
    JsonObject object(out);
    object.field("count", commits.count)
        .field("p50_s", commits.p50_s)
        .field("p99_s", commits.p99_s)
        .close();
    return out;
}

}  // namespace

std::string status_json(const Status& status) {
    std::string out;
    JsonObject object(out);
    object.field("version", status.version)
        .field("title", status.title)
        .field("mode", status.mode)
        .field("state", process_state_name(status.state));
    text_or_null(object, "paused_because", status.paused_because);
    if (status.port > 0) {
        object.field("port", status.port);
    } else {
        object.raw("port", "null");
    }
    text_or_null(object, "socket", status.socket);
    object.field("uptime_s", status.uptime_s)
        .field("resident_bytes", status.resident_bytes)
        .field("log_lines_dropped", status.log_lines_dropped);
    text_or_null(object, "last_error", status.last_error);
    object.field("incidents", status.incidents).field("errors", status.errors);

    object.field("last_slice_id", status.last_slice_id);
    if (status.last_slice_at) {
        object.field("last_slice_at", timestamp_text(*status.last_slice_at));
    } else {
        object.raw("last_slice_at", "null");
    }
    object.field("data_age_s", status.data_age_s)
        .field("slices", status.slices)
        .field("bars", status.bars)
        .field("in_sample_slices", status.in_sample_slices);

    const ReasonText& reason = reason_text(status.trading_state_reason);
    object.field("trading_state", trading_state_name(status.trading_state))
        .field("trading_state_reason", reason.name)
        .field("trading_state_text", reason.text)
        .field("decisions", status.decisions)
        .field("orders_working", status.orders_working)
        .field("fills", status.fills);

    object.field("currency", status.currency)
        .raw("equity", status.equity.text())
        .raw("cash", status.cash.text())
        .raw("gross", status.gross.text())
        .field("drawdown", status.drawdown)
        .raw("positions", positions_json(status.positions));

    object.raw("model", model_json(status.model))
        .field("database_path", status.database_path)
        .field("database_bytes", status.database_bytes)
        .raw("commits", commits_json(status.commits))
        .close();
    return out;
}

}  // namespace paperd::daemon
