#include "daemon/run/announcer.h"

#include <cstdio>

#include <fmt/format.h>

#include "daemon/process/logging.h"
#include "daemon/process/wall_clock.h"
#include "daemon/run/step_log.h"
#include "execution/types/printable.h"

namespace paperd::daemon {
namespace {

// Between two lines that say that trading still waits.
constexpr double kPausedLineS = 5;

}  // namespace

Announcer::Announcer(Timers& timers, const RunPlan& plan, const LoopOptions& options)
    : plan_(plan),
      options_(options),
      service_(timers, options.serve ? SystemdNotifier::from_environment() : SystemdNotifier(""),
               options.serve ? watchdog_interval_from_environment() : std::nullopt),
      status_(plan, {.db_path = options.db_path, .slice_every_s = options.slice_every_s}) {}

void Announcer::begun(const Engine& engine, TradingSession& session, std::int64_t slices) {
    if (!options_.progress_label.empty()) {
        progress_.emplace(options_.progress_label, "slices", slices);
    }
    status_.attach(engine, session);
    status_.set_state(ProcessState::ready);
    if (auto told = service_.ready(); told.has_error()) {
        log_warn("systemd_notify", {{"error", told.error().text}});
        status_.note_error(wall_now(), told.error().text);
    }
}

void Announcer::committed(const Slice& slice, const Step& step, const SessionCounters& counters) {
    status_.on_committed(slice, step);
    // A replay knows beforehand and says so itself.
    const bool in_sample = !step.decisions.empty() && step.decisions.front().in_sample;
    if (options_.serve && in_sample && counters.in_sample_slices == 1) {
        warn_in_sample(slice);
    }
    log_step(slice, step, plan_.header.symbols);
    if (progress_) {
        progress_->update(counters.slices);
    }
}

void Announcer::look() { service_.status(status_.line()); }

void Announcer::paused(const Error& why, double paused_s) {
    status_.set_paused(why.text);
    // A run that waits for its database is there to be asked, and must not be started anew.
    (void)service_.ready();
    look();
    if (said_paused_at_s_ && paused_s < *said_paused_at_s_ + kPausedLineS) {
        return;
    }
    said_paused_at_s_ = paused_s;
    status_.note_error(wall_now(), why.text);
    log_error("paused", {{"text", why.text}, {"seconds", paused_s}});
    if (!options_.serve && !log_is_on_stderr()) {
        clear_progress_line();
        std::fprintf(stderr, "waiting (%.0f s): %s\n", paused_s, for_terminal(why.text).c_str());
    }
}

Incident Announcer::resumed(const Error& why, double paused_s) {
    said_paused_at_s_.reset();
    status_.set_paused("");
    std::string text = fmt::format("trading was paused for {:.1f} s: {}", paused_s, why.text);
    log_warn("resumed", {{"text", text}, {"seconds", paused_s}});
    return {Severity::error, "commit_paused", kNoSymbol, std::move(text)};
}

void Announcer::lost(const Error& why) {
    status_.set_paused(why.text);
    status_.note_error(wall_now(), why.text);
    log_error("database_lost", {{"text", why.text}});
}

void Announcer::feed_ended() {
    if (progress_) {
        progress_->finish();
    }
}

void Announcer::ended(const Result<LoopEnd>& end) {
    if (!end.has_error()) {
        (void)service_.ready();  // also where the run was complete before it began
    }
    service_.status(last_words(end));
    service_.stopping();
    status_.set_state(ProcessState::stopping);
}

std::string Announcer::last_words(const Result<LoopEnd>& end) const {
    if (end.has_error()) {
        return "failed: " + end.error().text;
    }
    if (end->already_complete) {
        return "complete before it began: nothing was left to do";
    }
    return (end->complete ? "complete: " : "stopped: ") + status_.line();
}

}  // namespace paperd::daemon
