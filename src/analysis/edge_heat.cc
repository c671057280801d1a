#include "analysis/edge_heat.h"

#include <algorithm>
#include <cmath>

namespace plumbago::analysis {
namespace {

// Step 0 is what is below 1; 1 begins at 1, 2 at 2, 3 at 5, 4 at 10, ...
double Begin(size_t step) {
  if (step == 0) return 0.5;
  constexpr double kBegins[] = {1, 2, 5};
  const size_t decade = (step - 1) / 3;
  return kBegins[(step - 1) % 3] * std::pow(10.0, static_cast<double>(decade));
}

size_t StepOf(double value, size_t steps) {
  size_t step = 0;
  while (step + 1 < steps && value >= Begin(step + 1)) ++step;
  return step;
}

}  // namespace

void EdgeHeat::Add(uint64_t calls, std::optional<double> p50_ns, UInt128 self_ns, int64_t tick_ns) {
  if (!p50_ns || calls == 0) return;
  const size_t x = StepOf(static_cast<double>(calls), kSteps);
  const size_t y = StepOf(*p50_ns / static_cast<double>(tick_ns), kSteps);
  self_ns_[x][y] += self_ns;
}

document::Figure EdgeHeat::Draw(int64_t tick_ns) const {
  document::Figure figure;
  figure.id = "own_time_by_calls_and_latency";
  figure.title = "Where the own time is: edges by calls and median latency";
  figure.kind = document::FigureKind::kHeatMap;
  figure.x = {"calls of the edge", document::Unit::kCount, true};
  figure.y = {"median latency", document::Unit::kNanoseconds, true};
  figure.value = {"share of all own time", document::Unit::kShare, false};
  const auto tick = static_cast<double>(tick_ns);
  UInt128 whole = 0;
  for (const auto& column : self_ns_) {
    for (const UInt128 cell : column) whole += cell;
  }
  for (size_t x = 0; x + 1 < kSteps; ++x) {
    for (size_t y = 0; y + 1 < kSteps; ++y) {
      if (self_ns_[x][y] == 0) continue;
      figure.cells.push_back({Begin(x), Begin(x + 1), Begin(y) * tick, Begin(y + 1) * tick,
                              static_cast<double>(self_ns_[x][y]) / static_cast<double>(whole)});
    }
  }
  return figure;
}

}  // namespace plumbago::analysis
