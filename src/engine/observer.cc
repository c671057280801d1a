#include "engine/observer.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/section_file.h"

namespace plumbago::engine {
namespace {

using graph::RepairMode;

// Of open rows before compression: large enough to compress well, small enough that many states
// can be read at once.
constexpr size_t kPieceBytes = 192u << 10;

void ObserveAll(const States& states, const graph::CallGraph& graph, const analysis::Facts& facts) {
  for (const auto& state : states) state->Observe(graph, facts);
}

}  // namespace

void Closing::SetWindow(int64_t first_start_ns, int64_t last_start_ns, int64_t window_ns) {
  if (first_start_ns == model::kNoTime) return;  // no trace has a time
  if (__builtin_add_overflow(first_start_ns, window_ns, &first_ns)) first_ns = INT64_MAX;
  if (__builtin_sub_overflow(last_start_ns, window_ns, &last_ns)) last_ns = INT64_MIN;
}

bool Closing::Open(const TraceWindow& window) const {
  if (saved_stay_open && window.saved) return true;
  if (policy != kWindow) return policy == kNone;
  // Without a time nobody can say where it lies.
  return window.first_ns == model::kNoTime || window.first_ns < first_ns ||
         window.last_ns > last_ns;
}

Observer::Observer(ObserverOptions options)
    : closed(*options.analyses), open(*options.analyses), options_(std::move(options)) {
  MakeBuilder();
}

void Observer::MakeBuilder() {
  builder_ = std::make_unique<graph::TraceBuilder>(*options_.names);
  builder_->KeepSpans(std::any_of(options_.analyses->begin(), options_.analyses->end(),
                                  [](const auto* analysis) { return analysis->spans; }));
}

void Observer::VisitSample(const model::Sample& sample) {
  ++closed.completeness.samples;
  for (const auto& state : closed.whole) state->Observe(sample, *options_.facts);
}

void Observer::VisitPair(const model::SiblingPair& pair) {
  ++closed.completeness.pairs;
  for (const auto& state : closed.whole) state->Observe(pair, *options_.facts);
}

void Observer::VisitGraph(const model::WholeGraphView& whole) {
  ++closed.completeness.graphs;
  const graph::CallGraph graph = whole_graphs_.Build(whole);
  CountKept(closed.completeness.whole, graph, 0, 0);
  ObserveAll(closed.whole, graph, *options_.facts);
}

void Observer::Release() {
  MakeBuilder();
  link_ends_.Release();
  std::vector<graph::Row>().swap(all_rows_);
  std::vector<uint32_t>().swap(scratch_);
}

void Observer::Freeze() {
  closed.Freeze();
  open.Freeze();
  closed_traces.Freeze();
}

void Observer::Merge(Observer&& from) {
  closed.Merge(std::move(from.closed));
  open.Merge(std::move(from.open));
  closed_traces.Merge(std::move(from.closed_traces));
  open_traces.Merge(std::move(from.open_traces));
  open_pieces.insert(open_pieces.end(), from.open_pieces.begin(), from.open_pieces.end());
}

bool Observer::Closes(const model::TraceId& trace, const TraceWindow& window) {
  const bool closes = !options_.closing.Open(window);
  // Held against what the states have closed.
  if (closes && options_.keep_hashes) {
    closed_traces.Add(trace);
  } else if (options_.keep_open_ids) {
    open_traces.Add(trace);
  }
  return closes;
}

// Links are part of the trace that they lead to: it stays open while more of them may come, and one
// that only links know of is a part of a trace like any other. So what a state closes too early is
// found by its hash.
void Observer::VisitLinked(const model::TraceId& trace, std::span<const graph::Row> rows,
                           std::span<const graph::Row> links) {
  all_rows_.assign(rows.begin(), rows.end());
  all_rows_.insert(all_rows_.end(), links.begin(), links.end());
  const bool closes = Closes(trace, WindowOf(all_rows_));
  if (!closes && options_.place_of) Keep(trace, all_rows_);
  if (!closes && !options_.report) return;
  Learnt& into = closes ? closed : open;
  if (!rows.empty()) Observe(trace, rows, WindowOf(rows), into);
  const graph::TraceLinks found = link_ends_.Find(trace, rows, links);
  CountLinks(into.completeness.links, found);
  for (const auto& state : into.whole) state->Observe(found, *options_.facts);
}

void Observer::Visit(const model::TraceId& trace, std::span<const graph::Row> rows) {
  const TraceWindow window = WindowOf(rows);
  if (Closes(trace, window)) return Observe(trace, rows, window, closed);
  if (options_.place_of) Keep(trace, rows);
  if (options_.report) Observe(trace, rows, window, open);
}

void Observer::Observe(const model::TraceId& trace, std::span<const graph::Row> rows,
                       const TraceWindow& window, Learnt& into) {
  CompletenessState& completeness = into.completeness;
  ObserveWindow(completeness.window, trace, window, options_.facts->first_ns,
                options_.facts->last_ns);
  if (!builder_->Load(trace, rows, into.damage)) {
    ObserveVariant(RepairMode::kNone, window.sides_marked, into);
    ObserveVariant(RepairMode::kRebuild, window.sides_marked, into);
    if (VariantOf(options_.mode) == Variant::kAsked) {
      ObserveVariant(options_.mode, window.sides_marked, into);
    }
    CountDropped(completeness.dropped[Slot(Variant::kAccurate)], builder_->joined_rows(),
                 builder_->damaged_rows());
    return;
  }
  graph::CallGraph graph;
  if (!builder_->Build(RepairMode::kRebuild, graph)) {
    for (KeptCounts& dropped : completeness.dropped) {
      CountDropped(dropped, builder_->joined_rows(), builder_->damaged_rows());
    }
    return;
  }
  graph.sides_marked = window.sides_marked;
  CountKept(completeness.whole, graph, builder_->joined_rows(), builder_->damaged_rows());
  ObserveAll(into.whole, graph, *options_.facts);
}

// Builds the loaded, damaged trace in `mode` and observes it.
void Observer::ObserveVariant(RepairMode mode, bool marked, Learnt& into) {
  const size_t variant = Slot(VariantOf(mode));
  graph::CallGraph graph;
  if (!builder_->Build(mode, graph)) {
    CountDropped(into.completeness.dropped[variant], builder_->joined_rows(),
                 builder_->damaged_rows());
    return;
  }
  graph.sides_marked = marked;
  CountKept(into.completeness.kept[variant], graph, builder_->joined_rows(),
            builder_->damaged_rows());
  ObserveAll(into.damaged[variant], graph, *options_.facts);
}

void Observer::Keep(const model::TraceId& trace, std::span<const graph::Row> rows) {
  size_t begin = kept_rows_.size();
  ends_.clear();
  AppendOpenTrace(trace, rows, options_.place_of, scratch_, kept_rows_, ends_);
  for (const size_t end : ends_) {
    kept_.push_back({trace.Hash(), trace, begin, end - begin});
    begin = end;
  }
}

// By hash, so that the file is the same whatever order traces came in.
Result<void> Observer::FlushOpenRows(size_t partition) {
  std::sort(kept_.begin(), kept_.end(), [](const Kept& a, const Kept& b) {
    return std::tie(a.hash, a.trace, a.begin) < std::tie(b.hash, b.trace, b.begin);
  });
  std::string piece;
  const auto put = [&]() -> Result<void> {
    if (piece.empty()) return {};
    const std::string sealed = SectionFileWriter::Seal(piece);
    ASSIGN_OR_RETURN(const uint64_t offset, options_.spill->Append(sealed));
    open_pieces.push_back({partition, {offset, sealed.size()}});
    piece.clear();
    return {};
  };
  for (const Kept& kept : kept_) {
    piece.append(kept_rows_, kept.begin, kept.size);
    if (piece.size() >= kPieceBytes) RETURN_IF_ERROR(put());
  }
  RETURN_IF_ERROR(put());
  kept_.clear();
  if (kept_rows_.capacity() > 64 * kPieceBytes) std::string().swap(kept_rows_);
  kept_rows_.clear();
  return {};
}

Result<void> Observer::EndPartition(size_t partition) {
  if (!kept_.empty()) RETURN_IF_ERROR(FlushOpenRows(partition));
  if (closed.allocated() + open.allocated() + closed_traces.allocated() < options_.most_states) {
    return {};
  }
  RETURN_IF_ERROR(closed.Spill(options_.spill));
  RETURN_IF_ERROR(closed_traces.Spill(options_.spill));
  return open.Spill(options_.spill);
}

}  // namespace plumbago::engine
