// The critical path of a trace: at each moment the one span that the end of the trace waited for.
//
// From the root's end backwards: of the children that end at or before here the one that ends last
// was waited for; between its end and here the span itself was at work. Then the same within that
// child, from its end to its start, and on from there to the span's start. So the sections of a
// path cut [root start, root end] into pieces without gap or overlap. Of children that end together
// the one that began first is taken, as in Jaeger-UI. A child that ends exactly when the next
// begins is waited for (statistics.md T9); one without length carries nothing.
//
// A trace has one path for each root and each asynchronous span (span_windows.h).
//
// Sources: Zhang et al., "CRISP: Critical Path Analysis of Large-Scale Microservice Architectures",
// ATC'22; Jaeger-UI. Where answers differ, and why: docs/design/0015.
//
// Cost: linear but for the children of spans on the path, sorted by end once each: 1 M spans in a
// few hundredths of a second (critical_path_benchmark.cc). An explicit stack, no recursion; no span
// is visited twice. Reuses its memory. One object a thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/call_graph.h"
#include "graph/span_windows.h"

namespace plumbago::graph {

struct PathSection {
  uint32_t span = 0;
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  int64_t length() const { return end_ns - start_ns; }
  friend bool operator==(const PathSection&, const PathSection&) = default;
};

class CriticalPath {
 public:
  struct Path {
    uint32_t root = 0;  // a root of the trace, or an asynchronous span
    bool asynchronous = false;
    uint32_t begin = 0, end = 0;  // of sections()
    uint32_t owners_begin = 0, owners_end = 0;
  };

  // `windows` must have been set.
  void Find(const SpanWindows& windows);

  std::span<const Path> paths() const { return paths_; }  // in preorder of their roots
  // Of all paths, each in the order of time.
  std::span<const PathSection> sections() const { return sections_; }
  std::span<const PathSection> sections(const Path& path) const {
    return std::span(sections_).subspan(path.begin, path.end - path.begin);
  }
  // The spans with own time on the path, each once.
  std::span<const uint32_t> owners(const Path& path) const {
    return std::span(owners_).subspan(path.owners_begin, path.owners_end - path.owners_begin);
  }
  // The path led through the span, if only through its children.
  bool visited(uint32_t span) const { return visited_[span] != 0; }
  // Own time of a span on the path.
  int64_t own_ns(uint32_t span) const { return own_[span]; }

 private:
  struct Child {
    int64_t end_ns, start_ns;
    uint32_t span;
  };
  struct Open {
    uint32_t span;
    uint32_t begin;   // its children in children_ from here to the end of the list
    int64_t here_ns;  // the path is known from here on
  };

  void Walk(const SpanWindows& windows, uint32_t root);
  void Enter(const SpanWindows& windows, uint32_t span, int64_t here_ns);
  void Emit(uint32_t span, int64_t start_ns, int64_t end_ns);

  std::vector<Path> paths_;
  std::vector<PathSection> sections_;
  std::vector<uint32_t> owners_;
  std::vector<uint8_t> visited_;
  std::vector<int64_t> own_;
  std::vector<Child> children_;  // of the open spans, by end: what ends last is taken first
  std::vector<Open> open_;
};

}  // namespace plumbago::graph
