#include "tests/support/jobs.h"

#include <sstream>

#include <gtest/gtest.h>

#include "config/loader.h"
#include "daemon/feeds/synthetic_market.h"
#include "storage/bars/history.h"
#include "storage/queries.h"
#include "storage/stored_run.h"
#include "tests/support/paths.h"

namespace paperd::support {

std::string synthetic_job(int days, const std::string& more) {
    return "title: synthetic test job\n"
           "seed: 11\n"
           "market:\n"
           "  symbols: [ALFA, BRVO, CHRL]\n"
           "  interval: 1m\n"
           "  feed: synthetic\n"
           "  warmup_days: 0\n"
           "  synthetic:\n"
           "    seed: 5\n"
           "    first_day: 2024-07-01\n"
           "    days: " +
           std::to_string(days) +
           "\n"
           "strategy:\n"
           "  kind: sma_cross\n"
           "  gross_budget: 1.5\n"
           "  allow_short: true\n"
           "  sma_fast_bars: 5\n"
           "  sma_slow_bars: 20\n"
           "storage:\n"
           "  checkpoint_slices: 50\n"
           "server:\n"
           "  enabled: false\n" +
           more;
}

std::string hybrid_job(const std::string& more) {
    return "title: golden hybrid job\n"
           "market:\n"
           "  symbols: [SYNTH_A, SYNTH_B]\n"
           "  interval: 1d\n"
           "  calendar: always_open\n"
           "  feed: files\n"
           "  bars: " +
           golden_path("synthetic") +
           "\n"
           "  warmup_bars: 120\n"
           "model:\n"
           "  path: " +
           golden_path("synthetic/module_hybrid.ts") +
           "\n"
           "strategy:\n"
           "  kind: model\n"
           "  gross_budget: 2\n"
           "  allow_short: true\n"
           "storage:\n"
           "  checkpoint_slices: 40\n"
           "server:\n"
           "  enabled: false\n" +
           more;
}

std::string trading_tables(const std::string& db_path) {
    std::ostringstream text;
    for (const char* name : {"trades", "orders", "positions", "equity", "decisions"}) {
        const auto printed =
            storage::print_query(db_path, name, {}, storage::OutputFormat::csv, text);
        EXPECT_FALSE(printed.has_error()) << (printed.has_error() ? printed.error().text : "");
    }
    auto run = storage::StoredRun::open(db_path);
    EXPECT_FALSE(run.has_error()) << (run.has_error() ? run.error().text : "");
    if (!run.has_error()) {
        text << "last state hash " << (*run)->state().last_state_hash << " complete "
             << (*run)->state().complete << "\n";
    }
    return text.str();
}

std::vector<Slice> slices_of(const std::string& yaml, Universe& symbols) {
    auto config = config::parse_config(yaml, "test.yaml", {.check_files = false});
    EXPECT_FALSE(config.has_error()) << (config.has_error() ? config.error().text : "");
    auto calendar = Calendar::make(config->calendar);
    EXPECT_FALSE(calendar.has_error());
    std::vector<Slice> slices;
    if (config->feed == config::FeedKind::synthetic) {
        symbols = config->symbols;
        daemon::SyntheticMarket market(config->synthetic, symbols, *calendar);
        while (auto slice = market.next()) {
            slice->id = static_cast<std::int64_t>(slices.size()) + 1;
            slices.push_back(std::move(*slice));
        }
        return slices;
    }
    storage::HistoryRequest request;
    request.path = config->bars;
    request.interval = config->interval;
    request.symbols = config->symbols;
    request.warmup_bars = config->warmup_bars;
    request.from = parse_day("2019-01-02").value();
    auto history = storage::read_history(request, *calendar);
    EXPECT_FALSE(history.has_error()) << (history.has_error() ? history.error().text : "");
    symbols = history->symbols;
    return std::move(history->slices);
}

}  // namespace paperd::support
