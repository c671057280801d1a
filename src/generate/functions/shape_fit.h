// A user's workload as a shape to generate from: distributions only, no names, no series.
//
// What is fitted: functions an application has, invocations a day, sets of triggers, how regular
// streams and timers are, hours and weekdays, owners, durations (log-normal, maximum likelihood),
// memory (Burr XII, maximum likelihood over whole MB). What is not said stays as published: each
// such thing is named in `published`.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "generate/functions/app_figures.h"
#include "generate/functions/workload_shape.h"
#include "statistics/count_histogram.h"

namespace plumbago::generate::functions {

struct FittedShape {
  WorkloadShape shape;
  std::vector<std::string> published;  // what the workload does not tell
};

class ShapeFitter {
 public:
  // `days`: that the workload spans.
  explicit ShapeFitter(uint32_t days) : days_(days) {}

  // `weight`: of how many applications it stands.
  void AddApp(const AppFigures& app, uint64_t weight = 1);
  void SetOwners(uint64_t owners) { owners_ = owners; }
  void AddDuration(double average_s, uint64_t weight = 1);  // of a function
  void AddMemory(double average_mb, uint64_t weight = 1);   // of an application

  // Errors: no application with an invocation.
  Result<FittedShape> Fit() const;

 private:
  struct Weighted {
    double value = 0;
    double weight = 0;
  };
  static std::vector<CdfPoint> CurveOf(std::vector<Weighted> values, bool whole);

  const uint32_t days_;
  uint64_t owners_ = 0;
  double apps_ = 0;
  std::vector<Weighted> a_day_, sizes_, sizes_by_invocations_, variation_;
  std::array<double, 128> sets_{};
  std::array<double, kTriggerKinds> functions_{}, invocations_{}, having_{};
  std::vector<Weighted> periods_;
  std::array<double, 24> hours_{};
  std::array<double, 7> weekdays_{};
  double durations_ = 0, log_sum_ = 0, log_square_ = 0;
  statistics::CountHistogram memory_;
};

}  // namespace plumbago::generate::functions
