// What each application of a generated workload is: how many functions, which triggers, how often
// invoked, how regular. A plan is a function of the seed and the application's number alone.
//
// Ranks are a permutation of the applications; the application of rank r is invoked as often as the
// (r + 1/2)/N quantile says, so that totals hardly depend on the seed, though a few applications
// make up most of them. Functions per application and sets of triggers are drawn given the rate so
// that their own distributions come out (ShareTable). The 64 most invoked applications take turns
// in what makes the shares by trigger and by size come out.
#pragma once

#include <cstdint>
#include <vector>

#include "generate/functions/share_table.h"
#include "generate/functions/workload_shape.h"
#include "generate/random.h"

namespace plumbago::generate::functions {

inline constexpr uint32_t kMinutesOfDay = 1440;

enum class Planted : uint8_t { kNone, kFiveHours, kDaily, kWeekly, kDrifting, kFollower };
inline constexpr uint8_t kPlantedKinds = 6;
const char* PlantedName(Planted planted);

struct FunctionPlan {
  uint8_t trigger = 0;             // model::Trigger - 1
  uint64_t total = 0;              // invocations over the whole span, expected
  double period = 0;               // minutes; 0: invoked by the application's stream
  double first = 0;                // minute of the first invocation of a timer
  double jitter = 0;               // minutes by which a timer's invocations are late, at most
  double pause_at = 0, pause = 0;  // minutes from when on, and how long, a timer is off
};

struct AppPlan {
  uint32_t app = 0, rank = 0, owner = 0;
  Planted planted = Planted::kNone;
  uint64_t total = 0;
  std::vector<FunctionPlan> functions;
  // The stream of what is not timers.
  uint64_t stream_total = 0;
  double variation = 1;       // of its gaps, wished
  double start = 0, end = 0;  // minutes between which the application lives
  double hour_amplitude = 0;  // how much of the hour profile; 1: all of it
  double week_amplitude = 0;
  int hour_shift = 0;  // hours by which its day is late
  // Planted: the first invocation at minute `phase`, the gap after it `period` minutes, each gap
  // `drift` times the one before, each invocation up to `jitter` minutes late.
  double period = 0, phase = 0, drift = 1, jitter = 0;
  uint32_t leader = 0;      // of a follower: the application whose invocations it repeats
  double follow_share = 0;  // ... which share of them
  uint32_t lag = 0;         // ... how many minutes later
};

struct PlanOptions {
  uint32_t apps = 1000;
  uint32_t span_days = kReleaseDays;
  uint64_t seed = 1;
};

class AppPlanner {
 public:
  AppPlanner(const WorkloadShape& shape, const PlanOptions& options);

  AppPlan Plan(uint32_t app) const;
  uint32_t RankOf(uint32_t app) const;
  // Invocations a day of the application of a rank.
  double DailyRate(uint32_t rank) const;
  uint32_t owners() const { return owners_; }
  uint32_t OwnerOf(uint32_t app) const { return owner_of_[app]; }

 private:
  struct TopChoice {
    uint32_t functions = 1;
    uint8_t trigger = 0;
  };
  Planted PlantedAt(uint32_t rank) const;
  void PlanRanks();
  void PlantPeriod(AppPlan& plan, Random& random) const;
  bool PlantFollower(AppPlan& plan, Random& random) const;
  void ChooseTop();
  void DrawTriggers(AppPlan& plan, uint32_t count, uint8_t set, Random& random) const;
  void PlanTimers(AppPlan& plan, Random& random) const;
  double DrawPeriod(double least, bool first, Random& random) const;
  void PlanJitter(FunctionPlan& function, Random& random) const;
  double LongestPeriod(double total, double life, Random& random) const;
  void PlaceTimer(double start, double life, FunctionPlan& function, Random& random) const;
  void SplitStream(AppPlan& plan, Random& random) const;
  void PlanLife(AppPlan& plan, Random& random) const;

  const WorkloadShape shape_;
  const PlanOptions options_;
  const double span_;  // minutes
  std::vector<uint32_t> owner_of_;
  uint32_t owners_ = 0;
  struct RankRange {
    Planted planted = Planted::kNone;
    uint32_t from = 0, to = 0;
  };
  std::vector<RankRange> planted_ranks_;
  std::vector<TopChoice> top_;    // by rank from the top
  ShareTable functions_by_rate_;  // rows: strata of rank
  ShareTable sets_by_cell_;       // rows: functions x rate
};

}  // namespace plumbago::generate::functions
