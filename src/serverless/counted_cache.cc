#include "serverless/counted_cache.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

#include "base/interrupt.h"
#include "model/minute_series.h"
#include "serverless/idle_gaps.h"

namespace plumbago::serverless {
namespace {

constexpr uint32_t kNone = ~0u;

// Within a minute: its share that has passed, and whose turn it is. Shares i / c are equal as
// doubles iff they are equal, and in order, for counts up to 2^26 a minute.
struct Moment {
  double share;
  uint32_t app;
  friend auto operator<=>(const Moment&, const Moment&) = default;
};

// The least is evicted first: the least priority, then who was used longest ago.
struct Rank {
  double priority;
  double share;  // of `minute`, at the last use
  uint32_t minute, app;
  bool operator==(const Rank&) const = default;
};
static_assert(sizeof(Rank) == 24);

// A heap whose least can be replaced in one go; four children a node.
class RankHeap {
 public:
  const Rank& top() const { return ranks_.front(); }
  void Push(const Rank& rank) {
    size_t at = ranks_.size();
    ranks_.push_back(rank);
    for (; at > 0 && Before(rank, ranks_[(at - 1) / 4]); at = (at - 1) / 4)
      ranks_[at] = ranks_[(at - 1) / 4];
    ranks_[at] = rank;
  }
  void Pop() {
    const Rank last = ranks_.back();
    ranks_.pop_back();
    if (!ranks_.empty()) ReplaceTop(last);
  }
  void ReplaceTop(const Rank& rank) {
    size_t at = 0;
    for (size_t child; (child = 4 * at + 1) < ranks_.size();) {
      size_t least = child;
      for (size_t other = child + 1; other < std::min(child + 4, ranks_.size()); ++other) {
        if (Before(ranks_[other], ranks_[least])) least = other;
      }
      if (!Before(ranks_[least], rank)) break;
      ranks_[at] = ranks_[least];
      at = least;
    }
    ranks_[at] = rank;
  }

 private:
  static bool Before(const Rank& a, const Rank& b) {
    if (a.priority != b.priority) return a.priority < b.priority;
    if (a.minute != b.minute) return a.minute < b.minute;
    return a.share != b.share ? a.share < b.share : a.app < b.app;
  }
  std::vector<Rank> ranks_;
};

class CountedCache {
 public:
  CountedCache(const std::vector<AppArrivals>& apps, CacheRule rule, int64_t bytes)
      : rule_(rule),
        bytes_(bytes),
        free_(bytes),
        traits_(CachedApps(apps)),
        outcomes_(apps.size()) {
    double end = 0;
    states_.reserve(apps.size());
    for (const AppArrivals& app : apps) {
      states_.emplace_back(*app.minutes);
      end = std::max(end, app.end);
    }
    end_ = end;
    const auto minutes = static_cast<uint32_t>(end / kMinute);
    first_of_.assign(minutes, kNone);
    next_.assign(apps.size(), kNone);
    for (uint32_t app = 0; app < apps.size(); ++app) {
      outcomes_[app].invocations = apps[app].minutes->total();
      Schedule(app);
    }
  }

  std::vector<Outcome> Run() {
    for (minute_ = 0; minute_ < first_of_.size() && !Interrupted(); ++minute_) Pass();
    for (uint32_t app = 0; app < states_.size(); ++app) {
      if (states_[app].loaded) outcomes_[app].idle_seconds += end_ - states_[app].loaded_at;
    }
    return std::move(outcomes_);
  }

 private:
  struct State {
    explicit State(const model::MinuteSeries& minutes) : reader(minutes) {}
    model::MinuteSeries::Reader reader;
    bool loaded = false;
    uint32_t active = kNone;          // the minute that `count` is of
    uint64_t count = 0, settled = 0;  // invocations of it; of these, taken note of
    uint64_t uses = 0;                // since it was loaded
    double loaded_at = 0;
    Rank rank{};
  };
  struct Eviction {
    Moment at;
    double clock;  // from then on
  };

  void Schedule(uint32_t app) {
    State& state = states_[app];
    if (!state.reader.Next() || state.reader.minute() >= first_of_.size()) return;
    next_[app] = first_of_[state.reader.minute()];
    first_of_[state.reader.minute()] = app;
  }

  void Pass() {
    active_.clear();
    for (uint32_t app = first_of_[minute_]; app != kNone; app = next_[app]) {
      State& state = states_[app];
      state.active = minute_;
      state.count = state.reader.count();
      state.settled = 0;
      active_.push_back(app);
      if (state.loaded) continue;
      if (traits_[app].bytes > bytes_) {
        outcomes_[app].dropped += state.count;
        state.active = kNone;
        continue;
      }
      misses_.push({0, app});
    }
    evictions_.clear();
    clock_before_ = clock_;
    while (!misses_.empty()) {
      const Moment now = misses_.top();
      misses_.pop();
      Miss(now);
    }
    for (const uint32_t app : active_) {
      Settle(app, states_[app].count);
      Schedule(app);
    }
  }

  void Miss(const Moment& now) {
    const CachedApp& traits = traits_[now.app];
    while (free_ < traits.bytes) EvictOne(now);
    State& state = states_[now.app];
    state.loaded = true;
    state.loaded_at = (minute_ + now.share) * kMinute;
    state.uses = 1;
    ++state.settled;
    state.rank = {CachePriority(rule_, traits, clock_, 1), now.share, minute_, now.app};
    ranks_.Push(state.rank);
    free_ -= traits.bytes;
    ++outcomes_[now.app].cold;
    ++outcomes_[now.app].starts;
  }

  void EvictOne(const Moment& now) {
    while (true) {
      const Rank known = ranks_.top();
      const uint32_t app = known.app;
      State& state = states_[app];
      if (state.active == minute_) Settle(app, UsesBefore(now, app));
      if (!(state.rank == known)) {
        ranks_.ReplaceTop(state.rank);
        continue;
      }
      ranks_.Pop();
      state.loaded = false;
      state.uses = 0;
      free_ += traits_[app].bytes;
      clock_ = std::max(clock_, known.priority);
      evictions_.push_back({now, clock_});
      outcomes_[app].idle_seconds += (minute_ + now.share) * kMinute - state.loaded_at;
      if (state.active == minute_ && state.settled < state.count)
        misses_.push({Share(state, state.settled), app});
      return;
    }
  }

  static double Share(const State& state, uint64_t i) {
    return static_cast<double>(i) / static_cast<double>(state.count);
  }

  // How many invocations of `app` come before this moment, in this minute.
  uint64_t UsesBefore(const Moment& now, uint32_t app) const {
    const State& state = states_[app];
    auto i = static_cast<uint64_t>(now.share * static_cast<double>(state.count));
    while (i < state.count && Moment{Share(state, i), app} < now) ++i;
    while (i > 0 && !(Moment{Share(state, i - 1), app} < now)) --i;
    return i;
  }

  double ClockAt(const Moment& moment) const {
    const auto after =
        std::upper_bound(evictions_.begin(), evictions_.end(), moment,
                         [](const Moment& m, const Eviction& e) { return m < e.at; });
    return after == evictions_.begin() ? clock_before_ : std::prev(after)->clock;
  }

  // The first `count` invocations of this minute have come, and met it loaded since the last ones
  // that were taken note of.
  void Settle(uint32_t app, uint64_t count) {
    State& state = states_[app];
    if (!state.loaded || count <= state.settled || state.active != minute_) return;
    state.uses += count - state.settled;
    state.settled = count;
    const Moment used{Share(state, count - 1), app};
    state.rank = {CachePriority(rule_, traits_[app], ClockAt(used), state.uses), used.share,
                  minute_, app};
  }

  const CacheRule rule_;
  const int64_t bytes_;
  int64_t free_;
  const std::vector<CachedApp> traits_;
  std::vector<Outcome> outcomes_;
  std::vector<State> states_;
  double end_ = 0, clock_ = 0, clock_before_ = 0;
  uint32_t minute_ = 0;
  // The applications that are active in a minute: the first of each, and who follows whom.
  std::vector<uint32_t> first_of_, next_;
  std::vector<uint32_t> active_;
  std::priority_queue<Moment, std::vector<Moment>, std::greater<>> misses_;
  // One of each that is loaded, as known once: bounds from below.
  RankHeap ranks_;
  std::vector<Eviction> evictions_;  // of this minute
};

}  // namespace

std::vector<Outcome> ReplayCountedCache(const std::vector<AppArrivals>& apps, CacheRule rule,
                                        int64_t bytes) {
  return CountedCache(apps, rule, bytes).Run();
}

}  // namespace plumbago::serverless
