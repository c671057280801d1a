#include "serverless/instance_ages.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "serverless/end_queue.h"
#include "serverless/execution_source.h"
#include "serverless/hazard_prior.h"
#include "serverless/instance_replay.h"
#include "serverless/learning_slices.h"
#include "serverless/own_ages.h"

namespace plumbago::serverless {
namespace {

constexpr int64_t kNotAgain = kEver;

// One application on its way through time.
class App {
 public:
  App(const AppArrivals& app, double least)
      : end_us_(EndUs(app)),
        cold_us_(app.cold_us),
        least_(least),
        source_(WithExecutions(app, [](auto source) { return Source(std::move(source)); })) {
    Next();
  }

  // What happens before `until`, later calls later. All of `prior` was learnt before.
  void Pass(int64_t until, const HazardPrior& prior, HazardPrior::Counts& counts) {
    while (more_ && next_.start_us < until) {
      Advance(next_.start_us, prior, counts);
      Invoke(counts);
      Next();
    }
    Advance(until - 1, prior, counts);
  }

  Outcome Conclude() {
    for (Idle& place : idle_) Account(place, end_us_);
    outcome_.idle_seconds = static_cast<double>(idle_us_) / kSecondUs;
    outcome_.wait_seconds = static_cast<double>(wait_us_) / kSecondUs;
    return outcome_;
  }

 private:
  struct Idle {
    int64_t ended_us;
    int64_t judged_next_us;  // kNotAgain: given up
    uint32_t kind;           // of the minute at hand
    bool loaded;             // in the minute at hand
  };

  using Source = std::variant<LogExecutions, AverageExecutions>;

  void Next() {
    more_ = std::visit([&](auto& source) { return source.Next(next_); }, source_);
  }
  int64_t FirstJudged() const {
    int64_t first = kNotAgain;
    for (size_t i = given_up_; i < idle_.size(); ++i)
      first = std::min(first, idle_[i].judged_next_us);
    return first;
  }

  // Ends and judgements up to `now`, ends before judgements of the same time.
  void Advance(int64_t now, const HazardPrior& prior, HazardPrior::Counts& counts) {
    while (true) {
      const int64_t ends = running_.empty() ? kEver : running_.top();
      if (ends > now && next_judged_ > now) return;
      if (ends <= next_judged_) {
        running_.Pop();
        idle_.push_back({ends, ends, 0, true});
        next_judged_ = ends;
        continue;
      }
      const int64_t time = next_judged_;
      for (size_t i = given_up_; i < idle_.size(); ++i) {
        if (idle_[i].judged_next_us == time) Judge(i, prior, counts);
      }
      next_judged_ = FirstJudged();
    }
  }

  void Judge(size_t at, const HazardPrior& prior, HazardPrior::Counts& counts) {
    Idle& place = idle_[at];
    const int64_t begins = place.judged_next_us;
    const auto age = static_cast<uint32_t>((begins - place.ended_us) / kMinuteUs);
    if (age >= OwnAges::kExact && at + 1 < idle_.size()) {
      Account(place, begins);
      place.loaded = false;
      place.judged_next_us = kNotAgain;
      ++given_up_;  // all below have been idle for longer, and are given up
      return;
    }
    facts_.age = age;
    facts_.minute = static_cast<uint32_t>(std::max<int64_t>(0, begins + kMinuteUs - 1) / kMinuteUs);
    facts_.in_minute = begins / kMinuteUs == minute_ ? in_minute_ : 0;
    place.kind = HazardPrior::KindOf(facts_);
    const bool loaded = own_->Above(age, place.kind, prior.hazard(place.kind), least_);
    Account(place, begins);
    if (loaded && !place.loaded) ++outcome_.starts;
    place.loaded = loaded;
    place.judged_next_us = begins + kMinuteUs;
    own_->AddMinute(age, place.kind);
    ++counts[place.kind].minutes;
  }

  // The minute at hand up to `now`.
  void Account(const Idle& place, int64_t now) {
    if (!place.loaded) return;
    const auto begins =
        place.judged_next_us == place.ended_us ? place.ended_us : place.judged_next_us - kMinuteUs;
    idle_us_ += std::clamp<int64_t>(std::min(now, end_us_) - begins, 0, kMinuteUs);
  }

  void Invoke(HazardPrior::Counts& counts) {
    const int64_t now = next_.start_us;
    if (own_ == nullptr) own_ = std::make_unique<OwnAges>();
    ++outcome_.invocations;
    size_t at = idle_.size();
    while (at > given_up_ && !idle_[at - 1].loaded) --at;
    const bool warm = at > given_up_;
    if (!warm) {
      ++outcome_.cold;
      ++outcome_.starts;
      at = idle_.size();
    }
    if (at > 0) Take(at - 1, now, counts);
    CountInMinute(now / kMinuteUs);
    const int64_t wait_us = warm ? 0 : cold_us_;
    wait_us_ += wait_us;
    running_.Push(now + wait_us + next_.duration_us);
    outcome_.most_at_once = std::max<uint64_t>(outcome_.most_at_once, running_.size());
  }

  void Take(size_t at, int64_t now, HazardPrior::Counts& counts) {
    const Idle place = idle_[at];
    idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(at));
    Account(place, now);
    const auto age = static_cast<uint32_t>((now - place.ended_us) / kMinuteUs);
    if (place.judged_next_us == kNotAgain) {
      --given_up_;  // its minute was not counted
    } else {
      own_->AddHit(age, place.kind);
      ++counts[place.kind].hits;
    }
    facts_.gaps = {age, facts_.gaps[0], facts_.gaps[1]};
    ++facts_.seen;
    next_judged_ = FirstJudged();
  }

  void CountInMinute(int64_t minute) {
    if (in_minute_ == 0 || minute != minute_) {
      facts_.minute_before_burst = in_minute_ > 1;
      minute_ = minute;
      in_minute_ = 0;
    }
    if (++in_minute_ > 1) facts_.was_burst = true;
  }

  const int64_t end_us_, cold_us_;
  const double least_;
  Source source_;
  TimedExecution next_;
  bool more_ = false;
  EndQueue running_;
  std::vector<Idle> idle_;  // by when it became idle
  size_t given_up_ = 0;     // so many in front of these
  int64_t next_judged_ = kNotAgain;
  std::unique_ptr<OwnAges> own_;
  IdleFacts facts_;
  int64_t minute_ = 0;      // of the last invocation
  uint64_t in_minute_ = 0;  // invocations in it
  Outcome outcome_;
  int64_t idle_us_ = 0, wait_us_ = 0;
};

}  // namespace

std::vector<Outcome> LearnAgesOfInstances(const std::vector<AppArrivals>& apps, double lambda,
                                          unsigned threads) {
  std::vector<App> states;
  states.reserve(apps.size());
  double end_seconds = 0;
  for (const AppArrivals& app : apps) {
    states.emplace_back(app, 60 / lambda);
    end_seconds = std::max(end_seconds, app.end);
  }
  const auto end = static_cast<uint32_t>(end_seconds / 60);
  LearnInSlices(
      end, states.size(), threads,
      [&](size_t i, uint32_t, uint32_t until, const HazardPrior& prior,
          HazardPrior::Counts& counts) { states[i].Pass(until * kMinuteUs, prior, counts); });
  std::vector<Outcome> outcomes;
  outcomes.reserve(states.size());
  for (App& state : states) outcomes.push_back(state.Conclude());
  return outcomes;
}

}  // namespace plumbago::serverless
