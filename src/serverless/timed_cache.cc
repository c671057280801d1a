#include "serverless/timed_cache.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <set>
#include <tuple>
#include <utility>
#include <variant>

#include "base/interrupt.h"
#include "serverless/execution_source.h"
#include "serverless/instance_replay.h"

namespace plumbago::serverless {
namespace {

using Source = std::variant<LogExecutions, AverageExecutions>;

class TimedCache {
 public:
  TimedCache(const std::vector<AppArrivals>& apps, CacheRule rule, int64_t bytes)
      : rule_(rule), free_(bytes), traits_(CachedApps(apps)), outcomes_(apps.size()) {
    states_.reserve(apps.size());
    for (uint32_t app = 0; app < apps.size(); ++app) {
      states_.push_back(
          {WithExecutions(apps[app], [](auto source) { return Source(std::move(source)); })});
      states_[app].cold_us = apps[app].cold_us;
      end_us_ = std::max(end_us_, EndUs(apps[app]));
      Next(app);
    }
  }

  std::vector<Outcome> Run() {
    while (!arrivals_.empty() && !Interrupted()) {
      const auto [now, app] = arrivals_.top();
      arrivals_.pop();
      Settle(now);
      Invoke(now, app);
      Next(app);
    }
    Settle(end_us_);
    for (uint32_t app = 0; app < states_.size(); ++app) {
      for (const Idle& instance : states_[app].idle) AddIdle(app, instance, end_us_);
      outcomes_[app].idle_seconds = static_cast<double>(states_[app].idle_us) / kSecondUs;
      outcomes_[app].wait_seconds = static_cast<double>(states_[app].wait_us) / kSecondUs;
    }
    return std::move(outcomes_);
  }

 private:
  // The least is evicted first; `number` of the invocation that used it last.
  struct Rank {
    double priority;
    uint64_t number;
    uint32_t app;
    bool operator<(const Rank& other) const {
      return std::tie(priority, number) < std::tie(other.priority, other.number);
    }
  };
  struct Idle {
    int64_t ended_us;
    Rank rank;
  };
  struct State {
    Source source;
    TimedExecution next = {};
    int64_t cold_us = 0;
    uint64_t uses = 0;       // since none of it was left
    uint64_t instances = 0;  // at work or idle
    uint64_t running = 0;
    std::vector<Idle> idle = {};  // by when they became idle
    int64_t idle_us = 0, wait_us = 0;
  };
  struct Running {
    int64_t ends_us;
    Rank rank;
    bool operator>(const Running& other) const {
      return std::tie(ends_us, rank.number) > std::tie(other.ends_us, other.rank.number);
    }
  };

  void Next(uint32_t app) {
    State& state = states_[app];
    if (std::visit([&](auto& source) { return source.Next(state.next); }, state.source))
      arrivals_.emplace(state.next.start_us, app);
  }

  void Settle(int64_t now) {
    for (; !running_.empty() && running_.top().ends_us <= now; running_.pop()) {
      const Running& ended = running_.top();
      State& state = states_[ended.rank.app];
      state.idle.push_back({ended.ends_us, ended.rank});
      --state.running;
      idle_.insert(ended.rank);
      idle_bytes_ += traits_[ended.rank.app].bytes;
    }
  }

  void AddIdle(uint32_t app, const Idle& instance, int64_t until) {
    states_[app].idle_us += std::max<int64_t>(0, std::min(until, end_us_) - instance.ended_us);
  }

  void Invoke(int64_t now, uint32_t app) {
    State& state = states_[app];
    Outcome& outcome = outcomes_[app];
    const int64_t bytes = traits_[app].bytes;
    ++outcome.invocations;
    int64_t wait_us = 0;
    if (!state.idle.empty()) {
      AddIdle(app, state.idle.back(), now);
      idle_.erase(state.idle.back().rank);
      idle_bytes_ -= bytes;
      state.idle.pop_back();
    } else if (bytes > free_ + idle_bytes_) {
      ++outcome.dropped;
      return;
    } else {
      while (free_ < bytes) EvictOne(now);
      free_ -= bytes;
      ++state.instances;
      ++outcome.cold;
      ++outcome.starts;
      wait_us = state.cold_us;
      state.wait_us += wait_us;
    }
    ++state.uses;
    ++number_;
    running_.push({now + wait_us + state.next.duration_us,
                   {CachePriority(rule_, traits_[app], clock_, state.uses), number_, app}});
    outcome.most_at_once = std::max(outcome.most_at_once, ++state.running);
  }

  void EvictOne(int64_t now) {
    const Rank victim = *idle_.begin();
    idle_.erase(idle_.begin());
    State& state = states_[victim.app];
    const auto at = std::find_if(state.idle.begin(), state.idle.end(),
                                 [&](const Idle& one) { return one.rank.number == victim.number; });
    AddIdle(victim.app, *at, now);
    state.idle.erase(at);
    if (--state.instances == 0) state.uses = 0;
    free_ += traits_[victim.app].bytes;
    idle_bytes_ -= traits_[victim.app].bytes;
    clock_ = std::max(clock_, victim.priority);
  }

  const CacheRule rule_;
  int64_t free_, idle_bytes_ = 0, end_us_ = 0;
  const std::vector<CachedApp> traits_;
  std::vector<Outcome> outcomes_;
  std::vector<State> states_;
  double clock_ = 0;
  uint64_t number_ = 0;  // of invocations that ran
  using Arrival = std::pair<int64_t, uint32_t>;
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals_;
  std::priority_queue<Running, std::vector<Running>, std::greater<>> running_;
  std::set<Rank> idle_;
};

}  // namespace

std::vector<Outcome> ReplayTimedCache(const std::vector<AppArrivals>& apps, CacheRule rule,
                                      int64_t bytes) {
  return TimedCache(apps, rule, bytes).Run();
}

}  // namespace plumbago::serverless
