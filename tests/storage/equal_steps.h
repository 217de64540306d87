// Field by field: NaN equals NaN, and -0 equals 0, since SQLite does not keep its sign.
#pragma once

#include <cmath>

#include <gtest/gtest.h>

#include "execution/types/step.h"

namespace paperd::storage {

inline void expect_same(double a, double b) {
    if (!std::isnan(a) || !std::isnan(b)) {
        EXPECT_EQ(a, b);
    }
}

inline void expect_same(const Slice& a, const Slice& b) {
    EXPECT_EQ(a.id, b.id);
    EXPECT_EQ(a.closed_at, b.closed_at);
    EXPECT_EQ(a.day, b.day);
    EXPECT_EQ(a.warmup, b.warmup);
    EXPECT_EQ(a.last_of_session, b.last_of_session);
    EXPECT_TRUE(a.bars == b.bars);
    ASSERT_EQ(a.commands.size(), b.commands.size());
    for (std::size_t i = 0; i < a.commands.size(); ++i) {
        EXPECT_EQ(a.commands[i].id, b.commands[i].id);
        EXPECT_EQ(a.commands[i].kind, b.commands[i].kind);
        EXPECT_EQ(a.commands[i].received_at, b.commands[i].received_at);
        EXPECT_EQ(a.commands[i].note, b.commands[i].note);
    }
}

// Orders excepted: they are stored as they ended.
inline void expect_same(const Step& a, const Step& b) {
    EXPECT_EQ(a.slice_id, b.slice_id);
    EXPECT_EQ(a.warmup, b.warmup);
    EXPECT_TRUE(a.corporate_actions == b.corporate_actions);
    EXPECT_TRUE(a.fills == b.fills);
    EXPECT_TRUE(a.ledger == b.ledger);
    EXPECT_TRUE(a.equity == b.equity);
    EXPECT_EQ(a.trading_state, b.trading_state);
    EXPECT_EQ(a.trading_state_reason, b.trading_state_reason);
    EXPECT_EQ(a.model_digest, b.model_digest);
    EXPECT_EQ(a.state_hash, b.state_hash);
    ASSERT_EQ(a.positions.size(), b.positions.size());
    for (std::size_t i = 0; i < a.positions.size(); ++i) {
        EXPECT_EQ(a.positions[i].symbol, b.positions[i].symbol);
        EXPECT_TRUE(a.positions[i].position == b.positions[i].position);
    }
    ASSERT_EQ(a.decisions.size(), b.decisions.size());
    for (std::size_t i = 0; i < a.decisions.size(); ++i) {
        const Decision& x = a.decisions[i];
        const Decision& y = b.decisions[i];
        EXPECT_EQ(x.symbol, y.symbol);
        expect_same(x.signal.prediction, y.signal.prediction);
        expect_same(x.signal.uncertainty, y.signal.uncertainty);
        expect_same(x.signal.weight, y.signal.weight);
        EXPECT_EQ(x.signal.reason, y.signal.reason);
        expect_same(x.approved_weight, y.approved_weight);
        EXPECT_EQ(x.target_quantity, y.target_quantity);
        EXPECT_EQ(x.reason, y.reason);
        EXPECT_EQ(x.in_sample, y.in_sample);
    }
    ASSERT_EQ(a.adjustments.size(), b.adjustments.size());
    for (std::size_t i = 0; i < a.adjustments.size(); ++i) {
        EXPECT_EQ(a.adjustments[i].symbol, b.adjustments[i].symbol);
        EXPECT_EQ(a.adjustments[i].rule, b.adjustments[i].rule);
        expect_same(a.adjustments[i].limit, b.adjustments[i].limit);
        expect_same(a.adjustments[i].before, b.adjustments[i].before);
        expect_same(a.adjustments[i].after, b.adjustments[i].after);
    }
    ASSERT_EQ(a.warmup_predictions.size(), b.warmup_predictions.size());
    for (std::size_t i = 0; i < a.warmup_predictions.size(); ++i) {
        EXPECT_EQ(a.warmup_predictions[i].symbol, b.warmup_predictions[i].symbol);
        expect_same(a.warmup_predictions[i].prediction, b.warmup_predictions[i].prediction);
        expect_same(a.warmup_predictions[i].uncertainty, b.warmup_predictions[i].uncertainty);
    }
    ASSERT_EQ(a.incidents.size(), b.incidents.size());
    for (std::size_t i = 0; i < a.incidents.size(); ++i) {
        EXPECT_EQ(a.incidents[i].severity, b.incidents[i].severity);
        EXPECT_EQ(a.incidents[i].kind, b.incidents[i].kind);
        EXPECT_EQ(a.incidents[i].symbol, b.incidents[i].symbol);
        EXPECT_EQ(a.incidents[i].text, b.incidents[i].text);
    }
}

}  // namespace paperd::storage
