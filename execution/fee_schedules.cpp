#include "execution/fee_schedules.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "execution/types/check.h"

namespace paperd::execution {
namespace {

using std::chrono::April;
using std::chrono::February;
using std::chrono::January;
using std::chrono::July;
using std::chrono::March;
using std::chrono::May;
using std::chrono::November;

constexpr Day on(int year, std::chrono::month month, unsigned day) {
    return Day{std::chrono::year{year} / month / std::chrono::day{day}};
}

// The SEC sets the rate by orders in the Federal Register (FR) and tells of it in "fee rate
// advisories"; FINRA passes it on in information notices (IN). Where only one of rate and day could
// be read there, the other is from lists of brokers.
constexpr auto kSection31 = std::to_array<Section31Rate>({
    {on(2008, January, 25), 1100},   // until 2008-03-31: IN 2008-03-10
    {on(2008, April, 1), 560},       // IN 2008-03-10
    {on(2009, April, 10), 2570},     // IN 2009-10-02 has the rate
    {on(2010, January, 15), 1270},   // SEC press release 2009-270
    {on(2010, April, 1), 1690},      // IN 2010-03-10
    {on(2011, January, 21), 1920},   // SEC press release 2010-255
    {on(2012, February, 21), 1800},  // 77 FR 3818; advisory 5 of fiscal 2012
    {on(2012, April, 1), 2240},      // 77 FR 13663
    {on(2013, May, 25), 1740},       // 78 FR 25515
    {on(2014, March, 18), 2210},     // 79 FR 9504; IN 2014-03-03
    {on(2015, February, 14), 1840},  // 80 FR 2978
    {on(2016, February, 16), 2180},  // 81 FR 1458; IN 2016-03-15
    {on(2017, July, 4), 2310},       // FR document 2017-11555
    {on(2018, May, 22), 1300},       // IN 2018-05-07
    {on(2019, April, 16), 2070},     // 84 FR 9576; advisory 2 of fiscal 2019
    {on(2020, February, 18), 2210},  // 85 FR 2218; IN 2020-02-03
    {on(2021, February, 25), 510},   // IN 2021-02-16
    {on(2022, May, 14), 2290},       // advisory 2 of fiscal 2022
    {on(2023, February, 27), 800},   // 88 FR 5051
    {on(2024, May, 22), 2780},       // 89 FR 29402
    {on(2025, May, 14), 0},          // IN 2025-04-24
    {on(2026, April, 4), 2060},      // advisory of fiscal 2026
});

// Section 1 of schedule A to FINRA's by-laws, as changed by its regulatory notices (RN).
constexpr auto kTaf = std::to_array<TafRate>({
    {on(2004, November, 1), Price::from_raw(7'500), Money::from_raw(375'000'000)},  // RN 11-27
    {on(2011, July, 1), Price::from_raw(9'000), Money::from_raw(450'000'000)},      // RN 11-27
    {on(2012, March, 1), Price::from_raw(9'500), Money::from_raw(475'000'000)},     // RN 12-06
    {on(2012, July, 1), Price::from_raw(11'900), Money::from_raw(595'000'000)},     // 77 FR 27527
    // 85 FR 66592, in three steps
    {on(2022, January, 1), Price::from_raw(13'000), Money::from_raw(649'000'000)},
    {on(2023, January, 1), Price::from_raw(14'500), Money::from_raw(727'000'000)},
    {on(2024, January, 1), Price::from_raw(16'600), Money::from_raw(830'000'000)},
    // 89 FR 93709, its first step
    {on(2026, January, 1), Price::from_raw(19'500), Money::from_raw(979'000'000)},
});

constexpr auto kPresets = std::to_array<FeePreset>({
    // Alpaca, Robinhood, Schwab and others: no commission on listed US stocks since 2019, the two
    // fees passed on.
    {.name = "zero_commission",
     .terms = {.section_31 = true, .taf = true},
     .about = "no commission, but the SEC's section 31 fee and FINRA's trading activity fee on "
              "sells, as most retail brokers in the US"},
    // interactivebrokers.com, stocks in the United States, IBKR Pro Fixed. Where 1% of the trade's
    // value is less than the minimum, it is what is charged.
    {.name = "per_share",
     .terms =
         {.per_share = 0.005, .minimum = 1, .maximum_bps = 100, .section_31 = true, .taf = true},
     .about = "0.005 a share, at least 1 and at most 1% of the value, and the same two fees, as "
              "Interactive Brokers' fixed price"},
    // binance.com, spot trading, regular user, paid in the quoted currency.
    {.name = "crypto_taker",
     .terms = {.maker_bps = 10, .taker_bps = 10},
     .about = "0.1% as taker and 0.1% as maker, as Binance's spot market for regular users"},
    // Its transaction_costs are a commission of 0.001 and a slippage of 0.001.
    {.name = "notebook",
     .terms = {.maker_bps = 10, .taker_bps = 10},
     .slippage_bps = 10,
     .about =
         "0.1% and a slippage of 0.1%, as the paper-trading environment of the strategy's first "
         "notebook; spread and impact stay as their keys say"},
});

static_assert(kPresets.size() == static_cast<std::size_t>(FeeSchedule::notebook));

template <class Row, std::size_t N>
constexpr bool ascending(const std::array<Row, N>& rows) {
    return std::ranges::adjacent_find(rows, std::ranges::greater_equal{}, &Row::first_day) ==
           rows.end();
}

static_assert(ascending(kSection31) && ascending(kTaf));

template <class Row, std::size_t N>
const Row& row_on(const std::array<Row, N>& rows, Day day) {
    const auto after = std::ranges::upper_bound(rows, day, {}, &Row::first_day);
    return after == rows.begin() ? rows.front() : *std::prev(after);
}

}  // namespace

std::span<const Section31Rate> section_31_rates() { return kSection31; }

std::span<const TafRate> taf_rates() { return kTaf; }

const Section31Rate& section_31_on(Day day) { return row_on(kSection31, day); }

const TafRate& taf_on(Day day) { return row_on(kTaf, day); }

std::span<const FeePreset> fee_presets() { return kPresets; }

const FeePreset& fee_preset(FeeSchedule schedule) {
    CHECK(schedule != FeeSchedule::custom, "custom fees are in the settings");
    return kPresets.at(static_cast<std::size_t>(schedule) - 1);
}

}  // namespace paperd::execution
