#include "engine/merged_calls.h"

#include <algorithm>
#include <memory>

#include "engine/call_tree_sums.h"
#include "engine/merged_walk.h"
#include "engine/span_visitor.h"
#include "graph/critical_path.h"
#include "graph/span_windows.h"

namespace plumbago::engine {
namespace {

constexpr uint64_t kMostNodes = 250'000;
// A thread's nodes may take 5 MB, and where there is more memory 1/64 of it: what is kept must not
// depend on how many threads there are, and each has at least 20 MB (memory_plan.h).
constexpr uint64_t kLeastNodes = 32'000;
constexpr uint64_t kNodeBytes = 160;
constexpr uint64_t kBudgetShare = 64;

// What a span worked itself: its window less the union of what it waited for.
int64_t OwnTime(const graph::SpanWindows& windows, uint32_t span) {
  const graph::SpanWindow window = windows.window(span);
  int64_t own = window.length();
  int64_t covered_to = window.start_ns;
  windows.ForEachWaited(span, [&](uint32_t child) {  // by start
    const graph::SpanWindow below = windows.window(child);
    const int64_t from = std::max(below.start_ns, covered_to);
    if (below.end_ns <= from) return;
    own -= below.end_ns - from;
    covered_to = below.end_ns;
  });
  return own;
}

class Merging final : public SpanVisitor {
 public:
  // `asynchronous`: what stands above asynchronous spans.
  Merging(const MergedCallsOptions& options, const model::Names& names,
          model::ServiceId asynchronous, uint32_t most_nodes)
      : SpanVisitor(names, options.mode),
        sums(names, most_nodes, kMostLevels),
        options_(options),
        asynchronous_(asynchronous) {}

  void Release() override {
    SpanVisitor::Release();
    places_ = {};
  }
  void Merge(Merging&& other) {
    MergeCounts(other);
    sums.Merge(other.sums);
    spans += other.spans;
    spans_untimed += other.spans_untimed;
  }

  void Look(const graph::CallGraph&, std::span<const graph::Row>,
            std::span<const graph::TraceSpan> all) override {
    windows_.Set(all);
    if (options_.critical) path_.Find(windows_);
    places_.resize(std::max(places_.size(), all.size()));
    for (uint32_t i = 0; i < all.size(); ++i) Span(all, i);
    sums.Trim();
  }

  CallTreeSums sums;
  uint64_t spans = 0, spans_untimed = 0;

 private:
  void Span(std::span<const graph::TraceSpan> all, uint32_t i) {
    const graph::TraceSpan& span = all[i];
    const bool timed = windows_.timed(i);
    spans += span.inserted ? 0 : 1;
    spans_untimed += timed || span.inserted ? 0 : 1;
    CallTreeSums::Place above =
        span.parent == graph::kNone ? CallTreeSums::Top() : places_[span.parent];
    CallTreeSums::Sums add;
    add.calls = span.inserted ? 0 : 1;
    add.errors = !span.inserted && span.status == model::Status::kError ? 1 : 0;
    if (options_.critical) {
      if (!timed || !path_.visited(i)) return;
      if (windows_.place(i) == graph::SpanPlace::kAsynchronous)
        above = sums.Below(CallTreeSums::Top(), asynchronous_, model::kNoOperation);
      add.time_ns = path_.own_ns(i);
    } else if (timed && !span.inserted) {  // of a lost span nobody knows what it worked
      add.time_ns = OwnTime(windows_, i);
    }
    places_[i] = sums.Below(above, span.service, span.operation);
    sums.Add(places_[i], add);
  }

  const MergedCallsOptions& options_;
  const model::ServiceId asynchronous_;
  graph::SpanWindows windows_;
  graph::CriticalPath path_;
  std::vector<CallTreeSums::Place> places_;  // by span
};

}  // namespace

Result<MergedCalls> MergeCalls(const MergedCallsOptions& options) {
  ASSIGN_OR_RETURN(ReadRows read, ReadAllRows(options.read));
  constexpr const char* kAsynchronous = "(asynchronous)";
  if (options.critical) read.names->services.Intern(kAsynchronous);
  uint32_t most_nodes = options.most_nodes;
  if (most_nodes == 0) {
    most_nodes = static_cast<uint32_t>(
        std::clamp(read.plan.budget / (kBudgetShare * kNodeBytes), kLeastNodes, kMostNodes));
  }
  ASSIGN_OR_RETURN(
      const auto walk, AskAllTraces(read, options.read.show_progress, [&] {
        const model::ServiceId asynchronous =
            options.critical ? model::ServiceId{read.names->services.Intern(kAsynchronous)}
                             : model::kNoService;
        return std::make_unique<Merging>(options, *read.names, asynchronous, most_nodes);
      }));
  Merging& all = *walk.visitor;
  MergedCalls merged;
  merged.damage = read.damage;
  merged.damage.Merge(all.damage);
  merged.traces = all.traces;
  merged.dropped = all.dropped;
  merged.spans = all.spans;
  merged.spans_untimed = all.spans_untimed;
  all.sums.TrimExactly();
  merged.nodes = all.sums.InOrder();
  for (const MergedCall& node : merged.nodes) merged.spans_other += node.other ? node.calls : 0;
  merged.interrupted = read.interrupted || !walk.all;
  merged.names = std::move(read.names);
  return merged;
}

}  // namespace plumbago::engine
