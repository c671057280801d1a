#include "serverless/advice/setting_policy.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <vector>

#include "serverless/fixed_window.h"
#include "serverless/idle_gaps.h"

namespace plumbago::serverless {
namespace {

// A time in which a service has nothing to do, until a request or the end of the data.
struct Idleness {
  double loaded = 0;    // seconds in which its last instance, or the clock's, is up
  uint64_t starts = 0;  // by the clock
  bool up = false;      // at its end
};

// From `from` to `to`; the instance that was used last stays until `keeps_until` (below `from`:
// there is none).
Idleness Idle(const Setting& setting, double from, double to, double keeps_until) {
  Idleness idle;
  double until = std::max(from, keeps_until);  // up so far
  idle.loaded = std::min(until, to) - from;
  idle.up = keeps_until >= to;
  bool was_up = keeps_until > from;
  if (idle.up) return idle;
  ForEachWindow(setting.schedule, from, to, setting.keep, [&](double opens, double closes) {
    if (closes >= to) idle.up = true;
    if (closes <= until || until >= to) return;
    if (opens > until || !was_up) ++idle.starts;
    was_up = true;
    idle.loaded += std::min(closes, to) - std::max(opens, until);
    until = closes;
  });
  return idle;
}

// The instances of a service, execution by execution.
class Pool {
 public:
  Pool(const Setting& setting, double begin, uint32_t slots, Outcome& outcome)
      : setting_(setting),
        others_(std::min(setting.others, setting.keep)),
        slots_(slots),
        outcome_(outcome),
        instances_(setting.always_on, Instance{true, 0, begin, 0}),
        idle_from_(begin) {
    outcome_.starts = setting.always_on;
  }

  void Request(double now, double seconds) {
    Pass(now);
    ++outcome_.invocations;
    size_t chosen = BusyWithRoom();
    if (chosen == instances_.size()) {
      chosen = LastIdle();
      if (chosen < instances_.size()) {
        outcome_.idle_seconds += now - instances_[chosen].idle_since;
      } else {
        ++outcome_.cold;
        ++outcome_.starts;
        chosen = Add();
      }
    }
    ++instances_[chosen].at_work;
    endings_.emplace(now + seconds, chosen);
  }

  // Time goes on to `now`: executions end, and idle instances that have stayed long enough go.
  void Pass(double now) {
    while (!endings_.empty() && endings_.top().first <= now) {
      const auto [at, i] = endings_.top();
      endings_.pop();
      if (--instances_[i].at_work == 0) instances_[i].idle_since = at;
      if (endings_.empty()) idle_from_ = at;
    }
    const bool alone = endings_.empty() && setting_.always_on == 0;
    const size_t last = alone ? LastIdle() : instances_.size();
    for (size_t i = setting_.always_on; i < instances_.size(); ++i) {
      Instance& instance = instances_[i];
      if (!instance.here || instance.at_work > 0 || i == last) continue;
      if (now - instance.idle_since <= others_) continue;
      outcome_.idle_seconds += others_;
      instance.here = false;
    }
    if (alone) PassLast(now, last);
  }

  void End(double now) {
    Pass(now);
    for (const Instance& instance : instances_) {
      if (instance.here && instance.at_work == 0)
        outcome_.idle_seconds += now - instance.idle_since;
    }
  }

 private:
  struct Instance {
    bool here = false;
    uint32_t at_work = 0;   // executions
    double idle_since = 0;  // what came before is counted
    uint64_t number = 0;    // by when it was started
  };

  // Of several the one that was started first; instances_.size(): there is none.
  size_t BusyWithRoom() const {
    size_t first = instances_.size();
    for (size_t i = 0; i < instances_.size(); ++i) {
      const Instance& one = instances_[i];
      if (!one.here || one.at_work == 0 || one.at_work >= slots_) continue;
      if (first == instances_.size() || one.number < instances_[first].number) first = i;
    }
    return first;
  }
  size_t LastIdle() const {
    size_t last = instances_.size();
    for (size_t i = 0; i < instances_.size(); ++i) {
      const Instance& one = instances_[i];
      if (!one.here || one.at_work > 0) continue;
      if (last == instances_.size() || one.idle_since > instances_[last].idle_since ||
          (one.idle_since == instances_[last].idle_since && one.number < instances_[last].number))
        last = i;
    }
    return last;
  }
  size_t Add() {
    size_t at = 0;
    while (at < instances_.size() && instances_[at].here) ++at;
    if (at == instances_.size()) instances_.emplace_back();
    instances_[at] = Instance{true, 0, 0, ++number_};
    return at;
  }

  // The service has been idle since idle_from_; `last`: the instance that went idle last.
  void PassLast(double now, size_t last) {
    const bool any = last < instances_.size();
    const double keeps_until = idle_from_ + (any ? setting_.keep : -1.0);
    // What this looked at before is counted already: a pool is passed on at requests only.
    const Idleness idle = Idle(setting_, idle_from_, now, keeps_until);
    outcome_.idle_seconds += idle.loaded;
    outcome_.starts += idle.starts;
    if (any && !idle.up) instances_[last].here = false;
    if (!any && idle.up) last = Add();
    if (idle.up) instances_[last].idle_since = now;
  }

  const Setting& setting_;
  const double others_;
  const uint32_t slots_;
  Outcome& outcome_;
  std::vector<Instance> instances_;  // those that are always on first
  using Ending = std::pair<double, size_t>;
  std::priority_queue<Ending, std::vector<Ending>, std::greater<>> endings_;
  double idle_from_;  // of the service, where nothing is at work
  uint64_t number_ = 0;
};

}  // namespace

Outcome SettingPolicy::ReplayApp(const AppArrivals& app) const {
  return app.executions.empty() ? ReplayMinutes(app) : ReplayExecutions(app);
}

Outcome SettingPolicy::ReplayMinutes(const AppArrivals& app) const {
  if (setting_.always_on > 0) {
    Outcome outcome;
    outcome.invocations = app.minutes->total();
    outcome.starts = setting_.always_on;
    outcome.idle_seconds = setting_.always_on * (app.end - begin_);
    return outcome;
  }
  if (setting_.schedule.empty()) return FixedWindow("keep", setting_.keep).ReplayApp(app);
  Outcome outcome;
  outcome.invocations = app.minutes->total();
  const auto pass = [&](double from, double to, double keeps_until, bool invoked) {
    const Idleness idle = Idle(setting_, from, to, keeps_until);
    outcome.idle_seconds += idle.loaded;
    outcome.starts += idle.starts;
    if (!invoked || idle.up) return;
    ++outcome.cold;
    ++outcome.starts;
  };
  double first = app.end;
  if (model::MinuteSeries::Reader reader(*app.minutes); reader.Next())
    first = reader.minute() * kMinute;
  pass(begin_, first, begin_ - 1, outcome.invocations > 0);
  if (outcome.invocations == 0) return outcome;
  const double last = ForEachGap(*app.minutes, [&](const IdleGap& gap) {
    if (gap.seconds <= setting_.keep) {
      outcome.idle_seconds += static_cast<double>(gap.times) * gap.seconds;
      return;
    }
    for (uint64_t i = 0; i < gap.times; ++i) {
      const double begins = gap.begins + static_cast<double>(i) * gap.seconds;
      pass(begins, begins + gap.seconds, begins + setting_.keep, true);
    }
  });
  pass(last, app.end, last + setting_.keep, false);
  return outcome;
}

Outcome SettingPolicy::ReplayExecutions(const AppArrivals& app) const {
  Outcome outcome;
  Pool pool(setting_, begin_, slots_, outcome);
  for (const AppExecution& execution : app.executions) {
    const double start = std::max(begin_, static_cast<double>(execution.start_us) / 1e6);
    if (start >= app.end) break;
    pool.Request(start, std::max(0.0, static_cast<double>(execution.duration_us) / 1e6));
  }
  pool.End(app.end);
  return outcome;
}

}  // namespace plumbago::serverless
