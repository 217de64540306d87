// What a model says in one slice: named numbers for each slot. A slot is a group of symbols: one
// symbol, a pair, or the universe; of the universe a model may name numbers for each member.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace paperd::strategy {

enum class OutputState : std::uint8_t {
    warming_up,   // the slot has not had enough rows yet
    no_row,       // it has, but has no row in this slice
    not_finite,   // it has a row, and the model gave something that is not finite
    defined,      // numbers to trade on
    implausible,  // finite numbers that no market makes (judge_returns); never traded
};

struct ModelOutputs {
    std::vector<std::string> names;   // of one member's numbers, in their order
    std::size_t members = 1;          // that each have them; more than one in a universe alone
    std::vector<OutputState> states;  // by slot
    std::vector<double> values;       // slots x members x names, row-major; NaN without numbers

    // Every slot warming up.
    static ModelOutputs make(std::vector<std::string> names, std::size_t members,
                             std::size_t slots);

    [[nodiscard]] std::size_t slots() const { return states.size(); }

    // Numbers a slot.
    [[nodiscard]] std::size_t width() const { return members * names.size(); }

    [[nodiscard]] bool defined(std::size_t slot) const {
        return states[slot] == OutputState::defined;
    }

    [[nodiscard]] std::span<double> of(std::size_t slot);
    [[nodiscard]] std::span<const double> of(std::size_t slot) const;

    // Where a name stands among a member's numbers; none where the model has no such output.
    [[nodiscard]] std::optional<std::size_t> place(std::string_view name) const;

    // The number of that name, of a slot's member; NaN where there is none.
    [[nodiscard]] double value(std::size_t slot, std::string_view name,
                               std::size_t member = 0) const;

    // The slot has no numbers, for that reason.
    void clear(std::size_t slot, OutputState state);

    // The slot's numbers were written: defined where all are finite, else not_finite.
    void note_numbers(std::size_t slot);
};

// Defined slots become implausible where a return_N, of one bar, is beyond return_max.
void judge_returns(double return_max, ModelOutputs& out);

}  // namespace paperd::strategy
