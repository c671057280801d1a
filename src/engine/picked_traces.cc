#include "engine/picked_traces.h"

#include <algorithm>
#include <tuple>

#include "engine/merged_walk.h"
#include "engine/span_visitor.h"

namespace plumbago::engine {
namespace {

using model::kNoTime;

bool Slower(const PickedTrace& a, const PickedTrace& b) {
  return std::tie(b.duration_ns, a.id) < std::tie(a.duration_ns, b.id);
}

class Picking final : public SpanVisitor {
 public:
  Picking(const PickTracesOptions& options, const model::Names& names)
      : SpanVisitor(names, options.mode), options_(options) {}

  void Merge(Picking&& other) {
    MergeCounts(other);
    for (PickedTrace& trace : other.kept) Keep(std::move(trace), {});
  }

  void Look(const graph::CallGraph& graph, std::span<const graph::Row>,
            std::span<const graph::TraceSpan> spans) override {
    const std::vector<model::TraceId>& only = options_.only;
    if (!only.empty() && std::find(only.begin(), only.end(), graph.trace) == only.end()) return;
    PickedTrace picked;
    picked.id = graph.trace;
    if (graph.start_ns != kNoTime) picked.duration_ns = graph.end_ns - graph.start_ns;
    const graph::TraceSpan* const entry = EntryOf(spans);
    if (entry != nullptr && entry->timed()) picked.duration_ns = entry->duration_ns;
    Keep(std::move(picked), spans);
  }

  // The fastest of those kept is at the front of the heap.
  void Keep(PickedTrace&& trace, std::span<const graph::TraceSpan> spans) {
    if (kept.size() >= options_.most) {
      if (!Slower(trace, kept.front())) return;
      std::pop_heap(kept.begin(), kept.end(), Slower);
      kept.pop_back();
    }
    if (trace.spans.empty()) trace.spans.assign(spans.begin(), spans.end());
    kept.push_back(std::move(trace));
    std::push_heap(kept.begin(), kept.end(), Slower);
  }

  std::vector<PickedTrace> kept;

 private:
  const PickTracesOptions& options_;
};

}  // namespace

Result<PickedTraces> PickTraces(const PickTracesOptions& options) {
  ASSIGN_OR_RETURN(ReadRows read, ReadAllRows(options.read));
  ASSIGN_OR_RETURN(const auto walk, AskAllTraces(read, options.read.show_progress, [&] {
                     return std::make_unique<Picking>(options, *read.names);
                   }));
  Picking& all = *walk.visitor;
  PickedTraces picked;
  picked.damage = read.damage;
  picked.damage.Merge(all.damage);
  picked.read = all.traces;
  picked.dropped = all.dropped;
  picked.traces = std::move(all.kept);
  std::sort(picked.traces.begin(), picked.traces.end(), Slower);
  picked.interrupted = read.interrupted || !walk.all;
  picked.names = std::move(read.names);
  return picked;
}

}  // namespace plumbago::engine
