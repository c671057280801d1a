#include "analysis/coupled_pairs.h"

#include <algorithm>
#include <cmath>

#include "statistics/sums.h"

namespace plumbago::analysis {
namespace {

using statistics::Bounds;

// A share of invocations, judged as if each trace were one trial.
Bounds ByTraces(double share, uint64_t traces) {
  const auto hits = static_cast<uint64_t>(std::floor(share * static_cast<double>(traces) + 1e-9));
  return statistics::WilsonInterval(hits, traces).value_or(Bounds{0, 1});
}

CoupledPair Judge(const Coupling::Pair& pair, const Coupling::Service& caller) {
  CoupledPair verdict;
  verdict.pair = pair;
  const auto called = static_cast<double>(pair.called);
  verdict.probability = called / static_cast<double>(caller.invocations);
  verdict.probable = ByTraces(verdict.probability, caller.traces);
  verdict.calls_each = static_cast<double>(pair.calls) / called;
  verdict.many = static_cast<double>(pair.many) / called;
  if (pair.paired > 0) {
    int64_t network_ns = 0;
    for (const int64_t group : pair.network_ns) statistics::AddWrapping(network_ns, group);
    verdict.network_ns = network_ns;
  }
  return verdict;
}

}  // namespace

CoupledPairs::CoupledPairs(const Coupling::State& state) {
  state.pairs.ForEach([&](const Coupling::Pair& pair) {
    const Coupling::Service caller = state.services.Get(pair.caller);
    const Coupling::Service callee = state.services.Get(pair.callee);
    if (caller.invocations == 0 || pair.called == 0) return;  // a state that was tampered with
    ++pairs;
    calls += pair.calls;
    called += pair.called;
    const CoupledPair verdict = Judge(pair, caller);
    if (ByTraces(1, caller.traces).low >= Coupling::kSure) {
      const bool sure = verdict.probable.low >= Coupling::kSure;
      ++judged;
      coupled += sure;
      ++by_probability[std::min<size_t>(9, static_cast<size_t>(verdict.probability * 10))];
      if (sure && pair.calls == callee.invocations && pair.loose == 0 &&
          pair.caller != pair.callee) {
        to_merge.push_back(verdict);
      }
    }
    // Traces that call it are at least a share of the caller's: the smaller of two counts.
    const uint64_t traces = std::min({caller.traces, callee.traces, pair.called});
    if (ByTraces(verdict.many, traces).low >= Coupling::kOften) to_batch.push_back(verdict);
  });
  std::stable_sort(to_merge.begin(), to_merge.end(), [](const auto& a, const auto& b) {
    const int64_t saves_a = a.network_ns.value_or(0), saves_b = b.network_ns.value_or(0);
    return saves_a != saves_b ? saves_a > saves_b : a.pair.calls > b.pair.calls;
  });
  std::stable_sort(to_batch.begin(), to_batch.end(), [](const auto& a, const auto& b) {
    return a.pair.calls - a.pair.called > b.pair.calls - b.pair.called;
  });
}

}  // namespace plumbago::analysis
