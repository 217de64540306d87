// One field of a bar row at a time. Each function returns whether the field is good; if not,
// `fault` says what is wrong with it ("open 'abc' is not a decimal number"), and the caller adds
// where and what to do.
#pragma once

#include <string>
#include <string_view>

#include "execution/types/bar.h"
#include "execution/types/timestamp.h"

namespace paperd::storage {

// A price > 0 and at most kPriceMax. `name` is the column's.
bool read_price(std::string_view name, std::string_view text, Price& price, std::string& fault);

// A finite number >= 0.
bool read_volume(std::string_view text, double& volume, std::string& fault);

// "2019-12-23".
bool read_day(std::string_view text, Day& day, std::string& fault);

// "2019-12-23T14:30:00Z".
bool read_time(std::string_view text, Timestamp& time, std::string& fault);

// The name of a symbol (execution/types/symbol_name.h), in a panel or of a file.
bool check_symbol(std::string_view text, std::string& fault);

}  // namespace paperd::storage
