// A status with a value for every member.
#pragma once

#include "daemon/api/status.h"

namespace paperd::daemon {

inline Status example_status() {
    Status status;
    status.version = "1.2.3";
    status.title = "a \"quoted\" title";
    status.mode = "run";
    status.state = ProcessState::ready;
    status.paused_because = "the disk is full";
    status.port = 8710;
    status.socket = "/var/lib/paperd/demo.db-socket";
    status.uptime_s = 3723;
    status.resident_bytes = 300LL << 20;
    status.log_lines_dropped = 5;
    status.last_error = "feed: line 7 is bad";
    status.incidents = 9;
    status.errors = 3;
    status.last_slice_id = 1234;
    status.last_slice_at = *parse_timestamp("2019-12-23T20:59:00Z");
    status.data_age_s = 4.25;
    status.slices = 1234;
    status.bars = 3702;
    status.in_sample_slices = 10;
    status.trading_state = TradingState::halted;
    status.trading_state_reason = Reason::drawdown;
    status.decisions = 3700;
    status.orders_working = 2;
    status.fills = 41;
    status.currency = "USD";
    status.equity = *Money::parse("1234567.12345678");
    status.cash = *Money::parse("-1000.5");
    status.gross = Money::whole(500);
    status.drawdown = -0.125;
    status.positions = {{.symbol = "AAPL",
                         .quantity = Quantity::whole(10),
                         .value = Money::whole(2800),
                         .unrealized = *Money::parse("12.5")},
                        {.symbol = "X\\Y",
                         .quantity = Quantity::whole(-3),
                         .value = Money::whole(-90),
                         .unrealized = Money::whole(-1)}};
    status.model = ModelStatus{.architecture = "attention",
                               .sha256 = "0011",
                               .trained_until = *parse_day("2018-12-31"),
                               .age_days = 357,
                               .expired = true};
    status.database_path = "/var/lib/paperd/demo.db";
    status.database_bytes = 12LL << 20;
    status.commits = {.count = 1234, .total_s = 1.5, .p50_s = 0.0008, .p99_s = 0.0031};
    return status;
}

}  // namespace paperd::daemon
