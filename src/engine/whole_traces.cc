#include "engine/whole_traces.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace plumbago::engine {

WholeTraces::WholeTraces(const ReadRows& rows, const formats::Encoder& encoder)
    : rows_(rows), encoder_(encoder), most_text_(rows.plan.states / rows.plan.threads) {}

void WholeTraces::Visit(const model::TraceId& trace, std::span<const graph::Row> rows) {
  if (!status_) return;
  order_.resize(rows.size());
  std::iota(order_.begin(), order_.end(), 0u);
  std::sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
    const model::Call &x = *rows[a].call, &y = *rows[b].call;
    if (x.origin != y.origin) return formats::BlockSource::Before(x.origin, y.origin);
    // Spans of one line: by what they say.
    return std::tie(x.start_ns, x.span, x.side, x.duration_ns) <
           std::tie(y.start_ns, y.span, y.side, y.duration_ns);
  });
  batch_.Clear();
  for (const uint32_t i : order_) {
    model::Call call = *rows[i].call;
    if (call.span == 0) {
      status_ = Fail(ErrorKind::kUnsupported,
                     "rows that are linked by dotted ids have no span ids: they cannot be written "
                     "as spans");
      return;
    }
    if (call.details_size != 0) {
      const auto bytes = rows_.details->Read(call.details_offset, call.details_size, scratch_);
      if (!bytes) {
        status_ = tl::unexpected(bytes.error());
        return;
      }
      call.details_offset = batch_.details.size();
      batch_.details += *bytes;
    }
    batch_.SetEncodedPath(call, rows[i].path);
    batch_.calls.push_back(call);
  }
  encoder_.Encode(batch_, *rows_.names, traces_.store());
  rows_written_ += rows.size();
  traces_.End(rows[order_.front()].call->origin, trace.Hash());
}

Result<void> WholeTraces::EndPartition(size_t) {
  RETURN_IF_ERROR(status_);
  if (traces_.allocated() < most_text_) return {};
  return traces_.Spill(rows_.spill);
}

Result<void> WholeTraces::Merge(WholeTraces&& other) {
  rows_written_ += other.rows_written_;
  return traces_.Merge(std::move(other.traces_), rows_.spill);
}

}  // namespace plumbago::engine
