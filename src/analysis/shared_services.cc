#include "analysis/shared_services.h"

#include <cmath>

#include "analysis/trace_weight.h"

namespace plumbago::analysis {

SharedServices::SharedServices(const Sharing::State& state) : traces(state.traces) {
  // All three are visited in the order of services.
  const auto at = [this](model::ServiceId service) -> SharedService& {
    if (services.empty() || services.back().service < service) {
      services.emplace_back().service = service;
      return services.back();
    }
    return *std::lower_bound(
        services.begin(), services.end(), service,
        [](const SharedService& one, model::ServiceId wanted) { return one.service < wanted; });
  };
  state.uses.ForEach([&](model::ServiceId service, model::OperationId entry, uint64_t count) {
    if (service == model::kNoService) {
      entries += entry != model::kNoOperation;
      return;
    }
    SharedService& one = at(service);
    one.traces += count;
    one.entries += entry != model::kNoOperation;
  });
  state.callers.ForEach(
      [&](model::ServiceId callee, model::ServiceId, uint64_t) { ++at(callee).callers; });
  for (SharedService& one : services) {
    one.work = state.work.Get(one.service);
    calls += one.work.calls;
    self_ns += one.work.self_ns;
    failed += one.work.failed;
    survived += one.work.survived;
    instances_known = instances_known || one.work.instances.known();
    if (one.callers > 0) callers.Add(one.callers);
  }
  if (state.squared_weights > 0) effective_traces = EffectiveCount(traces, state.squared_weights);
}

std::optional<statistics::Bounds> SharedServices::Traffic(const SharedService& service) const {
  if (traces == 0) return std::nullopt;
  const double share = static_cast<double>(service.traces) / static_cast<double>(traces);
  const auto trials = static_cast<uint64_t>(std::max(1.0, std::floor(effective_traces)));
  return statistics::WilsonInterval(
      static_cast<uint64_t>(std::llround(share * static_cast<double>(trials))), trials);
}

}  // namespace plumbago::analysis
