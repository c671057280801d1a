#include "serverless/learned_ages.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <numeric>
#include <utility>

#include "base/worker_threads.h"
#include "serverless/hazard_prior.h"
#include "serverless/idle_gaps.h"

namespace plumbago::serverless {
namespace {

constexpr double kOwn = 10;           // minutes of its own that weigh as much as the prior
constexpr uint32_t kExact = 360;      // ages, minutes, that an application counts one by one
constexpr uint32_t kWide = 96;        // classes of the ages beyond, 4 % wide
constexpr uint32_t kOldest = 20'160;  // two weeks; what is older counts as that
constexpr uint32_t kNever = ~0u;

// The place of an age among an application's own counts.
uint32_t OwnPlace(uint32_t age) {
  static const std::vector<uint16_t> places = [] {
    std::vector<uint16_t> all(kOldest + 1);
    uint32_t place = 0, next = 0;
    for (uint32_t at = 0; at <= kOldest; ++at) {
      if (at < kExact) {
        place = at;
      } else if (at == next || at == kExact) {
        place = std::min(at == kExact ? kExact : place + 1, kExact + kWide - 1);
        next = at + at / 24;
      }
      all[at] = static_cast<uint16_t>(place);
    }
    return all;
  }();
  return places[std::min(age, kOldest)];
}

// The next age at which the place or the class changes; kOldest + 1 and later change nothing.
uint32_t NextAge(uint32_t age) {
  static const std::vector<uint32_t> next = [] {
    std::vector<uint32_t> all(kOldest + 1);
    all[kOldest] = kNever;
    for (uint32_t at = kOldest; at-- > 0;) {
      const bool same =
          OwnPlace(at) == OwnPlace(at + 1) && HazardPrior::AgeOf(at) == HazardPrior::AgeOf(at + 1);
      all[at] = same ? all[at + 1] : at + 1;
    }
    return all;
  }();
  return age >= kOldest ? kNever : next[age];
}

// How many of the minutes [from, to) stand at each kind of time on the clock.
std::array<uint32_t, HazardPrior::kClock> ClockTimes(uint32_t from, uint32_t to) {
  const auto multiples = [&](uint32_t of) { return (to + of - 1) / of - (from + of - 1) / of; };
  const uint32_t hours = multiples(60), quarters = multiples(15), fives = multiples(5);
  return {to - from - fives, fives - quarters, quarters - hours, hours};
}

struct Own {
  uint32_t hits = 0, minutes = 0;
};

// Loaded iff the hazard is above this: for each lambda one, the least strict first.
using Thresholds = std::vector<double>;

// One application on its way through time, under each threshold.
class App {
 public:
  App(const AppArrivals& arrivals, size_t thresholds)
      : arrivals_(arrivals), reader_(*arrivals.minutes), outcomes_(thresholds) {
    more_ = reader_.Next();
    for (Outcome& outcome : outcomes_) outcome.invocations = arrivals.minutes->total();
  }
  const std::vector<Outcome>& outcomes() const { return outcomes_; }

  void Pass(uint32_t begin, uint32_t end, const HazardPrior& prior, const Thresholds& least,
            HazardPrior::Counts& counts) {
    uint32_t minute = begin;
    if (!started_) {
      if (!more_ || reader_.minute() >= end) return;
      minute = reader_.minute();
    }
    for (; minute < end; ++minute) {
      const bool invoked = more_ && reader_.minute() == minute;
      const uint64_t count = invoked ? reader_.count() : 0;
      if (started_ && !invoked) {
        const uint32_t passed =
            Unloaded(minute, more_ ? std::min(end, reader_.minute()) : end, prior, least, counts);
        if (passed > 0) {
          minute += passed - 1;
          continue;
        }
      }
      if (started_) {
        Idle(minute, count > 0, prior, least, counts);
      } else {
        own_.resize(kExact + kWide);
        for (Outcome& outcome : outcomes_) Cold(outcome);
        started_ = true;
      }
      if (!invoked) continue;
      facts_.minute_before_burst = last_count_ > 1;
      last_ = minute;
      last_count_ = count;
      Burst(minute, count, prior, least, counts);
      more_ = reader_.Next();
    }
  }

 private:
  static void Cold(Outcome& outcome) {
    ++outcome.cold;
    ++outcome.starts;
  }
  double HazardOf(uint32_t kind, const Own& own, const HazardPrior& prior) const {
    return (own.hits + kOwn * prior.hazard(kind)) / (own.minutes + kOwn);
  }
  void Count(Own& own, uint32_t kind, uint64_t hits, uint64_t minutes,
             HazardPrior::Counts& counts) {
    own.hits = static_cast<uint32_t>(std::min<uint64_t>(own.hits + hits, kMost));
    own.minutes = static_cast<uint32_t>(std::min<uint64_t>(own.minutes + minutes, kMost));
    counts[kind].hits += hits;
    counts[kind].minutes += minutes;
  }
  void Gap(uint32_t age, uint64_t times) {
    for (uint64_t i = 0; i < std::min<uint64_t>(times, 3); ++i)
      facts_.gaps = {age, facts_.gaps[0], facts_.gaps[1]};
    facts_.seen += times;
  }

  // Minutes from `minute` on, before `end`, in which it is certainly not loaded and nothing of what
  // it is judged by changes: at high ages, where there are many such, they are passed at once. 0:
  // there are none.
  uint32_t Unloaded(uint32_t minute, uint32_t end, const HazardPrior& prior,
                    const Thresholds& least, HazardPrior::Counts& counts) {
    const uint32_t age = minute - last_ - 1 + (last_count_ == 1 ? 1 : 0);
    if (age < kExact) return 0;
    facts_.age = age;
    facts_.minute = 1;  // the first of the kinds of the clock, which follow each other
    facts_.in_minute = 0;
    const uint32_t kind = HazardPrior::KindOf(facts_);
    Own& own = own_[OwnPlace(age)];
    for (uint32_t clock = 0; clock < HazardPrior::kClock; ++clock) {
      if (HazardOf(kind + clock, own, prior) > least.front()) return 0;
    }
    uint32_t until = NextAge(age);
    for (const uint32_t gap : facts_.gaps) {
      if (gap == kNever) continue;
      for (const uint32_t at : {gap - 1, gap, gap + 1, gap + 2}) {
        if (at > age) until = std::min(until, at);
      }
    }
    const uint32_t passed = std::min(end - minute, until - age);
    own.minutes = static_cast<uint32_t>(std::min<uint64_t>(own.minutes + passed, kMost));
    const auto times = ClockTimes(minute, minute + passed);
    for (uint32_t clock = 0; clock < HazardPrior::kClock; ++clock)
      counts[kind + clock].minutes += times[clock];
    loaded_ = 0;
    return passed;
  }

  // A minute of idleness, at whose beginning an invocation may come.
  void Idle(uint32_t minute, bool invoked, const HazardPrior& prior, const Thresholds& least,
            HazardPrior::Counts& counts) {
    const double rest = kMinute / static_cast<double>(last_count_);
    const uint32_t between = minute - last_ - 1;
    const uint32_t age = between + (last_count_ == 1 ? 1 : 0);
    facts_.age = age;
    facts_.minute = minute;
    facts_.in_minute = 0;
    const uint32_t kind = HazardPrior::KindOf(facts_);
    Own& own = own_[OwnPlace(age)];
    const double hazard = HazardOf(kind, own, prior);
    uint64_t loaded = 0;
    for (size_t i = 0; i < outcomes_.size(); ++i) {
      Outcome& outcome = outcomes_[i];
      if (hazard > least[i]) {
        loaded |= uint64_t{1} << i;
        const double ends =
            invoked ? between * kMinute + rest : arrivals_.end - last_ * kMinute - (kMinute - rest);
        const double idle = ends - age * kMinute;
        outcome.idle_seconds += invoked ? idle : std::min(kMinute, std::max(0.0, idle));
        if ((loaded_ >> i & 1) == 0) ++outcome.starts;
      } else if (invoked) {
        Cold(outcome);
      }
    }
    loaded_ = invoked ? ~uint64_t{0} : loaded;
    Count(own, kind, invoked ? 1 : 0, 1, counts);
    if (invoked) Gap(age, 1);
  }

  // The other invocations of a minute, evenly spread.
  void Burst(uint32_t minute, uint64_t count, const HazardPrior& prior, const Thresholds& least,
             HazardPrior::Counts& counts) {
    facts_.age = 0;
    facts_.minute = minute;
    Own& own = own_[0];
    const double gap = kMinute / static_cast<double>(count);
    for (uint64_t i = 1; i < count; ++i) {
      facts_.in_minute = i;
      const uint32_t kind = HazardPrior::KindOf(facts_);
      const double hazard = HazardOf(kind, own, prior);
      // From the third on the kind stays what it is, and its own hazard only grows: who is loaded
      // stays so.
      const uint64_t times = hazard > least.back() && i >= 3 && facts_.seen >= 30 ? count - i : 1;
      for (size_t j = 0; j < outcomes_.size(); ++j) {
        if (hazard > least[j]) {
          outcomes_[j].idle_seconds += static_cast<double>(times) * gap;
        } else {
          Cold(outcomes_[j]);
        }
      }
      Count(own, kind, times, times, counts);
      Gap(0, times);
      facts_.was_burst = true;
      i += times - 1;
    }
    loaded_ = ~uint64_t{0};
    if (count > 1) return;
    facts_.in_minute = 1;
    const uint32_t kind = HazardPrior::KindOf(facts_);
    const double hazard = HazardOf(kind, own, prior);
    for (size_t i = 0; i < outcomes_.size(); ++i) {
      if (hazard > least[i]) {
        outcomes_[i].idle_seconds += std::min(kMinute, arrivals_.end - minute * kMinute);
      } else {
        loaded_ &= ~(uint64_t{1} << i);
      }
    }
    Count(own, kind, 0, 1, counts);
  }

  static constexpr uint64_t kMost = UINT32_MAX / 2;

  const AppArrivals& arrivals_;
  model::MinuteSeries::Reader reader_;
  std::vector<Outcome> outcomes_;  // one a threshold
  std::vector<Own> own_;
  IdleFacts facts_;
  uint64_t last_count_ = 0;
  uint32_t last_ = 0;
  bool more_ = false, started_ = false;
  uint64_t loaded_ = 0;  // in the minute before; a bit a threshold
};

}  // namespace

std::vector<std::vector<Outcome>> LearnedAges::ReplayEach(const std::vector<AppArrivals>& apps,
                                                          std::span<const double> lambdas,
                                                          unsigned threads) {
  std::vector<size_t> order(lambdas.size());  // the least strict first
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return lambdas[a] > lambdas[b]; });
  Thresholds least;
  for (const size_t i : order) least.push_back(kMinute / lambdas[i]);
  std::vector<App> states;
  states.reserve(apps.size());
  double end_seconds = 0;
  for (const AppArrivals& app : apps) {
    states.emplace_back(app, least.size());
    end_seconds = std::max(end_seconds, app.end);
  }
  const auto end = static_cast<uint32_t>(end_seconds / kMinute);
  HazardPrior prior;
  const unsigned workers = std::max(1u, threads);
  std::vector<HazardPrior::Counts> counts(workers);
  prior.Learn(counts[0]);
  for (uint32_t begin = 0, until = 1; begin < end; begin = until) {
    until = std::min(end, begin + std::clamp(begin / 16, 1u, 120u));
    std::atomic<size_t> next{0};
    const auto work = [&](unsigned self) {
      constexpr size_t kAtOnce = 64;
      for (size_t first; (first = next.fetch_add(kAtOnce)) < states.size();) {
        for (size_t i = first; i < std::min(first + kAtOnce, states.size()); ++i)
          states[i].Pass(begin, until, prior, least, counts[self]);
      }
    };
    RunOnThreads(workers, work);
    work(0);  // what a thread that could not be started has left
    HazardPrior::Counts all{};
    for (HazardPrior::Counts& one : counts) {
      for (uint32_t kind = 0; kind < HazardPrior::kKinds; ++kind) {
        all[kind].hits += one[kind].hits;
        all[kind].minutes += one[kind].minutes;
      }
      one = {};
    }
    prior.Learn(all);
  }
  std::vector<std::vector<Outcome>> outcomes(lambdas.size(), std::vector<Outcome>(apps.size()));
  for (size_t i = 0; i < order.size(); ++i) {
    for (size_t app = 0; app < apps.size(); ++app)
      outcomes[order[i]][app] = states[app].outcomes()[i];
  }
  return outcomes;
}

std::vector<Outcome> LearnedAges::Replay(const std::vector<AppArrivals>& apps,
                                         unsigned threads) const {
  return std::move(ReplayEach(apps, std::span(&lambda_, 1), threads).front());
}

}  // namespace plumbago::serverless
