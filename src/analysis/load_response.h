// Cells and calls joined: how outcomes respond to predictors, as regressions within groups. What
// `interference` concludes from; its definitions stand there.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "analysis/interference.h"
#include "statistics/rank_correlation.h"
#include "statistics/within_curve.h"
#include "statistics/within_regression.h"

namespace plumbago::analysis {

enum class Outcome : uint8_t { kOwnTime, kLeafResponse, kAnyResponse };
inline constexpr size_t kOutcomes = 3;
const char* OutcomeTitle(Outcome outcome);

enum class Predictor : uint8_t { kHostCpu, kHostMemory, kOwnCpu, kOwnMemory };
inline constexpr size_t kPredictors = 4;
const char* PredictorTitle(Predictor predictor);

// Of an instance and operation, for figures of its own.
inline constexpr size_t kLeastUnits = 8;
// A predictor that varies less than this within a group is not tested.
inline constexpr double kLeastDeviation = 0.01;
// Effects are told for so much more utilisation.
inline constexpr double kTenPoints = 0.1;

struct Response {
  statistics::WithinRegression regression;
  statistics::WithinCurve curve;
  // Ranks, beside the regression: over all units, and within one instance and operation of all
  // hours, of those with kLeastUnits or more. (The figures of T1 are these: pooled, and the median
  // of the others.)
  statistics::RankGrid pooled_ranks;
  std::vector<double> ranks_within;
  std::vector<double> variation_within;  // of the predictor: standard deviation / mean

  bool known() const { return regression.groups() > 0; }
  // Varies enough, on enough hosts.
  bool tested() const;
};

struct LoadResponse {
  int64_t interval_ns = 0;
  bool hosts_named = false;
  uint64_t instances = 0;
  std::array<std::array<Response, kPredictors>, kOutcomes> of;

  const Response& Of(Outcome outcome, Predictor predictor) const {
    return of[static_cast<size_t>(outcome)][static_cast<size_t>(predictor)];
  }
  // What conclusions are drawn from: own time where it tests the host's CPU or nothing else does.
  Outcome Best() const;
};

LoadResponse JoinLoad(const Interference::State& state);

}  // namespace plumbago::analysis
