// Price, Quantity and Money: distinct integers at scale 1e-8. Products use 128 bits and round half
// to even; overflow is a CHECK. No implicit conversion: to_double() and nearest() are spelled out.
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "execution/types/check.h"
#include "execution/types/result.h"

namespace paperd {

inline constexpr std::int64_t kScale = 100'000'000;  // one unit = 1e-8
inline constexpr int kDecimals = 8;

// numerator / denominator rounded half to even; the quotient must fit int64. denominator > 0.
std::int64_t divide_half_even(__int128 numerator, __int128 denominator);

// "-12.5" -> -1250000000. Digit by digit, '.' as the point in every locale; digits past the eighth
// round half to even; an exponent is accepted ("1e-05"). Errors name what is wrong, not where: the
// caller knows the line.
Result<std::int64_t> parse_scaled(std::string_view text);

// The shortest decimal text, no exponent: "12.5", "-0.00000001", "3".
std::string scaled_text(std::int64_t raw);

template <class Tag>
class Fixed {
public:
    constexpr Fixed() = default;

    static constexpr Fixed from_raw(std::int64_t raw) {
        Fixed value;
        value.raw_ = raw;
        return value;
    }

    static constexpr Fixed whole(std::int64_t units) { return from_raw(units * kScale); }

    // Half-even rounding of a finite double to 1e-8. CHECKs finite and in range.
    static Fixed nearest(double value) {
        const double scaled = std::nearbyint(value * static_cast<double>(kScale));
        CHECK(std::abs(scaled) < 9.2e18,
              "a number is not finite or too large for a fixed-point value");
        return from_raw(static_cast<std::int64_t>(scaled));
    }

    static Result<Fixed> parse(std::string_view text) {
        TRY_LET(const auto raw, parse_scaled(text));
        return from_raw(raw);
    }

    [[nodiscard]] constexpr std::int64_t raw() const { return raw_; }

    // The nearest double to the decimal value (up to 2^53 units exactly what strtod gives).
    [[nodiscard]] double to_double() const {
        return static_cast<double>(raw_) / static_cast<double>(kScale);
    }

    [[nodiscard]] std::string text() const { return scaled_text(raw_); }

    auto operator<=>(const Fixed&) const = default;

    Fixed operator-() const { return from_raw(0) - *this; }

    Fixed& operator+=(Fixed other) {
        CHECK(!__builtin_add_overflow(raw_, other.raw_, &raw_), "fixed-point sum overflows");
        return *this;
    }

    Fixed& operator-=(Fixed other) {
        CHECK(!__builtin_sub_overflow(raw_, other.raw_, &raw_), "fixed-point difference overflows");
        return *this;
    }

    friend Fixed operator+(Fixed a, Fixed b) { return a += b; }

    friend Fixed operator-(Fixed a, Fixed b) { return a -= b; }

private:
    std::int64_t raw_ = 0;
};

struct PriceTag;
struct QuantityTag;
struct MoneyTag;

using Price = Fixed<PriceTag>;        // account currency per share (or coin)
using Quantity = Fixed<QuantityTag>;  // shares or coins; negative when short or sold
using Money = Fixed<MoneyTag>;        // account currency

// The one product there is, rounded half to even.
Money operator*(Price price, Quantity quantity);

// The same as a double, whatever its size.
double notional(Price price, Quantity quantity);

// amount * part / whole, rounded half to even (a share of a position's cost). whole != 0.
Money pro_rata(Money amount, Quantity part, Quantity whole);

// |quantity| rounded down to a whole number of lots, with the sign kept. lot > 0.
Quantity floor_to_lot(Quantity quantity, Quantity lot);

template <class Tag>
Fixed<Tag> abs(Fixed<Tag> value) {
    return value.raw() < 0 ? -value : value;
}

}  // namespace paperd
