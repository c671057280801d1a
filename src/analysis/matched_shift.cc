#include "analysis/matched_shift.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <tuple>

#include "statistics/random.h"

namespace plumbago::analysis {
namespace {

constexpr size_t kGroups = 64;
constexpr size_t kFewestGroups = 8;
constexpr size_t kDraws = 499;

using Weights = std::array<uint32_t, kGroups>;  // how often each group of traces was drawn

size_t GroupOf(uint64_t trace) { return trace >> 58; }

// The near or the far calls of a stratum, by latency.
using Side = std::span<const MatchedCall>;

uint64_t Count(Side side, const Weights& drawn) {
  uint64_t count = 0;
  for (const MatchedCall& call : side) count += drawn[GroupOf(call.trace)];
  return count;
}

// Of grouped data: the class of the median, and how far into it half of the values reach.
double Median(Side side, const Weights& drawn, uint64_t count, int64_t tick_ns) {
  const double half = static_cast<double>(count) / 2;
  uint64_t before = 0;
  for (size_t i = 0; i < side.size();) {
    const int64_t value = side[i].latency_ns;
    uint64_t here = 0;
    for (; i < side.size() && side[i].latency_ns == value; ++i) {
      here += drawn[GroupOf(side[i].trace)];
    }
    if (static_cast<double>(before + here) >= half && here > 0) {
      const double into = (half - static_cast<double>(before)) / static_cast<double>(here);
      return static_cast<double>(value) + (into - 0.5) * static_cast<double>(tick_ns);
    }
    before += here;
  }
  return 0;  // not reached: count is of this side
}

struct Stratum {
  Side near, far;
};

// Shift and median of the near ones, averaged over the strata that were drawn both ways.
std::optional<std::pair<double, double>> Average(const std::vector<Stratum>& strata,
                                                 const Weights& drawn, int64_t tick_ns) {
  double shift = 0, near = 0, weights = 0;
  for (const Stratum& stratum : strata) {
    const uint64_t m = Count(stratum.near, drawn), n = Count(stratum.far, drawn);
    if (m == 0 || n == 0) continue;
    const double weight =
        static_cast<double>(m) * static_cast<double>(n) / static_cast<double>(m + n);
    const double median = Median(stratum.near, drawn, m, tick_ns);
    shift += weight * (Median(stratum.far, drawn, n, tick_ns) - median);
    near += weight * median;
    weights += weight;
  }
  if (weights == 0) return std::nullopt;
  return std::pair{shift / weights, near / weights};
}

std::optional<statistics::Bounds> Bootstrap(const std::vector<Stratum>& strata, int64_t tick_ns) {
  Weights held{};
  uint64_t seed = strata.size();
  for (const Stratum& stratum : strata) {
    for (const Side side : {stratum.near, stratum.far}) {
      for (const MatchedCall& call : side) {
        held[GroupOf(call.trace)] = 1;
        seed = statistics::MixSeed(seed, static_cast<uint64_t>(call.latency_ns));
      }
    }
  }
  std::vector<uint32_t> groups;
  for (uint32_t g = 0; g < kGroups; ++g) {
    if (held[g] > 0) groups.push_back(g);
  }
  if (groups.size() < kFewestGroups) return std::nullopt;
  statistics::Random random(seed);
  std::vector<double> shifts;
  for (size_t draw = 0; draw < kDraws; ++draw) {
    Weights drawn{};
    for (size_t i = 0; i < groups.size(); ++i) ++drawn[groups[random.Below(groups.size())]];
    if (const auto average = Average(strata, drawn, tick_ns)) shifts.push_back(average->first);
  }
  if (shifts.size() < kDraws / 2) return std::nullopt;
  std::sort(shifts.begin(), shifts.end());
  const double last = static_cast<double>(shifts.size()) - 1;
  return statistics::Bounds{shifts[static_cast<size_t>(std::lround(0.025 * last))],
                            shifts[static_cast<size_t>(std::lround(0.975 * last))]};
}

std::vector<int64_t> Latencies(Side side) {
  std::vector<int64_t> latencies;
  latencies.reserve(side.size());
  for (const MatchedCall& call : side) latencies.push_back(call.latency_ns);
  return latencies;
}

// All far less all near, as if they were alike.
std::optional<double> Naive(const std::vector<MatchedCall>& calls, int64_t tick_ns) {
  std::vector<MatchedCall> sides[2];
  for (const MatchedCall& call : calls) sides[call.far].push_back(call);
  if (sides[0].empty() || sides[1].empty()) return std::nullopt;
  Weights all;
  all.fill(1);
  double medians[2];
  for (size_t i = 0; i < 2; ++i) {
    std::sort(sides[i].begin(), sides[i].end(), [](const MatchedCall& a, const MatchedCall& b) {
      return a.latency_ns < b.latency_ns;
    });
    medians[i] = Median(sides[i], all, sides[i].size(), tick_ns);
  }
  return medians[1] - medians[0];
}

}  // namespace

MatchedShift::MatchedShift(std::vector<MatchedCall> calls, int64_t tick_ns, bool with_interval) {
  naive_ns = Naive(calls, tick_ns);
  for (const MatchedCall& call : calls) ++(call.far ? far_all : near_all);
  // One a trace and stratum.
  std::sort(calls.begin(), calls.end(), [](const MatchedCall& a, const MatchedCall& b) {
    return std::tie(a.stratum, a.trace, a.hash, a.far, a.latency_ns) <
           std::tie(b.stratum, b.trace, b.hash, b.far, b.latency_ns);
  });
  calls.erase(std::unique(calls.begin(), calls.end(),
                          [](const MatchedCall& a, const MatchedCall& b) {
                            return a.stratum == b.stratum && a.trace == b.trace;
                          }),
              calls.end());
  std::sort(calls.begin(), calls.end(), [](const MatchedCall& a, const MatchedCall& b) {
    return std::tie(a.stratum, a.far, a.latency_ns, a.trace) <
           std::tie(b.stratum, b.far, b.latency_ns, b.trace);
  });
  std::vector<Stratum> both;
  statistics::VanElteren ranks;
  for (size_t begin = 0; begin < calls.size();) {
    size_t first_far = begin, end = begin;
    for (; end < calls.size() && calls[end].stratum == calls[begin].stratum; ++end) {
      first_far += !calls[end].far;
    }
    const Side all(calls);
    const Stratum stratum{all.subspan(begin, first_far - begin),
                          all.subspan(first_far, end - first_far)};
    begin = end;
    ++strata_all;
    if (stratum.near.empty() || stratum.far.empty()) continue;
    both.push_back(stratum);
    near += stratum.near.size();
    far += stratum.far.size();
    ranks.Add(Latencies(stratum.near), Latencies(stratum.far));
  }
  strata = both.size();
  Weights one;
  one.fill(1);
  if (const auto average = Average(both, one, tick_ns)) {
    shift_ns = average->first;
    near_ns = average->second;
    if (with_interval) interval = Bootstrap(both, tick_ns);
  }
  test = ranks.Conclude();
}

}  // namespace plumbago::analysis
