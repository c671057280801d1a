#include "serverless/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "base/interrupt.h"
#include "base/progress.h"
#include "serverless/bounds.h"
#include "serverless/fixed_window.h"
#include "serverless/learned_ages.h"
#include "serverless/pareto_front.h"
#include "serverless/policy_list.h"
#include "serverless/simulation.h"
#include "serverless/window_sweep.h"

namespace plumbago::serverless {
namespace {

using AppOutcomes = std::vector<Outcome>;

// Minutes.
constexpr uint32_t kWindows[] = {1,  2,   3,   5,   7,   10,  15,  20,   30,   45,   60,
                                 90, 120, 180, 240, 360, 480, 720, 1440, 2880, 10080};
constexpr const char* kHybrids[] = {"hybrid:1h", "hybrid:2h", "hybrid:3h",
                                    "hybrid:4h", "hybrid:6h", "hybrid:8h"};
constexpr uint32_t kLambdas[] = {2, 4, 7, 10, 15, 20, 30, 45, 60, 90, 120, 240, 480, 1440};

constexpr size_t kSettings =
    std::size(kWindows) + 1 + 2 * std::size(kHybrids) + 3 * std::size(kLambdas);

class Sweeper {
 public:
  Sweeper(const Workload& load, unsigned threads, ExecutionTime time)
      : load_(load), threads_(threads), apps_(ArrivalsOf(load, time)) {}

  void Windows() {
    std::vector<double> seconds;
    for (const uint32_t minutes : kWindows) seconds.push_back(minutes * 60.0);
    seconds.push_back(FixedWindow::kEndless);
    std::vector<AppOutcomes> outcomes = ReplayWindows(apps_, seconds, threads_);
    for (size_t i = 0; i < std::size(kWindows); ++i)
      Add("fixed", fmt::format("fixed:{}m", kWindows[i]), std::move(outcomes[i]));
    Add("fixed", "no-unload", std::move(outcomes.back()));
  }

  void Hybrids(const char* family, const char* option) {
    for (const char* hybrid : kHybrids) {
      const std::string name = std::string(hybrid) + option;
      const auto policies = PoliciesOf(std::span(&name, 1));
      if (Interrupted() || !policies) return;
      Add(family, name, policies->front()->Replay(apps_, threads_));
    }
  }

  void Ours() {
    std::vector<double> lambdas;
    for (const uint32_t minutes : kLambdas) lambdas.push_back(minutes * 60.0);
    std::vector<AppOutcomes> outcomes = LearnedAges::ReplayEach(apps_, lambdas, threads_);
    for (size_t i = 0; i < lambdas.size(); ++i)
      Add("ours", fmt::format("ours:lambda={}m", kLambdas[i]), std::move(outcomes[i]));
  }

  void Bounds(BoundKind kind, const char* family) {
    for (const uint32_t minutes : kLambdas) {
      if (Interrupted()) return;
      const Bound bound(family, kind, minutes * 60.0);
      Add(family, fmt::format("{}:lambda={}m", family, minutes), bound.Replay(apps_, threads_));
      sweep_.points.back().bound = true;
      outcomes_.back().clear();
    }
  }

  Sweep Conclude() {
    std::vector<Cost2> costs;
    std::vector<size_t> points;  // of `costs`
    for (size_t i = 0; i < sweep_.points.size(); ++i) {
      const SweepPoint& point = sweep_.points[i];
      if (point.name == "fixed:10m") sweep_.usual = point.summary;
      if (point.bound) continue;
      costs.push_back({point.summary.idle_seconds, static_cast<double>(point.summary.cold)});
      points.push_back(i);
    }
    const std::vector<size_t> front = ParetoFront(costs);
    for (const size_t i : front) sweep_.front.push_back(points[i]);
    if (const auto knee = Knee(costs, front)) {
      sweep_.knee = points[*knee];
      Compare();
    }
    return std::move(sweep_);
  }

 private:
  void Add(const char* family, std::string name, AppOutcomes outcomes) {
    progress_.Update(sweep_.points.size());
    sweep_.points.push_back({family, std::move(name), false, Summarise(outcomes, load_)});
    outcomes_.push_back(std::move(outcomes));
  }

  void Compare() {
    const auto usual = std::find_if(sweep_.points.begin(), sweep_.points.end(),
                                    [](const SweepPoint& p) { return p.name == "fixed:10m"; });
    const AppOutcomes& before = outcomes_[static_cast<size_t>(usual - sweep_.points.begin())];
    const AppOutcomes& after = outcomes_[*sweep_.knee];
    for (size_t i = 0; i < before.size(); ++i) {
      const double saves = kUsualLambda * (static_cast<double>(before[i].cold) -
                                           static_cast<double>(after[i].cold)) +
                           before[i].idle_seconds - after[i].idle_seconds;
      if (saves == 0) continue;
      const auto weight = static_cast<double>(load_.apps[i].weight);
      sweep_.changes.push_back({i, before[i], after[i], weight * saves});
    }
    std::stable_sort(sweep_.changes.begin(), sweep_.changes.end(),
                     [](const AppChange& a, const AppChange& b) { return a.saves > b.saves; });
  }

  const Workload& load_;
  const unsigned threads_;
  const std::vector<AppArrivals> apps_;
  Progress progress_{"trying settings", kSettings, true, Progress::Unit::kItems};
  Sweep sweep_;
  std::vector<AppOutcomes> outcomes_;  // of each point; empty: not kept
};

}  // namespace

Sweep SweepPolicies(const Workload& load, unsigned threads, ExecutionTime time) {
  Sweeper sweeper(load, threads, time);
  sweeper.Windows();
  if (!Interrupted()) sweeper.Hybrids("hybrid", "");
  if (!Interrupted()) sweeper.Hybrids("hybrid, no pre-warming", ":no-prewarm");
  if (!Interrupted()) sweeper.Ours();
  if (!Interrupted()) sweeper.Bounds(BoundKind::kB1, "b1");
  if (!Interrupted()) sweeper.Bounds(BoundKind::kB2, "b2");
  return sweeper.Conclude();
}

}  // namespace plumbago::serverless
