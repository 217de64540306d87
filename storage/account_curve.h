// The account from slice to slice, drawn together: a row a day, the worst drawdown, what was held.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "execution/types/result.h"
#include "execution/types/timestamp.h"
#include "storage/database.h"

namespace paperd::storage {

// Account currency, at the close of its last slice.
struct AccountDay {
    Day day{};  // the venue's
    double equity = 0;
};

// From the highest equity so far, which a drawdown limit that tripped does not begin anew.
struct Drawdown {
    double fraction = 0;  // <= 0
    Day peak{};
    Day trough{};
    std::optional<Day> recovered;  // when equity was at the peak again
};

struct AccountCurve {
    std::vector<AccountDay> days;
    Drawdown drawdown;
    Timestamp first;  // closes of the first and the last slice
    Timestamp last;
    double equity = 0;  // at the end
    // Means over the slices at which equity was above 0.
    double equity_mean = 0;
    double gross_mean = 0;            // of gross / equity
    double net_mean = 0;              // of net / equity, signed
    std::int64_t days_in_market = 0;  // something was held at the end of a slice of the day
};

// Without warm-up. `start`: what the account began with. Memory grows with the days alone. Errors
// are the database's.
Result<AccountCurve> follow_account(Database& database, double start);

}  // namespace paperd::storage
