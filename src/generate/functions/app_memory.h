// What an application has allocated on a day, MB: averages are Burr XII over applications (Figure
// 8); percentiles within a day as far from the average as in the released rows.
#pragma once

#include <array>
#include <cstdint>

#include "generate/functions/workload_shape.h"
#include "generate/random.h"

namespace plumbago::generate::functions {

class AppMemoryDraw {
 public:
  AppMemoryDraw(const WorkloadShape& shape, uint64_t seed, uint32_t app);

  double average_mb() const { return average_mb_; }
  struct Day {
    int64_t average_mb = 0;
    std::array<int64_t, 8> percentiles_mb{};  // model::AppMemory::kPercents
  };
  Day DrawDay(Random& random) const;

 private:
  double average_mb_ = 0, below_ = 1, above_ = 1;
};

}  // namespace plumbago::generate::functions
