#include "serverless/figures/together.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <utility>

#include "serverless/each_index.h"
#include "serverless/figures/found_period.h"
#include "statistics/many_tests.h"

namespace plumbago::serverless {
namespace {

using document::Unit;

constexpr double kFalse = 0.01;
constexpr uint32_t kHour = 60;
constexpr size_t kMostOfOwner = 64;  // applications of an owner that are held against each other
constexpr uint32_t kFewestBursts = 5;
constexpr uint32_t kApart = 3;  // minutes without an invocation before a burst
constexpr uint32_t kNear = 2;   // minutes by which bursts that begin together may differ

struct Owner {
  std::vector<uint32_t> apps;
  bool cut = false;
};

std::vector<Owner> Owners(const Workload& load, uint64_t& with_two) {
  std::vector<Owner> owners;
  for (size_t from = 0; from < load.apps.size();) {
    size_t to = from + 1;
    while (to < load.apps.size() && load.apps[to].owner == load.apps[from].owner) ++to;
    if (!load.apps[from].owner.empty() && to - from > 1) {
      Owner owner;
      for (size_t a = from; a < to; ++a) {
        if (load.apps[a].minutes.active_minutes() >= kFewestBursts)
          owner.apps.push_back(static_cast<uint32_t>(a));
      }
      with_two += to - from > 1;
      owner.cut = owner.apps.size() > kMostOfOwner;
      if (owner.cut) {
        // Those invoked in the most minutes, then by name.
        std::stable_sort(owner.apps.begin(), owner.apps.end(), [&](uint32_t a, uint32_t b) {
          return load.apps[a].minutes.active_minutes() > load.apps[b].minutes.active_minutes();
        });
        owner.apps.resize(kMostOfOwner);
        std::sort(owner.apps.begin(), owner.apps.end());
      }
      if (owner.apps.size() > 1) owners.push_back(std::move(owner));
    }
    from = to;
  }
  return owners;
}

// When bursts of an application begin, as bits of minutes, and the minutes around them; and how
// many of each there are in each hour.
struct Bursts {
  std::vector<uint64_t> starts, around;
  std::vector<uint8_t> starts_of_hour, around_of_hour;
  uint32_t count = 0;

  Bursts(const Workload& load, const AppLoad& app)
      : starts((load.end_minute - load.first_minute) / 64 + 1),
        around(starts.size()),
        starts_of_hour(load.end_minute / kHour - load.first_minute / kHour + 1),
        around_of_hour(starts_of_hour.size()) {
    int64_t last = -int64_t{kApart} - 1;
    app.minutes.ForEach([&](uint32_t minute, uint64_t) {
      const bool begins = minute > last + kApart;
      last = minute;
      if (!begins) return;
      ++count;
      Set(starts, starts_of_hour, load, minute);
      const uint32_t from = minute > load.first_minute + kNear ? minute - kNear : load.first_minute;
      for (uint32_t near = from; near <= minute + kNear && near < load.end_minute; ++near)
        Set(around, around_of_hour, load, near);
    });
  }

 private:
  static void Set(std::vector<uint64_t>& bits, std::vector<uint8_t>& of_hour, const Workload& load,
                  uint32_t minute) {
    const uint32_t at = minute - load.first_minute;
    const uint64_t bit = uint64_t{1} << (at % 64);
    if ((bits[at / 64] & bit) != 0) return;
    bits[at / 64] |= bit;
    ++of_hour[minute / kHour - load.first_minute / kHour];
  }
};

TogetherPair Hold(uint32_t a, uint32_t b, const Bursts& of_a, const Bursts& of_b) {
  TogetherPair pair{a, b};
  // Of the rarer it is asked whether the other begins beside it.
  const bool swap = of_b.count < of_a.count;
  const Bursts& rare = swap ? of_b : of_a;
  const Bursts& other = swap ? of_a : of_b;
  for (size_t i = 0; i < rare.starts.size(); ++i)
    pair.together += static_cast<uint64_t>(std::popcount(rare.starts[i] & other.around[i]));
  uint64_t products = 0;
  for (size_t h = 0; h < rare.starts_of_hour.size(); ++h)
    products += uint64_t{rare.starts_of_hour[h]} * other.around_of_hour[h];
  pair.expected = static_cast<double>(products) / kHour;
  pair.p = PoissonTail(pair.together, pair.expected);
  return pair;
}

// The period that both have, if they have one; else nothing.
std::string CommonClock(const Workload& load, const AppLoad& a, const AppLoad& b) {
  constexpr double kSure = 1e-4;
  const auto of = [&](const AppLoad& app) {
    return FindPeriod(app.minutes, load.first_minute, load.end_minute).value_or(FoundPeriod{});
  };
  const FoundPeriod first = of(a), second = of(b);
  if (first.minutes == 0 || first.minutes != second.minutes) return "";
  return std::max(first.p, second.p) > kSure ? "" : fmt::format("{} min", first.minutes);
}

}  // namespace

double PoissonTail(uint64_t hits, double mean) {
  if (hits == 0) return 1;
  if (!(mean > 0)) return 0;
  const auto k = static_cast<double>(hits);
  const auto log_term = [&](double at) { return at * std::log(mean) - mean - std::lgamma(at + 1); };
  double term = 1, sum = 1;
  if (k > mean) {
    for (double at = k; term >= 1e-17 * sum; ++at) sum += term *= mean / (at + 1);
    return std::min(1.0, std::exp(log_term(k)) * sum);
  }
  for (double at = k - 1; at > 0 && term >= 1e-17 * sum; --at) sum += term *= at / mean;
  return std::clamp(1 - std::exp(log_term(k - 1)) * sum, 0.0, 1.0);
}

TogetherCounts FindTogether(const Workload& load, unsigned threads) {
  TogetherCounts counts;
  const std::vector<Owner> owners = Owners(load, counts.owners);
  std::vector<std::vector<TogetherPair>> found(owners.size());
  ForEachIndex(owners.size(), threads, [&](size_t o) {
    std::vector<Bursts> bursts;
    bursts.reserve(owners[o].apps.size());
    for (const uint32_t app : owners[o].apps) bursts.emplace_back(load, load.apps[app]);
    for (size_t i = 0; i < bursts.size(); ++i) {
      for (size_t j = i + 1; j < bursts.size(); ++j) {
        if (std::min(bursts[i].count, bursts[j].count) < kFewestBursts) continue;
        found[o].push_back(Hold(owners[o].apps[i], owners[o].apps[j], bursts[i], bursts[j]));
      }
    }
  });
  std::vector<TogetherPair> all;
  std::vector<double> p;
  for (size_t o = 0; o < owners.size(); ++o) {
    counts.owners_cut += owners[o].cut;
    counts.tested += found[o].size();
    for (const TogetherPair& pair : found[o]) {
      if (pair.p > kFalse) continue;  // cannot count whatever the others are
      all.push_back(pair);
      p.push_back(pair.p);
    }
  }
  const std::vector<double> adjusted = statistics::BenjaminiHochberg(p, counts.tested);
  for (size_t i = 0; i < all.size(); ++i) {
    if (adjusted[i] > kFalse) continue;
    counts.pairs.push_back(all[i]);
    counts.pairs.back().p = adjusted[i];
  }
  // By what is beyond chance.
  std::stable_sort(counts.pairs.begin(), counts.pairs.end(),
                   [](const TogetherPair& a, const TogetherPair& b) {
                     return static_cast<double>(a.together) - a.expected >
                            static_cast<double>(b.together) - b.expected;
                   });
  return counts;
}

bool Together(const FigureContext& context, document::Section& section) {
  const Workload& load = context.load;
  const bool owned = std::any_of(load.apps.begin(), load.apps.end(),
                                 [](const AppLoad& app) { return !app.owner.empty(); });
  section.computed = fmt::format(
      "Pairs of applications of one owner, each invoked in {} minutes or more: minutes in which "
      "both "
      "are invoked, against what chance gives if within each hour they know nothing of each other "
      "(sum over hours of minutes times minutes / 60; Poisson tail). Pairs that count at a false "
      "discovery rate of 1 % (Benjamini, Hochberg 1995). Timers of one phase are invoked together, "
      "too: that is a common clock, not a dependency. Of an owner's applications the {} with the "
      "most "
      "minutes are looked at. The idea of weak dependencies is Defuse's (ICDCS'21).",
      kFewestBursts, kApart, kMostOfOwner);
  if (!owned) {
    section.computed += " No table tells the owners of applications: cannot say.";
    section.AddHeadline("pairs_together", "pairs of an owner's applications invoked together",
                        Unit::kCount, std::nullopt);
    return true;
  }
  const TogetherCounts counts = FindTogether(load, context.threads);
  section.AddHeadline("owners_with_two", "owners with two applications or more", Unit::kCount,
                      static_cast<double>(counts.owners));
  section.AddHeadline("pairs_tested", "pairs of an owner's applications looked at", Unit::kCount,
                      static_cast<double>(counts.tested));
  auto& together = section.AddHeadline(
      "pairs_together", "pairs of an owner's applications invoked together", Unit::kCount,
      counts.tested > 0 ? std::optional<double>(static_cast<double>(counts.pairs.size()))
                        : std::nullopt);
  together.key = counts.tested > 0;
  section.AddHeadline("owners_cut", "owners with more applications than were looked at",
                      Unit::kCount, static_cast<double>(counts.owners_cut));
  if (counts.pairs.empty()) return true;
  document::Table table;
  table.id = "together";
  table.title = "Applications of one owner invoked together";
  table.columns = {{"owner", "owner", Unit::kNone, ""},
                   {"app", "application", Unit::kNone, ""},
                   {"other", "and", Unit::kNone, ""},
                   {"together", "together", Unit::kCount,
                    "bursts of the rarer that begin beside one of the other"},
                   {"expected", "by chance", Unit::kCount, "by their rates in each hour"},
                   {"lift", "lift", Unit::kRatio, "together, of what chance gives"},
                   {"p", "p", Unit::kNone, "adjusted for all pairs"},
                   {"clock", "common clock", Unit::kNone,
                    "both have this period: being invoked together may be no more than that"}};
  const size_t kept = std::min(counts.pairs.size(), context.table_rows);
  for (size_t i = 0; i < kept; ++i) {
    const TogetherPair& pair = counts.pairs[i];
    table.rows.push_back({load.apps[pair.a].owner, load.apps[pair.a].name, load.apps[pair.b].name,
                          static_cast<int64_t>(pair.together), pair.expected, pair.lift(), pair.p,
                          CommonClock(load, load.apps[pair.a], load.apps[pair.b])});
  }
  table.more_rows = counts.pairs.size() - kept;
  section.tables.push_back(std::move(table));
  return true;
}

}  // namespace plumbago::serverless
