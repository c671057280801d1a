// What is known of each service and of all: the state of `sharing`, summed up for its tables,
// figures and finding.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/sharing.h"
#include "base/int128.h"
#include "statistics/count_histogram.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {

struct SharedService {
  model::ServiceId service = model::kNoService;
  uint64_t traces = 0;   // that use it
  uint64_t entries = 0;  // with such a trace
  uint64_t callers = 0;
  Sharing::Work work;

  std::optional<double> self_mean() const {
    if (work.self_known == 0) return std::nullopt;
    return static_cast<double>(work.self_ns) / static_cast<double>(work.self_known);
  }
};

struct SharedServices {
  std::vector<SharedService> services;  // by name
  uint64_t traces = 0;
  uint64_t entries = 0;  // with a name
  uint64_t calls = 0;    // with a named callee
  UInt128 self_ns = 0;   // of those whose own time is known
  uint64_t failed = 0, survived = 0;
  bool instances_known = false;
  double effective_traces = 0;         // traces that would tell as much without weights (Kish 1965)
  statistics::CountHistogram callers;  // of a service, services that nobody calls left out

  explicit SharedServices(const Sharing::State& state);

  // The interval of the share of traffic that uses the service.
  std::optional<statistics::Bounds> Traffic(const SharedService& service) const;
  // Places in `services`, `before` first; among equals the order of names.
  template <class Before>
  std::vector<uint32_t> Order(const Before& before) const;
};

template <class Before>
std::vector<uint32_t> SharedServices::Order(const Before& before) const {
  std::vector<uint32_t> order(services.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return before(services[a], services[b]); });
  return order;
}

}  // namespace plumbago::analysis
