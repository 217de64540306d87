// The sentences of a check, and how many of them at most.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace paperd::storage {

class Violations {
public:
    explicit Violations(std::size_t most) : most_(most) {}

    void add(std::string sentence) {
        if (!full()) {
            sentences_.push_back(std::move(sentence));
        }
    }

    [[nodiscard]] bool full() const { return sentences_.size() >= most_; }

    [[nodiscard]] bool none() const { return sentences_.empty(); }

    [[nodiscard]] std::vector<std::string> take() { return std::move(sentences_); }

private:
    std::size_t most_;
    std::vector<std::string> sentences_;
};

}  // namespace paperd::storage
