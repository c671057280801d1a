#include "generate/host_load.h"

#include <algorithm>
#include <cmath>

#include "generate/draw_table.h"

namespace plumbago::generate {
namespace {

constexpr uint32_t kNormals = 4096;
constexpr int32_t kLeast = 100, kMost = 9'900;

}  // namespace

HostLoad::HostLoad(uint64_t seed, double cpu) : seed_(MixSeeds(seed, 100)) {
  for (uint32_t i = 0; i < kNormals; ++i) {
    normal_.push_back(static_cast<float>(NormalQuantile((i + 0.5) / kNormals)));
  }
  if (cpu == 0) return;
  for (uint32_t load = 0; load <= kWhole; ++load) {
    slowdown_.push_back(
        static_cast<float>(std::exp(100 * cpu * (static_cast<double>(load) / kWhole - kUsualCpu))));
  }
}

uint32_t HostLoad::Near(Stream stream, uint32_t least, uint32_t more, uint32_t number,
                        int64_t slice, int32_t deviation) const {
  const uint64_t own = MixSeeds(seed_ + stream, number);
  const uint64_t bits = MixSeeds(own, static_cast<uint64_t>(slice));
  const auto level = static_cast<int32_t>(least + (own >> 32) % more);
  const auto moved = static_cast<int32_t>(normal_[bits % kNormals] * static_cast<float>(deviation));
  return static_cast<uint32_t>(std::clamp(level + moved, kLeast, kMost));
}

uint32_t HostLoad::InstanceCpu(uint32_t instance, uint32_t host, int64_t slice) const {
  return Cpu(host, slice) / 2 + Near(kOwnCpu, 1'000, 1'000, instance, slice, 300);
}

}  // namespace plumbago::generate
