// Which traces a search wants. One span must have all that is said of a span; what is said of the
// trace holds for it as a whole.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/details_store.h"
#include "formats/spans/span_details.h"
#include "graph/call_graph.h"
#include "graph/row.h"
#include "graph/span_pattern.h"
#include "model/names.h"

namespace plumbago::engine {

struct AttributeFilter {
  std::string key;
  std::optional<std::string> value;  // as text; nothing: any
  // "http.status_code=500", "http.url"
  static AttributeFilter Of(const std::string& text);
};

struct TraceFilter {
  // Of one span. A service is there if it wrote the span or was called by it.
  std::optional<std::string> service = {};
  std::optional<std::string> operation = {};
  bool error = false;
  std::vector<AttributeFilter> attributes = {};  // of the span, or of who wrote it
  // Of the trace.
  int64_t min_duration_ns = 0;
  std::optional<graph::SpanPattern> where = {};

  bool of_spans() const { return service || operation || error || !attributes.empty(); }
};

// A thread's look at rows. `details` may be null if no attribute is asked for.
class RowMatcher {
 public:
  RowMatcher(const TraceFilter& filter, const model::Names& names, const DetailsStore* details);
  // True if one of the rows has all that is said of a span.
  bool Any(std::span<const graph::Row> rows);
  // The first error of reading details.
  const Result<void>& status() const { return status_; }

 private:
  bool Matches(const model::Call& call);
  bool HasAttributes(const model::Call& call);

  const TraceFilter& filter_;
  const model::Names& names_;
  const DetailsStore* details_;
  formats::spans::RestoredSpan restored_;
  std::string scratch_;
  Result<void> status_;
};

}  // namespace plumbago::engine
