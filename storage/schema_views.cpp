#include <string>

#include "storage/schema.h"

namespace paperd::storage {
namespace {

// In the views' text, iso(x) stands for the SQL that shows the nanoseconds x as an ISO time.
constexpr std::string_view kIso = "iso(";

std::string iso_time(const std::string& ns) {
    return "strftime('%Y-%m-%dT%H:%M:%S', " + ns + " / 1000000000, 'unixepoch') || CASE WHEN " +
           ns + " % 1000000000 = 0 THEN '' ELSE printf('.%09d', " + ns +
           " % 1000000000) END || 'Z'";
}

// What people and Grafana read: decimals, names and ISO times. The columns of trades,
// open_positions, equity_curve and incident_list are those of the queries of the same kind
// (storage/queries.h). Nothing here shows when the run was made.
constexpr std::string_view kViews = R"sql(
CREATE VIEW slice_times AS
SELECT slice_id,
       iso(closed_at_ns) AS time,
       date(day * 86400, 'unixepoch') AS day,
       closed_at_ns / 1000000000 AS unix_time
FROM slices;

CREATE VIEW trades AS
SELECT f.fill_id, iso(f.at_ns) AS time, i.symbol,
       iif(f.quantity_e8 > 0, 'buy', 'sell') AS side,
       abs(f.quantity_e8) / 1e8 AS quantity,
       f.price_e8 / 1e8 AS price,
       f.reference_price_e8 / 1e8 AS reference_price,
       f.delay_cost_e8 / 1e8 AS delay_cost,
       f.spread_cost_e8 / 1e8 AS spread_cost,
       f.slippage_cost_e8 / 1e8 AS slippage_cost,
       f.impact_cost_e8 / 1e8 AS impact_cost,
       f.commission_e8 / 1e8 AS commission,
       (SELECT currency FROM runs) AS currency,
       f.order_id, f.decision_id
FROM fills f
JOIN instruments i ON i.symbol_id = f.symbol_id;

CREATE VIEW open_positions AS
SELECT symbol, quantity_e8 / 1e8 AS quantity, cost_e8 / 1e8 AS cost, mark_e8 / 1e8 AS price,
       quantity_e8 / 1e8 * mark_e8 / 1e8 AS value,
       quantity_e8 / 1e8 * mark_e8 / 1e8 - cost_e8 / 1e8 AS unrealized,
       realized_e8 / 1e8 AS realized,
       (SELECT currency FROM runs) AS currency,
       iso(since_ns) AS since,
       t.time AS priced_at,
       t.day < (SELECT day FROM slice_times ORDER BY slice_id DESC LIMIT 1) AS stale
FROM (SELECT i.symbol, p.*, b.close_e8 AS mark_e8, b.slice_id AS priced_id
      FROM instruments i
      JOIN positions p ON p.position_id =
          (SELECT max(position_id) FROM positions q WHERE q.symbol_id = i.symbol_id)
      JOIN bars b ON b.bar_id =
          (SELECT bar_id FROM bars c
           WHERE c.symbol_id = i.symbol_id AND c.revision = 0 AND c.flags & 1 = 0
           ORDER BY c.bar_id DESC LIMIT 1)
      WHERE p.quantity_e8 <> 0)
JOIN slice_times t ON t.slice_id = priced_id;

CREATE VIEW equity_curve AS
SELECT t.time, e.cash_e8 / 1e8 AS cash, e.value_e8 / 1e8 AS value, e.equity_e8 / 1e8 AS equity,
       e.gross_e8 / 1e8 AS gross, e.net_e8 / 1e8 AS net,
       1.0 * e.equity_e8 / e.peak_e8 - 1 AS drawdown,
       (SELECT currency FROM runs) AS currency,
       t.unix_time
FROM equity e
JOIN slice_times t ON t.slice_id = e.slice_id
JOIN slices s ON s.slice_id = e.slice_id
WHERE s.warmup = 0;

-- Slices inside the model's training days: results there are no evidence of skill. A slice that
-- trades has a decision of every symbol, so of the first one, too.
CREATE VIEW in_sample_slices AS
SELECT s.slice_id FROM slices s JOIN decisions d ON d.decision_id = s.slice_id << 16
WHERE d.in_sample <> 0;

-- One row a venue's day. pnl counts deposits as no profit.
CREATE VIEW daily_pnl AS
WITH ends AS (
    SELECT day, max(slice_id) AS slice_id FROM slices WHERE warmup = 0 GROUP BY day),
profits AS (
    SELECT ends.day, ends.slice_id, e.equity_e8, e.peak_e8,
           e.equity_e8 - (SELECT coalesce(sum(amount_e8), 0) FROM ledger
                          WHERE kind = 0 AND entry_id >> 24 <= ends.slice_id) AS profit_e8
    FROM ends JOIN equity e ON e.slice_id = ends.slice_id),
days AS (
    SELECT *, profit_e8 - lag(profit_e8, 1, 0) OVER (ORDER BY day) AS pnl_e8,
           lag(slice_id, 1, 0) OVER (ORDER BY day) AS before_id
    FROM profits)
SELECT date(day * 86400, 'unixepoch') AS day,
       pnl_e8 / 1e8 AS pnl,
       1.0 * pnl_e8 / (equity_e8 - pnl_e8) AS return_fraction,
       equity_e8 / 1e8 AS equity,
       1.0 * equity_e8 / peak_e8 - 1 AS drawdown,
       (SELECT count(*) FROM slices s WHERE s.slice_id > before_id AND s.slice_id <= days.slice_id
            AND s.warmup = 0) AS slices,
       (SELECT currency FROM runs) AS currency,
       EXISTS (SELECT 1 FROM in_sample_slices n WHERE n.slice_id = days.slice_id) AS in_sample
FROM days;

-- From flat to flat, a symbol at a time. A fill that passes through zero ends one trip and begins
-- the next; a settlement or a delisting ends one, too, and is no fill. The shares that a split adds
-- or takes cost nothing but the rest that it pays, so that prices are averages over all shares that
-- came in or went out. What the ledger books of a slice comes before its fills, so it belongs to
-- the trip held at the close before: the symbol's own dividends, borrow fees and rebates in full,
-- of the account's interest, earned or paid, the share that the symbol's |value| had of gross at
-- that close (interest of a time when nothing was held belongs to no trip). Rebates are in the
-- interest. They help when > 0, also borrow. pnl is gross_pnl - commission + these. In-sample: any
-- slice from its first decision to its end.
CREATE VIEW round_trips AS
WITH running AS (
    SELECT *, sum(quantity_e8) OVER (PARTITION BY symbol_id ORDER BY slice_id, fill_id) AS after_e8
    FROM (SELECT fill_id, slice_id, at_ns, decision_slice_id AS decided_id, symbol_id, price_e8,
                 commission_e8, quantity_e8 FROM fills
          UNION ALL
          SELECT 0, slice_id, NULL, slice_id, symbol_id,
                 iif(kind = 3, -1e8 * amount_e8 / (held_after_e8 - held_e8), per_share_e8), 0,
                 held_after_e8 - held_e8 FROM corporate_actions
          WHERE kind IN (2, 3, 4) AND held_after_e8 <> held_e8)),
crossing AS (
    SELECT *, after_e8 - quantity_e8 AS before_e8,
           (after_e8 > 0 AND after_e8 < quantity_e8) OR (after_e8 < 0 AND after_e8 > quantity_e8)
               AS crosses
    FROM running),
parts AS (
    SELECT fill_id, 1 AS part, slice_id, at_ns, decided_id, symbol_id, price_e8, commission_e8,
           quantity_e8 AS whole_e8, iif(crosses, -before_e8, quantity_e8) AS quantity_e8,
           before_e8 = 0 AS begins
    FROM crossing
    UNION ALL
    SELECT fill_id, 2, slice_id, at_ns, decided_id, symbol_id, price_e8, commission_e8,
           quantity_e8, after_e8, 1
    FROM crossing WHERE crosses),
numbered AS (
    SELECT *, sum(begins) OVER so_far AS trip, sum(quantity_e8) OVER so_far AS held_e8
    FROM parts WINDOW so_far AS (PARTITION BY symbol_id ORDER BY slice_id, fill_id, part)),
trips AS (
    SELECT symbol_id, trip, min(slice_id) AS opened_id, max(slice_id) AS closed_id,
           min(at_ns) AS opened_ns, max(at_ns) AS last_fill_ns,
           min(decided_id) AS decided_id,
           sum(fill_id > 0) AS fills, min(fill_id) = 0 AS settled,
           max(CASE WHEN begins THEN quantity_e8 END) AS first_e8,
           max(abs(held_e8)) / 1e8 AS quantity,
           sum(max(quantity_e8, 0) / 1e8 * price_e8 / 1e8) AS bought,
           sum(max(-quantity_e8, 0) / 1e8 * price_e8 / 1e8) AS sold,
           sum(max(quantity_e8, 0)) / 1e8 AS turned,
           sum(commission_e8 / 1e8 * quantity_e8 / whole_e8) AS commission
    FROM numbered GROUP BY symbol_id, trip HAVING sum(quantity_e8) = 0),
carried AS (
    SELECT trips.*,
           (SELECT coalesce(sum(amount_e8), 0) / 1e8 FROM ledger l
            WHERE l.kind IN (3, 4, 5, 6, 8, 9) AND l.kind IN (3, 4)
              AND l.symbol_id = trips.symbol_id
              AND l.entry_id >= (opened_id + 1) << 24 AND l.entry_id < (closed_id + 1) << 24)
               AS dividends,
           (SELECT coalesce(sum(amount_e8), 0) / 1e8 FROM ledger l
            WHERE l.kind IN (3, 4, 5, 6, 8, 9) AND l.kind = 5
              AND l.symbol_id = trips.symbol_id
              AND l.entry_id >= (opened_id + 1) << 24 AND l.entry_id < (closed_id + 1) << 24)
               AS borrow,
           (SELECT coalesce(sum(amount_e8), 0) / 1e8 FROM ledger l
            WHERE l.kind IN (3, 4, 5, 6, 8, 9) AND l.kind = 9
              AND l.symbol_id = trips.symbol_id
              AND l.entry_id >= (opened_id + 1) << 24 AND l.entry_id < (closed_id + 1) << 24) +
           (SELECT coalesce(sum(1.0 * l.amount_e8 * value_e8 / gross_e8), 0) / 1e8
            FROM (SELECT l.amount_e8, e.gross_e8, abs(
                      (SELECT quantity_e8 FROM positions p
                       WHERE p.symbol_id = trips.symbol_id
                         AND p.position_id < (l.entry_id >> 24) << 16
                       ORDER BY p.position_id DESC LIMIT 1)) / 1e8 *
                      coalesce(
                          (SELECT close_e8 FROM bars b
                           WHERE b.bar_id = (((l.entry_id >> 24) - 1) << 24) |
                                            (trips.symbol_id << 8) AND b.flags & 1 = 0),
                          (SELECT close_e8 FROM bars b
                           WHERE b.bar_id < (l.entry_id >> 24) << 24
                             AND b.symbol_id = trips.symbol_id AND b.revision = 0
                             AND b.flags & 1 = 0
                           ORDER BY b.bar_id DESC LIMIT 1)) AS value_e8
                  FROM ledger l JOIN equity e ON e.slice_id = (l.entry_id >> 24) - 1
                  WHERE l.kind IN (3, 4, 5, 6, 8, 9) AND l.kind IN (6, 8)
                    AND l.symbol_id IS NULL AND e.gross_e8 > 0
                    AND l.entry_id >= (opened_id + 1) << 24
                    AND l.entry_id < (closed_id + 1) << 24) l) AS interest
    FROM trips)
SELECT i.symbol, iif(first_e8 > 0, 'long', 'short') AS side,
       iso(opened_ns) AS opened,
       iif(settled, (SELECT time FROM slice_times t WHERE t.slice_id = closed_id),
           iso(last_fill_ns)) AS closed,
       fills, quantity,
       iif(first_e8 > 0, bought, sold) / turned AS entry_price,
       iif(first_e8 > 0, sold, bought) / turned AS exit_price,
       sold - bought AS gross_pnl, commission, dividends, borrow, interest,
       sold - bought - commission + dividends + borrow + interest AS pnl,
       (SELECT currency FROM runs) AS currency,
       closed_id - opened_id AS slices,
       EXISTS (SELECT 1 FROM in_sample_slices n WHERE n.slice_id BETWEEN decided_id AND closed_id)
           AS in_sample
FROM carried
JOIN instruments i ON i.symbol_id = carried.symbol_id
ORDER BY closed_id, carried.symbol_id, trip;

-- The full spread as charged, beside what two estimators say it was (never charged). Costs hurt
-- when > 0, margin_interest too; dividends, interest and short_rebate help when > 0. The row
-- without a symbol is the account's (interest and margin_interest).
CREATE VIEW cost_breakdown AS
WITH traded AS (
    SELECT symbol_id, count(*) AS fills,
           sum(abs(quantity_e8) / 1e8 * price_e8 / 1e8) AS notional,
           sum(delay_cost_e8) AS delay_e8, sum(spread_cost_e8) AS spread_e8,
           sum(slippage_cost_e8) AS slippage_e8, sum(impact_cost_e8) AS impact_e8,
           sum(commission_e8) AS commission_e8,
           avg(spread_corwin_schultz) * 1e4 AS corwin_schultz_bps,
           avg(spread_abdi_ranaldo) * 1e4 AS abdi_ranaldo_bps
    FROM fills GROUP BY symbol_id),
booked AS (
    SELECT symbol_id, -sum(iif(kind = 5, amount_e8, 0)) AS borrow_e8,
           sum(iif(kind IN (3, 4), amount_e8, 0)) AS dividends_e8,
           sum(iif(kind = 6, amount_e8, 0)) AS interest_e8,
           -sum(iif(kind = 8, amount_e8, 0)) AS margin_e8,
           sum(iif(kind = 9, amount_e8, 0)) AS rebate_e8
    FROM ledger WHERE kind IN (3, 4, 5, 6, 8, 9) GROUP BY symbol_id)
SELECT i.symbol, coalesce(fills, 0) AS fills, coalesce(notional, 0.0) AS traded_notional,
       coalesce(delay_e8, 0) / 1e8 AS delay_cost, coalesce(spread_e8, 0) / 1e8 AS spread_cost,
       coalesce(slippage_e8, 0) / 1e8 AS slippage_cost,
       coalesce(impact_e8, 0) / 1e8 AS impact_cost,
       coalesce(commission_e8, 0) / 1e8 AS commission,
       coalesce(borrow_e8, 0) / 1e8 AS borrow, coalesce(dividends_e8, 0) / 1e8 AS dividends,
       coalesce(interest_e8, 0) / 1e8 AS interest,
       coalesce(margin_e8, 0) / 1e8 AS margin_interest,
       coalesce(rebate_e8, 0) / 1e8 AS short_rebate,
       (SELECT currency FROM runs) AS currency,
       2e4 * spread_e8 / 1e8 / notional AS spread_charged_bps, corwin_schultz_bps,
       abdi_ranaldo_bps
FROM instruments i
LEFT JOIN traded ON traded.symbol_id = i.symbol_id
LEFT JOIN booked ON booked.symbol_id = i.symbol_id
WHERE fills IS NOT NULL OR borrow_e8 IS NOT NULL
UNION ALL
SELECT NULL, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, borrow_e8 / 1e8, dividends_e8 / 1e8,
       interest_e8 / 1e8, margin_e8 / 1e8, rebate_e8 / 1e8, (SELECT currency FROM runs), NULL,
       NULL, NULL
FROM booked WHERE symbol_id IS NULL;

-- Each decision with what led to it and what came of it.
CREATE VIEW why AS
SELECT d.decision_id, t.time, i.symbol, b.close_e8 / 1e8 AS close,
       d.prediction, d.signal_weight, sr.name AS signal_reason,
       (SELECT group_concat(rr.name, ', ') FROM risk_adjustments a
        JOIN reasons rr ON rr.reason_id = a.rule
        WHERE a.adjustment_id >= d.slice_id << 24 AND a.adjustment_id < (d.slice_id + 1) << 24
          AND a.decision_id = d.decision_id) AS risk_rules,
       d.approved_weight, d.target_quantity_e8 / 1e8 AS target_quantity,
       r.name AS reason, r.text AS because, d.in_sample,
       (SELECT min(o.order_id) FROM orders o WHERE o.decision_id = d.decision_id) AS order_id,
       d.slice_id
FROM decisions d
JOIN slice_times t ON t.slice_id = d.slice_id
JOIN instruments i ON i.symbol_id = d.symbol_id
JOIN reasons r ON r.reason_id = d.reason
JOIN reasons sr ON sr.reason_id = d.signal_reason
LEFT JOIN bars b ON b.bar_id = d.bar_id;

-- What was noticed, slice by slice. Those outside a slice (a process that had to wait) are about
-- one process and not about the run: they stay in the table.
CREATE VIEW incident_list AS
SELECT coalesce(t.time, iso(n.at_ns)) AS time, i.symbol,
       CASE n.severity WHEN 0 THEN 'info' WHEN 1 THEN 'warning' ELSE 'error' END AS severity,
       n.kind, n.text, n.slice_id
FROM incidents n
LEFT JOIN slice_times t ON t.slice_id = n.slice_id
LEFT JOIN instruments i ON i.symbol_id = n.symbol_id
WHERE n.slice_id IS NOT NULL OR n.severity = 2
ORDER BY n.incident_id;
)sql";

}  // namespace

std::string views_v1() {
    std::string sql(kViews);
    for (std::size_t at = sql.find(kIso); at != std::string::npos; at = sql.find(kIso, at)) {
        const std::size_t from = at + kIso.size();
        const std::size_t end = sql.find(')', from);
        sql.replace(at, end + 1 - at, iso_time(sql.substr(from, end - from)));
    }
    return sql;
}

}  // namespace paperd::storage
