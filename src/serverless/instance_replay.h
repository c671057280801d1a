// One application's executions on its instances, where they take time and may overlap.
//
//   - An invocation takes, of the instances that are loaded and idle, the one whose last execution
//     ended last. If there is none it is cold: a new instance begins in the place of the one that
//     became idle last, loaded or not; if none is idle, in a place of its own. So an application
//     has as many places (lanes) as it ever had executions at once.
//   - A cold execution begins later by what a start takes, and holds its instance longer.
//   - A gap: from the end of an execution to the next one in the same place. When an execution ends
//     its place is told at which idle ages it will be loaded, by what all gaps of the application
//     that have closed by then say.
//   - An execution that ends when another is invoked is over. The end of the data closes all.
//
// For windows from the end of an execution on that are equal for all, the place taken is the one
// that became idle last: if that one is not loaded any more, none is.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "serverless/end_queue.h"
#include "serverless/execution_source.h"
#include "serverless/outcome.h"

namespace plumbago::serverless {

inline constexpr int64_t kEver = std::numeric_limits<int64_t>::max();

// Idle ages at which an instance is loaded, both ends in it; from 0: not unloaded at all.
struct LoadedAges {
  int64_t from_us = 0, to_us = 0;
  bool Holds(int64_t age_us) const { return age_us >= from_us && age_us <= to_us; }
};

// A window for all instances.
struct OneWindow {
  static constexpr bool kEqualWindows = true;
  int64_t to_us;
  void Gap(int64_t) {}
  LoadedAges Decide() const { return {0, to_us}; }
};

// Decider: static constexpr bool kEqualWindows (all of Decide() are [0, the same]), Gap(us) of each
// gap that closes, Decide() at the end of each execution.
template <class Decider>
class InstanceReplay {
 public:
  InstanceReplay(int64_t end_us, int64_t cold_us, Decider& decider)
      : end_us_(end_us), cold_us_(cold_us), decider_(decider) {}

  template <class Source>
  Outcome Run(Source&& source) {
    TimedExecution execution;
    while (source.Next(execution)) Invoke(execution);
    Settle(end_us_);
    for (const Idle& place : idle_) {
      if (place.ended_us <= end_us_) Close(place, end_us_ - place.ended_us);
    }
    outcome_.idle_seconds = static_cast<double>(idle_us_) / kSecondUs;
    outcome_.wait_seconds = static_cast<double>(wait_us_) / kSecondUs;
    return outcome_;
  }
  // Gaps that the end of the data cut; after Run.
  template <class F>
  void ForEachOpen(F&& f) const {
    for (const Idle& place : idle_) {
      if (place.ended_us <= end_us_) f(end_us_ - place.ended_us);
    }
  }

 private:
  struct Idle {
    int64_t ended_us;
    LoadedAges loaded;
  };

  void Invoke(const TimedExecution& execution) {
    const int64_t now = execution.start_us;
    Settle(now);
    ++outcome_.invocations;
    size_t at = idle_.size();
    bool warm = false;
    while (!warm && at > 0) {
      --at;
      warm = idle_[at].loaded.Holds(now - idle_[at].ended_us);
      if (Decider::kEqualWindows) break;
    }
    if (!warm) {
      ++outcome_.cold;
      ++outcome_.starts;
      at = idle_.empty() ? 0 : idle_.size() - 1;
    }
    if (!idle_.empty()) {
      const int64_t gap_us = now - idle_[at].ended_us;
      Close(idle_[at], gap_us);
      idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(at));
      decider_.Gap(gap_us);
    }
    const int64_t wait_us = warm ? 0 : cold_us_;
    wait_us_ += wait_us;
    running_.Push(now + wait_us + execution.duration_us);
    outcome_.most_at_once = std::max<uint64_t>(outcome_.most_at_once, running_.size());
  }

  // Executions that end until `now`.
  void Settle(int64_t now) {
    for (; !running_.empty() && running_.top() <= now; running_.Pop())
      idle_.push_back({running_.top(), decider_.Decide()});
  }

  void Close(const Idle& place, int64_t gap_us) {
    const auto [from, to] = place.loaded;
    idle_us_ += std::max<int64_t>(0, std::min(gap_us, to) - from);
    if (from > 0 && gap_us >= from) ++outcome_.starts;  // a pre-warm
  }

  const int64_t end_us_, cold_us_;
  Decider& decider_;
  Outcome outcome_;
  EndQueue running_;
  std::vector<Idle> idle_;  // by when it became idle
  int64_t idle_us_ = 0, wait_us_ = 0;
};

inline int64_t EndUs(const AppArrivals& app) { return static_cast<int64_t>(app.end) * kSecondUs; }

// Seconds, infinity too, in microseconds.
inline int64_t MicrosOfSeconds(double seconds) {
  return seconds < 1e12 ? std::llround(seconds * kSecondUs) : kEver;
}

template <class Decider>
Outcome ReplayOnInstances(const AppArrivals& app, Decider&& decider) {
  return WithExecutions(app, [&](auto source) {
    return InstanceReplay(EndUs(app), app.cold_us, decider).Run(source);
  });
}

}  // namespace plumbago::serverless
