#include "generate/host_load.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace plumbago::generate {
namespace {

double Share(uint32_t load) { return static_cast<double>(load) / HostLoad::kWhole; }

struct Fit {
  double mean = 0, deviation = 0;
};

template <class F>
Fit Over(int slices, F&& value) {
  double sum = 0, squares = 0;
  for (int slice = 0; slice < slices; ++slice) {
    const double x = value(slice);
    sum += x;
    squares += x * x;
  }
  const double mean = sum / slices;
  return {mean, std::sqrt(squares / slices - mean * mean)};
}

TEST(HostLoad, MovesAboutALevelOfEachHost) {
  const HostLoad load(7, 0);
  std::vector<double> levels;
  for (uint32_t host = 0; host < 20; ++host) {
    const Fit cpu = Over(4000, [&](int slice) { return Share(load.Cpu(host, slice)); });
    const Fit memory = Over(4000, [&](int slice) { return Share(load.Memory(host, slice)); });
    EXPECT_NEAR(cpu.deviation, 0.08, 0.004);
    EXPECT_NEAR(memory.deviation, 0.05, 0.003);
    EXPECT_TRUE(0.29 < cpu.mean && cpu.mean < 0.51) << cpu.mean;
    levels.push_back(cpu.mean);
    // Independent of each other.
    const Fit both = Over(4000, [&](int slice) {
      return (Share(load.Cpu(host, slice)) - cpu.mean) *
             (Share(load.Memory(host, slice)) - memory.mean);
    });
    EXPECT_NEAR(both.mean / (cpu.deviation * memory.deviation), 0, 0.07);
  }
  EXPECT_NE(levels[0], levels[1]);
  EXPECT_NE(HostLoad(8, 0).Cpu(0, 0), load.Cpu(0, 0));
  EXPECT_EQ(HostLoad(7, 0.02).Cpu(3, 5), load.Cpu(3, 5));
}

// The slope of a linear regression on CPU, over the mean, is the planted one, on every host.
TEST(HostLoad, SlowsWorkByThePlantedShareForAPoint) {
  constexpr double kCpu = 0.02;
  const HostLoad load(7, kCpu);
  for (uint32_t host = 0; host < 10; ++host) {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (int slice = 0; slice < 20'000; ++slice) {
      const double cpu = Share(load.Cpu(host, slice));
      const double time = load.Slowdown(host, slice);
      n += 1, x += cpu, y += time, xx += cpu * cpu, xy += cpu * time;
    }
    const double slope = (xy - x * y / n) / (xx - x * x / n);
    EXPECT_NEAR(slope / (y / n), 100 * kCpu, 0.03) << host;
  }
}

TEST(HostLoad, AnInstanceGoesHalfAlongWithItsHost) {
  const HostLoad load(7, 0);
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (int slice = 0; slice < 20'000; ++slice) {
    const double host = Share(load.Cpu(4, slice)), own = Share(load.InstanceCpu(9, 4, slice));
    n += 1, x += host, y += own, xx += host * host, xy += host * own;
  }
  EXPECT_NEAR((xy - x * y / n) / (xx - x * x / n), 0.5, 0.02);
}

}  // namespace
}  // namespace plumbago::generate
