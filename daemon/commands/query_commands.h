// What people ask a trade database.
#pragma once

#include <string>

#include "daemon/cli.h"
#include "daemon/options.h"
#include "storage/queries.h"

namespace paperd::daemon {

// One of the lists of storage/queries.h.
struct QueryCommand {
    explicit QueryCommand(std::string_view of) : name(of) {}

    std::string name;
    std::string db;
    storage::QueryFilter filter;
    storage::OutputFormat format = storage::OutputFormat::table;
};

void declare(QueryCommand& command, Options& options);
Result<int> execute(const QueryCommand& command);

template <const CommandWords& Words>
struct ListCommand : QueryCommand {
    static constexpr const CommandWords& kWords = Words;

    ListCommand() : QueryCommand(Words.name) {}
};

inline constexpr CommandWords kTradesWords{"trades", "every fill with its costs",
                                           "paperd trades --db a.db --symbol SPY --format csv"};
inline constexpr CommandWords kOrdersWords{
    "orders", "every order with its state and reason",
    "paperd orders --db a.db --symbol SPY --from 2020-03-01"};
inline constexpr CommandWords kPositionsWords{"positions", "what is held at the end",
                                              "paperd positions --db a.db --to 2020-03-16"};
inline constexpr CommandWords kEquityWords{"equity", "the account after every slice",
                                           "paperd equity --db a.db --format csv"};
inline constexpr CommandWords kDecisionsWords{
    "decisions", "what was wanted of each symbol in each slice, and why",
    "paperd decisions --db a.db --symbol SPY --format csv"};
inline constexpr CommandWords kIncidentsWords{
    "incidents", "what was noticed: rows set aside, gaps, cuts, limits that tripped",
    "paperd incidents --db a.db --from 2020-03-01"};

using TradesCommand = ListCommand<kTradesWords>;
using OrdersCommand = ListCommand<kOrdersWords>;
using PositionsCommand = ListCommand<kPositionsWords>;
using EquityCommand = ListCommand<kEquityWords>;
using DecisionsCommand = ListCommand<kDecisionsWords>;
using IncidentsCommand = ListCommand<kIncidentsWords>;

struct ExplainCommand {
    static constexpr CommandWords kWords{"explain", "why it traded, or why it did not",
                                         "paperd explain --db a.db SPY@2020-03-16"};

    std::string db;
    std::string what;
    bool json = false;
};

void declare(ExplainCommand& command, Options& options);
Result<int> execute(const ExplainCommand& command);

struct VerifyCommand {
    static constexpr CommandWords kWords{
        "verify", "integrity and the ledger's laws; with --replay, the same again",
        "paperd verify --db a.db --replay"};

    std::string db;
    bool replay = false;
};

void declare(VerifyCommand& command, Options& options);
Result<int> execute(const VerifyCommand& command);

}  // namespace paperd::daemon
