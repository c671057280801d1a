#include "analysis/attributes.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/mix_hash.h"
#include "base/strong_id.h"
#include "model/attribute_text.h"
#include "statistics/many_tests.h"

namespace plumbago::analysis {
namespace {

using model::AttributeId;
using model::PartsOfAttribute;
using State = Attributes::State;
using Compared = Attributes::Compared;
using Result = Attributes::Result;
using NotCompared = Attributes::NotCompared;

// A value with a p-value above this does not count however many others there are.
constexpr double kWorthKeeping = Attributes::kFalseShare;

// Of the conventions of OpenTelemetry and OpenTracing: that the span failed, or how.
bool TellsOutcome(std::string_view key) {
  constexpr std::string_view kOutcome[] = {"http.status_code",
                                           "http.response.status_code",
                                           "http.status_text",
                                           "http.status",
                                           "rpc.grpc.status_code",
                                           "grpc.status_code",
                                           "rpc.response.status_code",
                                           "db.response.status_code",
                                           "status.code",
                                           "status"};
  return key.starts_with("error") || key.starts_with("exception.") ||
         std::find(std::begin(kOutcome), std::end(kOutcome), key) != std::end(kOutcome);
}

// Keys of a service with too many values: as they were read, or together, where states with fewer
// were merged.
class CutKeys {
 public:
  CutKeys(const State& state, const model::Names& names) : names_(names) {
    std::map<std::pair<model::ServiceId, AttributeId>, bool> values;
    state.cells.ForEach([&](const AttributeCell& cell) {
      if (cell.attribute != model::kNoAttribute) values[{cell.service, cell.attribute}] = true;
    });
    for (const auto& [value, seen] : values) ++counts_[{value.first, KeyOf(value.second)}];
    state.left_out.ForEach([&](model::ServiceId service, AttributeId id, uint64_t) {
      const model::AttributeParts parts = PartsOfAttribute(names_.Text(id));
      if (id == model::kNoAttribute) {
        services_[service] = true;
      } else if (parts.key_alone) {
        counts_[{service, parts.key}] = model::AttributeKeys::kMostValues + 1;
      }
    });
  }
  bool Cut(model::ServiceId service, AttributeId value) const {
    return services_.contains(service) || KeyCut(service, KeyOf(value));
  }
  bool ServiceCut(model::ServiceId service) const { return services_.contains(service); }
  bool KeyCut(model::ServiceId service, std::string_view key) const {
    const auto found = counts_.find({service, key});
    return found != counts_.end() && found->second > model::AttributeKeys::kMostValues;
  }

 private:
  std::string_view KeyOf(AttributeId value) const {
    return PartsOfAttribute(names_.Text(value)).key;
  }
  const model::Names& names_;
  std::map<std::pair<model::ServiceId, std::string_view>, size_t> counts_;
  std::map<model::ServiceId, bool> services_;
};

// Compares operation by operation.
class Comparison {
 public:
  Comparison(const CutKeys& cut, const model::Names& names, Result& result)
      : cut_(cut), names_(names), result_(result) {}

  // In the order of their keys.
  void Take(const AttributeCell& cell) {
    if (cells_.empty() || cell.service != cells_.front().service ||
        cell.operation != cells_.front().operation) {
      Operation();
    }
    if (cell.attribute != model::kNoAttribute && cut_.Cut(cell.service, cell.attribute)) {
      LeaveOut(cell.service, cell.attribute, cell.spans());
      return;
    }
    cells_.push_back(cell);
  }

  // Of spans that are not in the cells, or in those that are not compared.
  void LeaveOut(model::ServiceId service, AttributeId attribute, uint64_t spans) {
    const std::string_view key = PartsOfAttribute(names_.Text(attribute)).key;
    if (cut_.ServiceCut(service)) {
      // Its spans are counted by kNoAttribute, once each.
      if (attribute != model::kNoAttribute) return;
      left_out_[{service, "", NotCompared::Why::kManyKeys}] += spans;
      return;
    }
    const auto why =
        cut_.KeyCut(service, key) ? NotCompared::Why::kManyValues : NotCompared::Why::kLongValues;
    left_out_[{service, key, why}] += spans;
  }

  void Finish() {
    Operation();
    Adjust();
    for (const auto& [what, spans] : left_out_) {
      const auto& [service, key, why] = what;
      result_.not_compared.push_back({service, std::string(key), why, spans});
    }
  }

 private:
  void Operation() {
    if (cells_.size() > 1) CompareCells();
    cells_.clear();
  }

  void CompareCells() {
    const AttributeCell& all = cells_.front();
    if (all.attribute != model::kNoAttribute) return;  // a state that was tampered with
    const auto slow = static_cast<int64_t>(all.latency.Quantile(0.95).value_or(0));
    // Cells of the same spans, by what must be equal then.
    std::unordered_map<uint64_t, std::vector<size_t>> alike;
    std::vector<std::vector<size_t>> sets;
    for (size_t i = 1; i < cells_.size(); ++i) {
      if (cells_[i].spans() == all.spans()) {
        ++result_.constant;
        continue;
      }
      std::vector<size_t>& candidates = alike[cells_[i].marks];
      const auto same = std::find_if(candidates.begin(), candidates.end(), [&](size_t set) {
        return cells_[sets[set].front()].SameSpans(cells_[i]);
      });
      if (same != candidates.end()) {
        sets[*same].push_back(i);
      } else {
        candidates.push_back(sets.size());
        sets.push_back({i});
      }
    }
    for (const std::vector<size_t>& set : sets) CompareSet(set, all, slow);
    Keep(all.spans());
    of_operation_.clear();
  }

  void CompareSet(const std::vector<size_t>& set, const AttributeCell& all, int64_t slow) {
    const auto effect = EffectOf(cells_[set.front()], all, slow);
    if (!effect) {
      ++result_.too_small;
      return;
    }
    ++result_.compared;
    Compared& compared = of_operation_.emplace_back();
    compared.service = all.service;
    compared.operation = all.operation;
    compared.effect = *effect;
    compared.outcome = true;
    for (const size_t i : set) {
      const AttributeId id = cells_[i].attribute;
      compared.attributes.push_back(id);
      compared.outcome &= TellsOutcome(PartsOfAttribute(names_.Text(id)).key);
    }
  }

  // Mean over the values of an operation: how much less its spans tell than independent ones.
  double Design(std::optional<double> AttributeEffect::* design) const {
    double sum = 0, count = 0;
    for (const Compared& one : of_operation_) {
      if (!(one.effect.*design)) continue;
      sum += *(one.effect.*design);
      ++count;
    }
    return count > 0 ? std::max(1.0, sum / count) : 1;
  }

  void Keep(uint64_t spans) {
    const double failed = Design(&AttributeEffect::failed_design);
    const double time = Design(&AttributeEffect::time_design);
    for (Compared& one : of_operation_) {
      const AttributeEffect& effect = one.effect;
      tests_ += one.outcome ? 2 : 3;
      // The usual outcome takes longer than a quick refusal: no news, either.
      if (one.outcome && 2 * effect.with.spans > spans) continue;
      one.failed_p = one.outcome ? 1 : effect.FailedP(failed);
      one.time_p = effect.TimeP(time);
      one.slow_p = effect.SlowP(time);
      if (std::min({one.failed_p, one.time_p, one.slow_p}) <= kWorthKeeping) {
        kept_.push_back(std::move(one));
      }
    }
  }

  void Adjust() {
    std::vector<double> p;
    for (const Compared& one : kept_) p.insert(p.end(), {one.failed_p, one.time_p, one.slow_p});
    const std::vector<double> adjusted = statistics::BenjaminiHochberg(p, tests_);
    for (size_t i = 0; i < kept_.size(); ++i) {
      Compared& one = kept_[i];
      one.failed_p = adjusted[3 * i];
      one.time_p = adjusted[3 * i + 1];
      one.slow_p = adjusted[3 * i + 2];
      if (one.fails()) result_.failed.push_back(one);
      if (one.takes_longer() || one.slow_more()) result_.slow.push_back(one);
    }
    // Stable: ties stand as names do.
    std::stable_sort(result_.failed.begin(), result_.failed.end(),
                     [](const Compared& a, const Compared& b) {
                       return a.effect.excess_failed() > b.effect.excess_failed();
                     });
    std::stable_sort(result_.slow.begin(), result_.slow.end(),
                     [](const Compared& a, const Compared& b) {
                       return a.effect.excess_ns() > b.effect.excess_ns();
                     });
  }

  const CutKeys& cut_;
  const model::Names& names_;
  Result& result_;
  std::vector<AttributeCell> cells_;  // of one operation, all its spans first
  std::vector<Compared> of_operation_;
  std::vector<Compared> kept_;
  size_t tests_ = 0;
  std::map<std::tuple<model::ServiceId, std::string_view, NotCompared::Why>, uint64_t> left_out_;
};

}  // namespace

const Description Attributes::kDescription = {
    .id = "attributes",
    .title = "Attributes worth knowing",
    .question = "Which attributes go with failed or slow spans, and by how much?",
    .needs = "spans with attributes, operation, start, duration, status",
    .source =
        "BubbleUp (Honeycomb) and Traces Drilldown (Grafana), with the tests of statistics T11",
};

void Attributes::Observe(State& state, const graph::CallGraph& graph, const Facts& facts) {
  if (graph.spans.empty()) return;
  const model::Names& names = *facts.names;
  AttributeSpan of;
  const uint64_t trace = graph.trace.Hash();
  of.group = AttributeCell::GroupOf(graph.start_ns, trace);
  const auto compares = [&names](AttributeId id) {
    return PartsOfAttribute(names.Text(id)).compares();
  };
  for (const graph::TraceSpan& span : graph.spans) {
    if (span.inserted) continue;
    if (!span.timed()) {
      ++state.untimed;
      continue;
    }
    ++state.spans;
    if (!span.attributes.empty()) {
      ++state.with_attributes;
      if (span.attributes.front() == model::kNoAttribute) {
        state.left_out.Add(span.service, model::kNoAttribute);
        continue;
      }
    }
    of.mark =
        MixHash(trace ^ span.id * 0x9E3779B97F4A7C15ull ^ static_cast<uint64_t>(span.start_ns));
    of.duration_ns = span.duration_ns;
    of.failed = span.status == model::Status::kError;
    for (const AttributeId id :
         state.cells.Add(span.service, span.operation, span.attributes, of, compares)) {
      state.left_out.Add(span.service, id);
    }
  }
}

Result Attributes::Compare(const State& state, const Facts& facts) {
  Result result;
  const CutKeys cut(state, *facts.names);
  Comparison comparison(cut, *facts.names, result);
  state.cells.ForEach([&](const AttributeCell& cell) { comparison.Take(cell); });
  state.left_out.ForEach([&](model::ServiceId service, AttributeId id, uint64_t spans) {
    comparison.LeaveOut(service, id, spans);
  });
  comparison.Finish();
  return result;
}

}  // namespace plumbago::analysis
