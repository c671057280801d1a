#include "analysis/attribute_cell.h"

#include "analysis/floor_divide.h"
#include "base/mix_hash.h"
#include "base/strong_id.h"
#include "statistics/sums.h"

namespace plumbago::analysis {

uint8_t AttributeCell::GroupOf(int64_t start_ns, uint64_t trace_hash) {
  static_assert(kGroups == 16);
  const uint64_t hash = start_ns == INT64_MIN
                            ? trace_hash
                            : MixHash(static_cast<uint64_t>(FloorDivide(start_ns, kBlockNs)));
  return static_cast<uint8_t>(hash >> 60);
}

uint64_t AttributeCell::failed() const {
  uint64_t sum = 0;
  for (const Group& group : groups) sum += group.failed;
  return sum;
}

void AttributeCell::set_key(const std::array<uint32_t, 3>& key) {
  service = Id<model::ServiceId>(key[0]);
  operation = Id<model::OperationId>(key[1]);
  attribute = Id<model::AttributeId>(key[2]);
}

void AttributeCell::Merge(const AttributeCell& other) {
  for (size_t i = 0; i < kGroups; ++i) {
    statistics::AddSaturating(groups[i].spans, other.groups[i].spans);
    statistics::AddSaturating(groups[i].failed, other.groups[i].failed);
    statistics::AddSaturating(groups[i].logs, other.groups[i].logs);
  }
  statistics::AddSaturating(squares, other.squares);
  marks += other.marks;
  latency.Merge(other.latency);
}

// Spans of each group; of those with some: failed, logs; then squares, marks and the sketch.
void AttributeCell::Save(std::string& out) const {
  for (const Group& group : groups) {
    statistics::AppendVarint(out, group.spans);
    if (group.spans == 0) continue;
    statistics::AppendVarint(out, group.failed);
    statistics::AppendVarint(out, group.logs);
  }
  statistics::AppendVarint(out, squares);
  statistics::AppendVarint(out, marks);
  latency.Save(out);
}

bool AttributeCell::Load(statistics::StateReader& in) {
  uint64_t spans = 0;
  for (Group& group : groups) {
    group = {};
    group.spans = in.Varint();
    statistics::AddSaturating(spans, group.spans);
    if (group.spans == 0) continue;
    group.failed = in.Varint();
    group.logs = in.Varint();
    if (group.failed > group.spans) return false;
  }
  squares = in.Varint();
  marks = in.Varint();
  return latency.Load(in) && in.ok() && latency.count() == spans;
}

}  // namespace plumbago::analysis
