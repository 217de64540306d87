// A daemon that remembers what it was asked.
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "daemon/api/status_source.h"

namespace paperd::daemon {

class FakeSource : public StatusSource {
public:
    [[nodiscard]] std::string status_json() const override { return R"({"title":"fake"})"; }

    [[nodiscard]] std::string metrics_text() const override { return "paperd_ready 1\n"; }

    bool healthy(std::string& why) const override {
        why = sick_because;
        return sick_because.empty();
    }

    Result<std::int64_t> submit(CommandKind kind, std::string note) override {
        const std::lock_guard lock(mutex_);
        if (!refuse_because.empty()) {
            return fail(refuse_because);
        }
        taken_.emplace_back(kind, std::move(note));
        return static_cast<std::int64_t>(taken_.size());
    }

    [[nodiscard]] std::vector<std::pair<CommandKind, std::string>> taken() const {
        const std::lock_guard lock(mutex_);
        return taken_;
    }

    // Set before the server runs.
    std::string sick_because;
    std::string refuse_because;

private:
    mutable std::mutex mutex_;
    std::vector<std::pair<CommandKind, std::string>> taken_;
};

inline const std::string kTestToken(64, 'a');

}  // namespace paperd::daemon
