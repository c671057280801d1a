// Traces by their structure: "frontend >> mysql", "frontend/GET > cart", "A && B".
//
//   A > B    a span of B directly below one of A
//   A >> B   somewhere below
//   A && B   both are there; each side may be a chain of > and >>
//
// A term is a service, `service/operation`, or * (any span). Names with blanks or with one of > & /
// stand in double quotes: "\"my service\"/\"GET /cart\"". An operation may hold slashes: what
// stands behind the first one is the operation.
//
// The structural operators are TraceQL's (Grafana Tempo). Cost of Match: linear in the spans.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "graph/call_graph.h"

namespace plumbago::graph {

class SpanPattern {
 public:
  // Errors (kUsage): what was expected, and where.
  static Result<SpanPattern> Parse(std::string_view text);

  // True if the spans of a trace (preorder) hold every chain. `scratch` is memory to use again.
  bool Match(std::span<const TraceSpan> spans, const model::Names& names,
             std::vector<uint64_t>& scratch) const;

 private:
  struct Term {
    std::string service;    // empty: any
    std::string operation;  // empty: any
    bool below = false;     // >>: anywhere below the term before it; else directly
  };
  using Chain = std::vector<Term>;
  static bool Fits(const Term& term, const TraceSpan& span, const model::Names& names);
  static bool Holds(const Chain& chain, std::span<const TraceSpan> spans, const model::Names& names,
                    std::vector<uint64_t>& scratch);

  std::vector<Chain> chains_;
};

}  // namespace plumbago::graph
