// How long executions of a function take.
//
// Averages are log-normal over functions (Figure 7). Within a function executions are two halves of
// log-normals that meet at the median, the upper one wider: in the released durations the maximum
// lies further from the average than the minimum does, and both move away as executions get more.
#pragma once

#include <array>
#include <cstdint>

#include "generate/functions/workload_shape.h"
#include "generate/random.h"

namespace plumbago::generate::functions {

class FunctionTimes {
 public:
  FunctionTimes(const WorkloadShape& shape, uint64_t seed, uint64_t function);

  double average_s() const { return average_s_; }
  // One execution, seconds; the mean of many is average_s().
  double Draw(Random& random) const;

  // A day of `count` executions in `minutes` different minutes; milliseconds, as the release has
  // them: whole numbers, percentiles of averages over 30 s (model::FunctionDurations::kPercents).
  struct Day {
    int64_t average_ms = 0, minimum_ms = 0, maximum_ms = 0;
    std::array<int64_t, 7> percentiles_ms{};
  };
  Day DrawDay(uint64_t count, uint64_t minutes, Random& random) const;

 private:
  double average_s_ = 1, spread_ = 1;
};

}  // namespace plumbago::generate::functions
