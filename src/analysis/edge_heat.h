// Where the own time lies: edges by how often they are called and how long the median call takes.
// A few slow edges and many fast ones cost the same sum, but ask for different remedies.
//
// Both axes are cut at 1, 2, 5, 10, 20, 50 ...; latencies in ticks of the clock, those below one
// tick in one row. A cell is a sum of whole nanoseconds, so the order of adding shows nowhere.
// Add: a few ns; 64 kB.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/int128.h"
#include "document/document.h"

namespace plumbago::analysis {

class EdgeHeat {
 public:
  // `p50_ns`: nothing if no call of the edge has a time; such an edge is in no cell.
  void Add(uint64_t calls, std::optional<double> p50_ns, UInt128 self_ns, int64_t tick_ns);
  document::Figure Draw(int64_t tick_ns) const;

 private:
  static constexpr size_t kSteps = 60;  // up to 10^20
  std::array<std::array<UInt128, kSteps>, kSteps> self_ns_{};
};

}  // namespace plumbago::analysis
