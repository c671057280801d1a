#include "store/parquet/flat_encoder.h"

#include <type_traits>

#include "formats/spans/span_details.h"
#include "formats/spans/span_ids.h"
#include "store/parquet/flat_stage.h"
#include "store/parquet/nested_set.h"
#include "store/parquet/packed_span.h"

namespace plumbago::store {

void FlatEncoder::Encode(const model::CallBatch& batch, const model::Names& names,
                         std::string& out) const {
  static_assert(std::is_trivially_copyable_v<PackedSpan>);
  formats::spans::RestoredSpan restored;
  const std::vector<NestedSet> places = NestedSetsOf(batch.calls);
  std::string details;
  for (size_t i = 0; i < batch.calls.size(); ++i) {
    const model::Call& call = batch.calls[i];
    if (!restored.Restore(call, batch.Details(call), names)) continue;
    const formats::spans::Span& span = restored.span();
    details.clear();
    AppendDetails(span, details);
    const auto id = formats::spans::BitsOf(call.trace);
    PackedSpan packed;
    packed.trace_hi = id.hi;
    packed.trace_lo = id.lo;
    packed.span = call.span;
    packed.parent = call.parent_span;
    packed.start_ns = span.start_ns;
    packed.duration_ns = span.duration_ns;
    packed.weight = static_cast<double>(call.weight);
    packed.nested_left = places[i].left;
    packed.nested_right = places[i].right;
    packed.depth = places[i].depth;
    packed.from_store = call.from_store ? 1 : 0;
    packed.name_bytes = static_cast<uint32_t>(span.name.size());
    packed.details_bytes = static_cast<uint32_t>(details.size());
    out.append(reinterpret_cast<const char*>(&packed), sizeof packed);
    out += span.name;
    out += details;
  }
}

Result<std::unique_ptr<FileStage>> FlatEncoder::Stage() const { return FlatStage::Open(); }

}  // namespace plumbago::store
