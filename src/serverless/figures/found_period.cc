#include "serverless/figures/found_period.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace plumbago::serverless {
namespace {

constexpr uint32_t kLongest = 7 * 1440;
constexpr uint32_t kBursts = 30;      // from this lag on events are the first minutes of bursts
constexpr size_t kMostTrials = 1000;  // events that are asked, evenly chosen
constexpr size_t kMostGaps = 6;
constexpr double kHolds = 0.01;
constexpr std::array<uint32_t, 21> kRound = {
    2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 90, 120, 180, 240, 300, 360, 480, 720, 1440, kLongest};

// Minutes by which an event may be off: timers are late, and counted when they end.
uint32_t SlackOf(uint32_t period) { return period < 10 ? 0 : period < 120 ? 1 : 3; }

// Minutes with an event as bits, with room around for lags beside the data.
class Bits {
 public:
  static constexpr uint32_t kRoom = 64;

  Bits(uint32_t first, uint32_t end) : first_(first), words_((end - first) / 64 + 4) {}
  void Set(uint32_t minute) {
    const auto at = static_cast<uint32_t>(minute - first_ + kRoom);
    words_[at / 64] |= uint64_t{1} << (at % 64);
  }
  // The 64 minutes from `minute` on; none where it lies outside.
  uint64_t From(int64_t minute) const {
    const int64_t at = minute - first_ + kRoom;
    if (at < 0 || at + 64 >= static_cast<int64_t>(words_.size()) * 64) return 0;
    const auto word = static_cast<size_t>(at / 64);
    const auto bit = static_cast<uint32_t>(at % 64);
    return bit == 0 ? words_[word] : words_[word] >> bit | words_[word + 1] << (64 - bit);
  }
  // Whether any of [minute, minute + n) is set; n < 64.
  bool Any(int64_t minute, uint32_t n) const {
    return (From(minute) & ((uint64_t{1} << n) - 1)) != 0;
  }

 private:
  int64_t first_;
  std::vector<uint64_t> words_;
};

struct Events {
  std::vector<uint32_t> active, starts;
  std::vector<uint64_t> counts;
};

Events EventsOf(const model::MinuteSeries& series) {
  Events events;
  series.ForEach([&](uint32_t minute, uint64_t count) {
    if (events.active.empty() || events.active.back() + 1 != minute)
      events.starts.push_back(minute);
    events.active.push_back(minute);
    events.counts.push_back(count);
  });
  return events;
}

std::optional<FoundPeriod> EveryMinute(const Events& events) {
  const size_t n = events.active.size();
  const uint32_t span = events.active.back() - events.active.front() + 1;
  constexpr size_t kFewest = 30;
  if (n < kFewest || static_cast<double>(n) < 0.95 * span) return std::nullopt;
  std::vector<uint64_t> counts = events.counts;
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(n / 2);
  std::nth_element(counts.begin(), middle, counts.end());
  const uint64_t usual = *middle;
  uint64_t same = 0, of_same = 0, all = 0;
  for (const uint64_t count : events.counts) {
    all += count;
    if (count != usual) continue;
    ++same;
    of_same += count;
  }
  if (static_cast<double>(same) < 0.9 * static_cast<double>(n)) return std::nullopt;
  FoundPeriod found;
  found.minutes = 1;
  found.mean = 1;
  // Under Poisson no count is more likely than e^-1: that of 1 at a mean of 1.
  found.p = BinomialTail(same, n, std::exp(-1));
  found.hit_share = static_cast<double>(n) / span;
  found.explained = static_cast<double>(of_same) / static_cast<double>(all);
  found.on_clock = true;
  found.events = n;
  return found;
}

std::vector<uint32_t> Candidates(const Events& events, uint32_t span) {
  std::vector<uint32_t> candidates(kRound.begin(), kRound.end());
  std::vector<uint32_t> counts(kLongest + 1), gaps;
  const auto count = [&](uint32_t gap) {
    if (gap < 2 || gap > kLongest) return;
    if (counts[gap]++ == 0) gaps.push_back(gap);
  };
  const std::vector<uint32_t>& at = events.starts;
  for (size_t i = 1; i < at.size(); ++i) {
    count(at[i] - at[i - 1]);
    // Of two events between, too: another event may have come in.
    if (i >= 2) count(at[i] - at[i - 2]);
  }
  std::vector<std::pair<uint32_t, uint32_t>> by_count;
  for (const uint32_t gap : gaps) {
    if (counts[gap] > 1) by_count.emplace_back(counts[gap], gap);
  }
  const size_t kept = std::min(kMostGaps, by_count.size());
  std::partial_sort(by_count.begin(), by_count.begin() + static_cast<std::ptrdiff_t>(kept),
                    by_count.end(), [](const auto& a, const auto& b) {
                      return a.first != b.first ? a.first > b.first : a.second < b.second;
                    });
  for (size_t i = 0; i < kept; ++i) candidates.push_back(by_count[i].second);
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  std::erase_if(candidates, [&](uint32_t period) { return period > kLongest || period >= span; });
  return candidates;
}

struct Tried {
  uint32_t period = 0;
  uint64_t trials = 0, hits = 0;
  double p = 1;

  double share() const {
    return trials > 0 ? static_cast<double>(hits) / static_cast<double>(trials) : 0;
  }
};

// Up to half an hour the events are all active minutes: the events of bursts have fewer and fewer
// followers the later, so the lag before P has no fewer than P, and no burst looks like a period.
// Longer periods ask for the first minutes of what goes on.
const std::vector<uint32_t>& EventsFor(const Events& events, uint32_t period) {
  return period < kBursts ? events.active : events.starts;
}

Tried Try(const Events& events, const Bits& active, const Bits& starts, uint32_t period,
          uint32_t end) {
  Tried tried;
  tried.period = period;
  const Bits& bits = period < kBursts ? active : starts;
  const std::vector<uint32_t>& from = EventsFor(events, period);
  const uint32_t slack = SlackOf(period), width = 2 * slack + 1;
  // Five windows in one row: two before P, that at P, two behind it, as wide as each other; those
  // that lie half a period away are not looked at.
  const uint64_t mask = (uint64_t{1} << width) - 1;
  const uint32_t nearest = period < 4 * width ? 1 : 0, flanks = 2 * (2 - nearest);
  const size_t n = from.size();
  const size_t stride = n / kMostTrials + 1;
  std::array<uint64_t, 5> hits{};
  for (size_t i = 0; i < n; i += stride) {
    const int64_t at = int64_t{from[i]} + period - slack;
    if (at + width > end) break;
    ++tried.trials;
    const uint64_t row = bits.From(at - 2 * int64_t{width});
    for (uint32_t w = 0; w < 5; ++w) hits[w] += (row >> (w * width) & mask) != 0;
  }
  tried.hits = hits[2];
  if (tried.trials == 0) return tried;
  const double density = static_cast<double>(n) * width /
                         static_cast<double>(events.active.back() - events.active.front() + 1);
  // The likeliest of the lags beside it, not their mean: where followers become fewer with the lag
  // the one before P has more than P.
  uint64_t most = std::max(hits[1], hits[3]);
  if (nearest == 0) most = std::max({most, hits[0], hits[4]});
  const auto trials = static_cast<double>(tried.trials);
  const double beside_it = most > 0 ? (static_cast<double>(most) + 1) / (trials + 2)
                                    : 1 / (static_cast<double>(flanks) * trials + 2);
  const double chance = std::min(std::max(density, beside_it), 1.0);
  tried.p = BinomialTail(tried.hits, tried.trials, chance);
  return tried;
}

void Describe(const Events& events, const Bits& active, const Bits& starts, uint32_t period,
              FoundPeriod& found) {
  const uint32_t slack = SlackOf(period), width = 2 * slack + 1;
  uint64_t explained = 0, all = 0;
  for (size_t i = 0; i < events.active.size(); ++i) {
    all += events.counts[i];
    const int64_t at = events.active[i];
    if (active.Any(at + period - slack, width) || active.Any(at - period - slack, width))
      explained += events.counts[i];
  }
  found.explained = static_cast<double>(explained) / static_cast<double>(all);
  // Phase and mean distance over events that come again.
  std::vector<uint32_t> phases(period);
  double sum = 0, count = 0;
  const Bits& bits = period < kBursts ? active : starts;
  for (const uint32_t start : EventsFor(events, period)) {
    ++phases[start % period];
    // The nearest to the period of those within the slack.
    for (uint32_t d = 0; d < width; ++d) {
      const uint32_t after = d % 2 == 0 ? period + d / 2 : period - (d + 1) / 2;
      if (!bits.Any(int64_t{start} + after, 1)) continue;
      sum += after;
      count += 1;
      break;
    }
  }
  found.mean = count > 0 ? sum / count : period;
  found.phase =
      static_cast<uint32_t>(std::max_element(phases.begin(), phases.end()) - phases.begin());
  uint64_t near = 0;
  for (uint32_t off = 0; off < width; ++off)
    near += phases[(found.phase + period - slack + off) % period];
  // On the clock: of the events that come again, most stand at one phase. A function with several
  // timers of one period has several; then the most frequent one is told.
  found.on_clock =
      static_cast<double>(near) >= 0.5 * static_cast<double>(EventsFor(events, period).size());
}

// A period that grows or shrinks: each gap is like the one before it, which gaps drawn at random
// are not.
void Drifting(const Events& events, FoundPeriod& found) {
  constexpr uint32_t kFewestGaps = 8, kLeastGap = 10;
  const std::vector<uint32_t>& at = events.starts;
  if (at.size() <= kFewestGaps) return;
  std::vector<uint32_t> gaps;
  for (size_t i = 1; i < at.size(); ++i) gaps.push_back(at[i] - at[i - 1]);
  const auto slack = [](uint32_t gap) { return std::max<uint32_t>(1, gap / 50); };
  uint64_t alike = 0, long_enough = 0;
  double sum = 0;
  for (size_t i = 1; i < gaps.size(); ++i) {
    if (gaps[i] < kLeastGap) continue;
    ++long_enough;
    const uint32_t apart = gaps[i] > gaps[i - 1] ? gaps[i] - gaps[i - 1] : gaps[i - 1] - gaps[i];
    if (apart > slack(gaps[i])) continue;
    ++alike;
    sum += gaps[i];
  }
  if (2 * alike < gaps.size() || long_enough < kFewestGaps) return;
  std::vector<uint32_t> sorted = gaps;
  std::sort(sorted.begin(), sorted.end());
  uint64_t pairs = 0, of_pairs = 0;
  for (const uint32_t gap : gaps) {
    if (gap < kLeastGap) continue;
    const auto low = std::lower_bound(sorted.begin(), sorted.end(), gap - slack(gap));
    const auto high = std::upper_bound(sorted.begin(), sorted.end(), gap + slack(gap));
    pairs += static_cast<uint64_t>(high - low) - 1;  // not with itself
    of_pairs += sorted.size() - 1;
  }
  // Two tests in all for this function: of lags, and of gaps.
  const double p = 2 * BinomialTail(alike, long_enough,
                                    static_cast<double>(pairs) / static_cast<double>(of_pairs));
  found.p = std::min(found.p, std::min(p, 1.0));
  if (p > kHolds) return;
  found.mean = sum / static_cast<double>(alike);
  found.minutes = static_cast<uint32_t>(std::lround(found.mean));
  found.hit_share = static_cast<double>(alike) / static_cast<double>(gaps.size());
  found.explained = found.hit_share;
}

}  // namespace

double BinomialTail(uint64_t hits, uint64_t trials, double chance) {
  if (hits == 0 || chance >= 1) return 1;
  if (hits > trials || chance <= 0) return 0;
  const auto n = static_cast<double>(trials), k = static_cast<double>(hits);
  const double odds = chance / (1 - chance);
  // The term at `hits`, then terms upwards: their ratio falls, so the sum ends soon. Below the
  // middle the other tail is the shorter.
  const auto log_term = [&](double at) {
    return std::lgamma(n + 1) - std::lgamma(at + 1) - std::lgamma(n - at + 1) +
           at * std::log(chance) + (n - at) * std::log1p(-chance);
  };
  const auto sum_from = [&](double at, bool up) {
    double term = 1, sum = 1;
    while (up ? at < n : at > 0) {
      term *= up ? (n - at) / (at + 1) * odds : at / (n - at + 1) / odds;
      sum += term;
      if (term < 1e-17 * sum) break;
      at += up ? 1 : -1;
    }
    return sum;
  };
  if (k > n * chance) return std::min(1.0, std::exp(log_term(k)) * sum_from(k, true));
  return std::clamp(1 - std::exp(log_term(k - 1)) * sum_from(k - 1, false), 0.0, 1.0);
}

std::optional<FoundPeriod> FindPeriod(const model::MinuteSeries& series, uint32_t first,
                                      uint32_t end) {
  if (series.active_minutes() < kFewestEvents) return std::nullopt;
  const Events events = EventsOf(series);
  if (auto every = EveryMinute(events)) return every;
  FoundPeriod found;
  found.events = events.starts.size();
  if (events.starts.size() < kFewestEvents) return found;
  Bits starts(first, end), active(first, end);
  for (const uint32_t start : events.starts) starts.Set(start);
  for (const uint32_t minute : events.active) active.Set(minute);
  const uint32_t span = events.active.back() - events.active.front() + 1;
  std::vector<Tried> tried;
  for (const uint32_t period : Candidates(events, span))
    tried.push_back(Try(events, active, starts, period, end));
  const auto factor = static_cast<double>(tried.size());
  double most = 0, least_p = 1;
  for (const Tried& one : tried) {
    least_p = std::min(least_p, one.p * factor);
    if (one.p * factor <= kHolds) most = std::max(most, one.share());
  }
  found.p = std::min(least_p, 1.0);
  for (const Tried& one : tried) {
    // Slack is wider for long periods, so they catch more of what is late.
    if (one.p * factor > kHolds || one.share() < 0.6 * most) continue;
    // Within the slack a neighbour may stand for the period: the one that catches most, nearest.
    Tried best = one;
    const uint32_t reach = 2 * SlackOf(one.period);
    for (uint32_t off = 1; off <= reach; ++off) {
      for (const uint32_t near : {one.period - off, one.period + off}) {
        const Tried again = Try(events, active, starts, near, end);
        if (again.share() > 1.1 * best.share()) best = again;  // not by chance
      }
    }
    found.minutes = best.period;
    found.p = std::min(one.p * factor, 1.0);
    found.hit_share = best.share();
    Describe(events, active, starts, best.period, found);
    // Of two that catch all the mean tells which it is.
    const auto nearer = static_cast<uint32_t>(std::lround(found.mean));
    if (nearer != best.period &&
        Try(events, active, starts, nearer, end).share() >= 0.97 * best.share()) {
      found.minutes = nearer;
      Describe(events, active, starts, nearer, found);
    }
    return found;
  }
  Drifting(events, found);
  return found;
}

}  // namespace plumbago::serverless
