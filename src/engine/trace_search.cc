#include "engine/trace_search.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <tuple>
#include <unordered_map>

#include "base/mix_hash.h"
#include "base/strong_id.h"
#include "engine/merged_walk.h"
#include "engine/span_visitor.h"

namespace plumbago::engine {
namespace {

using model::kNoTime;

uint64_t KeyOf(model::ServiceId service, model::OperationId operation) {
  return uint64_t{Index(service)} << 32 | Index(operation);
}

// Durations in cells of an eighth of an octave.
uint32_t CellOf(int64_t duration_ns) {
  if (duration_ns <= 0) return 0;
  const auto value = static_cast<uint64_t>(duration_ns);
  const auto octave = static_cast<uint32_t>(std::bit_width(value)) - 1;
  const auto part =
      static_cast<uint32_t>((octave >= 3 ? value >> (octave - 3) : value << (3 - octave)) & 7);
  return 1 + octave * 8 + part;
}

struct Cells {
  std::map<uint32_t, uint64_t> counts;
  uint64_t total = 0;

  void Add(int64_t duration_ns) {
    ++counts[CellOf(duration_ns)];
    ++total;
  }
  void Merge(const Cells& other) {
    for (const auto& [cell, count] : other.counts) counts[cell] += count;
    total += other.total;
  }
  // Shares that are in lower cells, and in this one or a higher one.
  std::pair<double, double> Around(int64_t duration_ns) const {
    const uint32_t cell = CellOf(duration_ns);
    uint64_t below = 0;
    uint64_t here = 0;
    for (const auto& [at, count] : counts) {
      if (at < cell) below += count;
      if (at == cell) here = count;
    }
    const auto all = static_cast<double>(std::max<uint64_t>(total, 1));
    return {static_cast<double>(below) / all,
            std::min(static_cast<double>(below + here), static_cast<double>(total - below)) / all};
  }
};

struct Entry {
  uint64_t traces = 0;
  std::unordered_map<uint64_t, uint64_t> forms;
  Cells durations;
};

// One thread's share.
class Search final : public SpanVisitor {
 public:
  Search(const TraceSearchOptions& options, const ReadRows& rows)
      : SpanVisitor(*rows.names, options.mode),
        options_(options),
        matcher_(options.filter, *rows.names, rows.details.get()) {}

  void Release() override {
    SpanVisitor::Release();
    scratch_ = {};
  }

  void Look(const graph::CallGraph& graph, std::span<const graph::Row> rows,
            std::span<const graph::TraceSpan> spans) override {
    const bool wanted = !options_.filter.of_spans() || matcher_.Any(rows);
    const FoundTrace summary = Summary(graph, spans);
    Entry& entry = entries[KeyOf(summary.service, summary.operation)];
    ++entry.traces;
    ++entry.forms[summary.form];
    if (summary.duration_ns != kNoTime) entry.durations.Add(summary.duration_ns);
    if (!options_.show.empty()) {
      for (const graph::TraceSpan& span : spans) {
        if (span.timed()) operations[KeyOf(span.service, span.operation)].Add(span.duration_ns);
      }
      if (std::find(options_.show.begin(), options_.show.end(), graph.trace) !=
          options_.show.end()) {
        shown.emplace();
        shown->found = summary;
        for (const graph::TraceSpan& span : spans) shown->spans.push_back({span, 0, 0});
      }
    }
    if (!wanted || summary.duration_ns < options_.filter.min_duration_ns) return;
    if (options_.filter.where && !options_.filter.where->Match(spans, names_, scratch_)) return;
    ++matched;
    found.push_back(summary);
    // The slowest are known at once; how strange a trace is only at the end.
    if (options_.order == TraceSearchOptions::Order::kSlowest &&
        found.size() >= 2 * options_.most + 1024) {
      KeepSlowest();
    }
  }

  Result<void> EndPartition(size_t) override { return matcher_.status(); }

  void KeepSlowest() {
    std::sort(found.begin(), found.end(), [](const FoundTrace& a, const FoundTrace& b) {
      return std::tie(b.duration_ns, a.id) < std::tie(a.duration_ns, b.id);
    });
    found.resize(std::min(found.size(), options_.most));
  }

  void Merge(Search&& other) {
    MergeCounts(other);
    matched += other.matched;
    found.insert(found.end(), other.found.begin(), other.found.end());
    for (auto& [key, entry] : other.entries) {
      Entry& mine = entries[key];
      mine.traces += entry.traces;
      for (const auto& [form, count] : entry.forms) mine.forms[form] += count;
      mine.durations.Merge(entry.durations);
    }
    for (auto& [key, cells] : other.operations) operations[key].Merge(cells);
    if (other.shown) shown = std::move(other.shown);
  }

  void Judge(FoundTrace& trace) const {
    const auto at = entries.find(KeyOf(trace.service, trace.operation));
    if (at == entries.end()) return;
    const Entry& entry = at->second;
    trace.of_entry = entry.traces;
    const auto form = entry.forms.find(trace.form);
    trace.of_form = form == entry.forms.end() ? 0 : form->second;
    trace.surprise = std::log2(static_cast<double>(entry.traces + 1) /
                               static_cast<double>(std::max<uint64_t>(1, trace.of_form)));
    if (trace.duration_ns == kNoTime) return;
    const auto [below, tail] = entry.durations.Around(trace.duration_ns);
    trace.slower_than = below;
    trace.surprise += std::max(0.0, -std::log2(std::max(2 * tail, 1e-12)));
  }

  uint64_t matched = 0;
  std::vector<FoundTrace> found;
  std::unordered_map<uint64_t, Entry> entries;
  std::unordered_map<uint64_t, Cells> operations;  // of spans, only where a trace is shown
  std::optional<ShownTrace> shown;

 private:
  FoundTrace Summary(const graph::CallGraph& graph, std::span<const graph::TraceSpan> spans) const {
    FoundTrace summary;
    summary.id = graph.trace;
    summary.calls = static_cast<uint32_t>(graph.calls.size());
    summary.services = static_cast<uint32_t>(graph.nodes.size());
    summary.start_ns = graph.start_ns;
    if (graph.start_ns != kNoTime) summary.duration_ns = graph.end_ns - graph.start_ns;
    for (const graph::TraceSpan& span : spans) {
      summary.spans += span.inserted ? 0 : 1;
      summary.errors += span.status == model::Status::kError ? 1 : 0;
      uint64_t one = MixHash(names_.services.Hash(Index(span.service)) +
                             3 * names_.operations.Hash(Index(span.operation)) +
                             static_cast<uint64_t>(span.status == model::Status::kError));
      if (span.parent != graph::kNone) {
        const graph::TraceSpan& above = spans[span.parent];
        one = MixHash(one + 5 * names_.services.Hash(Index(above.service)) +
                      7 * names_.operations.Hash(Index(above.operation)));
      }
      summary.form += one;
    }
    if (const graph::TraceSpan* const entry = EntryOf(spans)) {
      summary.service = entry->service;
      summary.operation = entry->operation;
      if (entry->timed()) {
        summary.start_ns = entry->start_ns;
        summary.duration_ns = entry->duration_ns;
      }
    }
    return summary;
  }

  const TraceSearchOptions& options_;
  RowMatcher matcher_;
  std::vector<uint64_t> scratch_;
};

}  // namespace

Result<TraceSearch> SearchTraces(const TraceSearchOptions& options) {
  ReadOptions read_options = options.read;
  read_options.details = !options.filter.attributes.empty();
  ASSIGN_OR_RETURN(ReadRows read, ReadAllRows(read_options));
  ASSIGN_OR_RETURN(const auto walk, AskAllTraces(read, options.read.show_progress, [&] {
                     return std::make_unique<Search>(options, read);
                   }));
  Search& all = *walk.visitor;

  TraceSearch result;
  result.traces = all.traces;
  result.dropped = all.dropped;
  result.matched = all.matched;
  result.damage = read.damage;
  result.damage.Merge(all.damage);
  result.interrupted = read.interrupted || !walk.all;
  if (options.order == TraceSearchOptions::Order::kSlowest) {
    all.KeepSlowest();
    for (FoundTrace& trace : all.found) all.Judge(trace);
  } else {
    for (FoundTrace& trace : all.found) all.Judge(trace);
    std::sort(all.found.begin(), all.found.end(), [](const FoundTrace& a, const FoundTrace& b) {
      return std::tie(b.surprise, b.duration_ns, a.id) < std::tie(a.surprise, a.duration_ns, b.id);
    });
    all.found.resize(std::min(all.found.size(), options.most));
  }
  result.found = std::move(all.found);
  if (all.shown) {
    result.shown = std::move(all.shown);
    all.Judge(result.shown->found);
    for (ShownSpan& span : result.shown->spans) {
      const auto at = all.operations.find(KeyOf(span.span.service, span.span.operation));
      if (at == all.operations.end() || !span.span.timed()) continue;
      span.known = at->second.total;
      span.slower_than = at->second.Around(span.span.duration_ns).first;
    }
  }
  result.names = std::move(read.names);
  return result;
}

}  // namespace plumbago::engine
