// How busy the hosts and instances of a planted system are, minute by minute; and how much longer
// work takes on a busy host.
//
// A function of seed, host (or instance) and minute alone, so any thread may ask at any time. A
// host's CPU and memory move about a level of their own, independently, minute by minute, as a
// normal distribution does. An instance's own CPU goes half along with its host's.
//
// Work takes exp(100 b (CPU - kUsualCpu)) times as long: relative to its mean on a host, it grows
// by 100 b for a unit of CPU, exactly so as CPU is normal (Stein's lemma), and whatever the host's
// level. That is the slope that `interference` estimates (docs/design/0013-interference.md).
//
// Loads are whole ten-thousandths, as they are written. 50 KB. Slowdown: two look-ups and a hash.
#pragma once

#include <cstdint>
#include <vector>

#include "generate/random.h"

namespace plumbago::generate {

class HostLoad {
 public:
  static constexpr int64_t kSliceMs = 60'000;
  static constexpr uint32_t kWhole = 10'000;
  static constexpr double kUsualCpu = 0.4;

  // `cpu`: b, the share by which a point (0.01) of CPU lengthens work.
  HostLoad(uint64_t seed, double cpu);

  uint32_t Cpu(uint32_t host, int64_t slice) const {
    return Near(kCpuLevel, 3'000, 2'000, host, slice, 800);
  }
  uint32_t Memory(uint32_t host, int64_t slice) const {
    return Near(kMemoryLevel, 4'000, 3'000, host, slice, 500);
  }
  uint32_t InstanceCpu(uint32_t instance, uint32_t host, int64_t slice) const;
  uint32_t InstanceMemory(uint32_t instance, int64_t slice) const {
    return Near(kOwnMemory, 3'000, 4'000, instance, slice, 300);
  }
  // Work that begins in that slice, over work on a host of usual CPU.
  float Slowdown(uint32_t host, int64_t slice) const { return slowdown_[Cpu(host, slice)]; }

 private:
  enum Stream : uint64_t { kCpuLevel = 101, kMemoryLevel, kOwnCpu, kOwnMemory };

  // A level in [least, least + more) of `number`'s own, and about it a normal draw of the slice.
  uint32_t Near(Stream stream, uint32_t least, uint32_t more, uint32_t number, int64_t slice,
                int32_t deviation) const;

  uint64_t seed_;
  std::vector<float> normal_;
  std::vector<float> slowdown_;  // by CPU
};

}  // namespace plumbago::generate
