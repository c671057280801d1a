#include "serverless/learned_ages.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "serverless/hazard_prior.h"
#include "serverless/idle_gaps.h"
#include "serverless/instance_ages.h"
#include "serverless/learning_slices.h"
#include "serverless/own_ages.h"

namespace plumbago::serverless {
namespace {

constexpr uint32_t kExact = OwnAges::kExact;
constexpr uint32_t kOldest = 20'160;  // two weeks; what is older counts as that
constexpr uint32_t kNever = ~0u;
constexpr uint32_t kWorth = 4;  // minutes that are worth passing at once

// What ages have in common: the place among an application's own counts, and the class of all
// applications' counts; each with the age at which the next begins. kOldest stands for all beyond.
struct AgeTables {
  std::vector<uint16_t> place = std::vector<uint16_t>(kOldest + 1);
  std::vector<uint32_t> next_place = std::vector<uint32_t>(kOldest + 1, kNever);
  std::vector<uint32_t> next_class = std::vector<uint32_t>(kOldest + 1, kNever);

  AgeTables() {
    for (uint32_t age = 0; age <= kOldest; ++age)
      place[age] = static_cast<uint16_t>(OwnAges::PlaceOf(age, 0));
    for (uint32_t age = kOldest; age-- > 0;) {
      next_place[age] = place[age] == place[age + 1] ? next_place[age + 1] : age + 1;
      const bool same = HazardPrior::AgeOf(age) == HazardPrior::AgeOf(age + 1);
      next_class[age] = same ? next_class[age + 1] : age + 1;
    }
  }
};
const AgeTables& Ages() {
  static const AgeTables tables;
  return tables;
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
        own_.resize(OwnAges::kPlaces);
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
  // The hazard as a fraction: its own counts, and the prior's as if it had so many more minutes.
  struct Hazard {
    double hits, minutes;
    bool Above(double least) const { return hits > least * minutes; }
  };
  static Hazard HazardOf(double prior, const Own& own) {
    return {own.hits + OwnAges::kPrior * prior, own.minutes + OwnAges::kPrior};
  }
  void Count(Own& own, uint32_t kind, uint64_t hits, uint64_t minutes,
             HazardPrior::Counts& counts) {
    own.hits = static_cast<uint32_t>(std::min<uint64_t>(own.hits + hits, kMost));
    own.minutes = static_cast<uint32_t>(std::min<uint64_t>(own.minutes + minutes, kMost));
    counts[kind].hits += hits;
    counts[kind].minutes += minutes;
  }
  uint32_t PlaceOf(uint32_t age, uint32_t kind) const {
    if (age >= kExact && HazardPrior::LikeGap(kind)) return OwnAges::PlaceOf(age, kind);
    return ages_.place[std::min(age, kOldest)];
  }
  // Whole minutes since the last execution, at the beginning of `minute`.
  uint32_t AgeAt(uint32_t minute) const { return minute - last_ - 1 + (last_count_ == 1 ? 1 : 0); }
  void Gap(uint32_t age, uint64_t times) {
    for (uint64_t i = 0; i < std::min<uint64_t>(times, 3); ++i)
      facts_.gaps = {age, facts_.gaps[0], facts_.gaps[1]};
    facts_.seen += times;
  }

  // Minutes from `minute` on, before `end`, in which it is certainly not loaded: they are passed at
  // once. While neither class nor likeness changes the hazard falls with every such minute, so what
  // is not above the least threshold at first is not so later. 0: there are none.
  uint32_t Unloaded(uint32_t minute, uint32_t end, const HazardPrior& prior,
                    const Thresholds& least, HazardPrior::Counts& counts) {
    const uint32_t age = AgeAt(minute);
    const uint32_t until = age >= kOldest ? kNever : ages_.next_class[age];
    if (until < age + kWorth) return 0;
    facts_.age = age;
    facts_.minute = 1;  // the first of the kinds of the clock, which follow each other
    facts_.in_minute = 0;
    const uint32_t kind = HazardPrior::KindOf(facts_);
    const double most = prior.most(kind);
    if (most > least.front() || (age >= kExact && HazardPrior::LikeGap(kind))) return 0;
    uint32_t last = std::min(end - minute, until - age);
    for (const uint32_t gap :
         {facts_.gaps[0], facts_.gaps[1], facts_.gaps[2], HazardPrior::DriftedGap(facts_)}) {
      if (gap == kNever) continue;
      for (const uint32_t at : {gap - 1, gap, gap + 1, gap + 2}) {
        if (at > age) last = std::min(last, at - age);
      }
    }
    uint32_t passed = 0;
    while (passed < last) {
      const uint32_t at = std::min(age + passed, kOldest);
      Own& own = own_[ages_.place[at]];
      if (own.hits > 0 && HazardOf(most, own).Above(least.front())) break;
      const uint32_t next = ages_.next_place[at];
      const uint32_t minutes = std::min(last, next - age) - passed;
      own.minutes = std::min(own.minutes + minutes, kMost);
      passed += minutes;
    }
    if (passed == 0) return 0;
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
    const uint32_t age = AgeAt(minute);
    facts_.age = age;
    facts_.minute = minute;
    facts_.in_minute = 0;
    const uint32_t kind = HazardPrior::KindOf(facts_);
    Own& own = own_[PlaceOf(age, kind)];
    const Hazard hazard = HazardOf(prior.hazard(kind), own);
    uint64_t loaded = 0;
    for (size_t i = 0; i < outcomes_.size(); ++i) {
      Outcome& outcome = outcomes_[i];
      if (hazard.Above(least[i])) {
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
      const Hazard hazard = HazardOf(prior.hazard(kind), own);
      // From the third on the kind stays what it is, and its own hazard only grows: who is loaded
      // stays so.
      const uint64_t times =
          hazard.Above(least.back()) && i >= 3 && facts_.seen >= 30 ? count - i : 1;
      for (size_t j = 0; j < outcomes_.size(); ++j) {
        if (hazard.Above(least[j])) {
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
    const Hazard hazard = HazardOf(prior.hazard(kind), own);
    for (size_t i = 0; i < outcomes_.size(); ++i) {
      if (hazard.Above(least[i])) {
        outcomes_[i].idle_seconds += std::min(kMinute, arrivals_.end - minute * kMinute);
      } else {
        loaded_ &= ~(uint64_t{1} << i);
      }
    }
    Count(own, kind, 0, 1, counts);
  }

  static constexpr uint32_t kMost = UINT32_MAX / 2;

  const AgeTables& ages_ = Ages();
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

// Applications whose executions take time learn from each other, and the others from each other.
std::vector<std::vector<Outcome>> ReplayApart(const std::vector<AppArrivals>& apps,
                                              std::span<const double> lambdas, unsigned threads) {
  std::vector<AppArrivals> timed, counted;
  for (const AppArrivals& app : apps) (app.timed() ? timed : counted).push_back(app);
  const auto by_count = LearnedAges::ReplayEach(counted, lambdas, threads);
  std::vector<std::vector<Outcome>> outcomes(lambdas.size());
  for (size_t i = 0; i < lambdas.size(); ++i) {
    const std::vector<Outcome> by_time = LearnAgesOfInstances(timed, lambdas[i], threads);
    size_t next_timed = 0, next_counted = 0;
    for (const AppArrivals& app : apps)
      outcomes[i].push_back(app.timed() ? by_time[next_timed++] : by_count[i][next_counted++]);
  }
  return outcomes;
}

}  // namespace

std::vector<std::vector<Outcome>> LearnedAges::ReplayEach(const std::vector<AppArrivals>& apps,
                                                          std::span<const double> lambdas,
                                                          unsigned threads) {
  if (std::any_of(apps.begin(), apps.end(), [](const AppArrivals& app) { return app.timed(); }))
    return ReplayApart(apps, lambdas, threads);
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
  LearnInSlices(
      end, states.size(), threads,
      [&](size_t i, uint32_t begin, uint32_t until, const HazardPrior& prior,
          HazardPrior::Counts& counts) { states[i].Pass(begin, until, prior, least, counts); });
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
