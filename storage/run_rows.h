// The run's own row and those of its models: one line a column, as in storage/rows.h.
#pragma once

#include "storage/journal.h"
#include "storage/key_fields.h"
#include "storage/table.h"

namespace paperd::storage {

// The place in a list, from 0.
struct ListPlace : NoMember {
    constexpr explicit ListPlace(Column is) : column(is) {}

    Column column;

    template <class Row>
    void put(RowBinder& binder, const Row&, Place& place) const {
        binder.put(static_cast<std::int64_t>(place.at));
    }
};

inline constexpr auto kModels = table<StoredModel>(
    {.name = "models", .meaning = "all that the run uses", .key = "model_id"},
    ListPlace({.name = "model_id", .meaning = "place in the run's list, from 0"}),
    field<&StoredModel::role>("role", "forecaster, or the overlay it serves"),
    field<&StoredModel::path>("path", "where it was read from, for people"),
    field<&StoredModel::sha256>("sha256", "of the bundle"),
    field<&StoredModel::facts_json>("facts",
                                    "JSON: architecture, features, training symbols and days, ..."),
    field<&StoredModel::bundle>("bundle", ""));

inline constexpr auto kRuns = table<RunHeader>(
    {.name = "runs",
     .meaning = "one row: a file holds one run",
     .rest = "    complete INTEGER NOT NULL DEFAULT 0,\n"
             "    final_slice_id INTEGER,  -- set with complete\n"
             "    final_state_hash INTEGER,\n"
             "    run_id INTEGER PRIMARY KEY CHECK (run_id = 1)\n"},
    field<&RunHeader::run_key>("run_key", "digest of all that decides results"),
    field<&RunHeader::mode>("mode", "replay, run"), field<&RunHeader::version>("version", ""),
    field<&RunHeader::config_path>("config_path", ""),
    field<&RunHeader::config_text>("config_text", "the effective config, every key"),
    field<&RunHeader::calendar_version>("calendar_version", ""),
    field<&RunHeader::seed>("seed", ""),
    field<&RunHeader::from>("from_day", "venue's days, or empty"),
    field<&RunHeader::to>("to_day", ""), field<&RunHeader::interval_ns>("interval_ns", ""),
    field<&RunHeader::currency>("currency", ""), field<&RunHeader::feature_set>("feature_set", ""),
    field<&RunHeader::feature_set_hash>("feature_set_hash",
                                        "of every decision: a run has one feature set"),
    field<&RunHeader::fingerprint>("fingerprint", "of inference, where the run began"));

}  // namespace paperd::storage
