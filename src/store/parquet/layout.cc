#include "store/parquet/layout.h"

#include <fmt/format.h>

namespace plumbago::store {

Result<std::unique_ptr<Layout>> LayoutOf(const std::vector<Column>& columns,
                                         const std::string& path) {
  if (auto flat = FlatLayoutOf(columns)) return flat;
  if (auto click_house = ClickHouseLayoutOf(columns)) return click_house;
  ASSIGN_OR_RETURN(auto tempo, TempoLayoutOf(columns, path));
  if (tempo) return tempo;
  constexpr size_t kNamed = 12;
  std::string found;
  for (size_t i = 0; i < columns.size() && i < kNamed; ++i)
    found += (i == 0 ? "" : ", ") + columns[i].name;
  if (columns.size() > kNamed) found += fmt::format(" and {} more", columns.size() - kNamed);
  return Fail(ErrorKind::kBadInput,
              fmt::format("no spans: expected the columns TraceID and rs (a Tempo block), TraceId, "
                          "SpanId, SpanName and Timestamp (ClickHouse's otel_traces), or trace_id, "
                          "span_id, name and start_ns (our own); found {}",
                          found.empty() ? "none" : found),
              {path});
}

}  // namespace plumbago::store
