#include <charconv>
#include <string>
#include <string_view>

#include "base/strong_id.h"
#include "formats/alibaba/row_batch.h"
#include "formats/csv/rows.h"
#include "formats/csv_mapped/cell_time.h"
#include "formats/csv_mapped/mapped_rows.h"
#include "formats/csv_mapped/span_id.h"
#include "formats/said_places.h"

namespace plumbago::formats {
namespace {

using model::Call;
using model::kNoTime;

// Decodes the rows of one block.
class CallRows {
 public:
  CallRows(const TableLayout& layout, const Block& block, DecodeContext& context)
      : layout_(layout),
        table_(layout.table),
        block_(block),
        context_(context),
        names_(context.names),
        rows_(block, context) {}

  void operator()(const csv::Row& row) {
    // Everything that can make the line malformed comes first: such a line leaves no names behind.
    const std::string_view trace = row[table_.trace.column];
    if (layout_.IsMissing(trace)) return Malformed(row, table_.trace, "the id of a trace");
    const uint64_t span = SpanOf(row, table_.span);
    const std::string_view path = Known(row, table_.path_id);
    if (!rows_.SetPath(path) && !path.empty())
      return Malformed(row, table_.path_id, "the path of a call, of at most 1000 bytes");
    if (span == 0 && path.empty()) {
      return Malformed(
          row, table_.span.bound() ? static_cast<const FieldSource&>(table_.span) : table_.path_id,
          "the id of a call");
    }
    int64_t start = kNoTime, end = kNoTime, duration = kNoTime;
    if (!ReadTime(row, table_.start, start)) return BadTime(row, table_.start);
    if (!ReadTime(row, table_.end, end)) return BadTime(row, table_.end);
    if (!ReadTime(row, table_.duration, duration)) return BadTime(row, table_.duration);
    if (end != kNoTime && start != kNoTime) {
      duration = end - start;
      if (duration < 0) return Malformed(row, table_.end, "a time not before the start");
    }
    if (duration < 0 && duration != kNoTime)
      return Malformed(row, table_.duration, "a duration, not negative");
    // Times may lie before 1970: with ends bounded like starts, no difference of two overflows.
    if (start != kNoTime && duration != kNoTime && duration > kMostNs - start)
      return Malformed(row, table_.duration, "a duration that ends before 2097");
    float weight = 1;
    if (table_.weight.bound() && !ReadWeight(row, weight)) {
      return Malformed(
          row, table_.weight,
          table_.weight.probability ? "a probability above 0" : "a weight, at least 1");
    }

    Call& call = rows_.Next(row.line);
    model::TraceId::Parse(trace, call.trace);
    call.span = span;
    call.parent_span = ParentOf(row);
    call.start_ns = start;
    call.duration_ns = duration;
    call.weight = weight;
    if (table_.caller.given()) SetCaller(row, call);
    SetName(row, names_.services, table_.callee, call.callee);
    SetName(row, names_.operations, table_.operation, call.operation);
    SetName(row, names_.operations, table_.entry, call.entry);
    SetName(row, names_.instances, table_.caller_instance, call.caller_instance);
    SetName(row, names_.instances, table_.callee_instance, call.callee_instance);
    SetWord(row, table_.kind, call.kind);
    SetWord(row, table_.side, call.side);
    SetWord(row, table_.status, call.status);
    Place(row, table_.caller_instance, table_.caller, table_.caller_cluster, call.caller_instance);
    Place(row, table_.callee_instance, table_.callee, table_.callee_cluster, call.callee_instance);
    rows_.Done(row);
  }

  void operator()(const csv::BadLine& bad) { rows_.Malformed(bad, layout_.columns); }
  void Flush() {
    rows_.Flush();
    if (!places_.samples.empty()) context_.sink.Accept(places_);
  }

 private:
  // The cell of a field; "" where it is missing or says so.
  std::string_view Known(const csv::Row& row, const FieldSource& field) const {
    const std::string_view text = layout_.Text(row, field);
    return layout_.IsMissing(text) ? std::string_view() : text;
  }
  uint64_t SpanOf(const csv::Row& row, const FieldSource& field) const {
    return field.bound() ? ParseSpanId(Known(row, field)) : 0;
  }
  uint64_t ParentOf(const csv::Row& row) const {
    if (!table_.parent.bound()) return 0;
    const std::string_view text = Known(row, table_.parent);
    for (const std::string& root : table_.parent.root) {
      if (text == root) return 0;
    }
    return ParseSpanId(text);
  }
  bool ReadTime(const csv::Row& row, const TimeField& field, int64_t& ns) const {
    if (!field.bound()) return true;
    const std::string_view text = row[field.column];
    if (!field.date && ParseScaled(text, field.power, ns)) return true;
    if (layout_.IsMissing(text)) return true;
    return field.date && ParseDateTime(text, field.zone_s, ns);
  }
  bool ReadWeight(const csv::Row& row, float& weight) const {
    const std::string_view text = Known(row, table_.weight);
    if (text.empty()) return true;
    float number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return false;
    weight = table_.weight.probability ? 1 / number : number;
    return weight >= 1 && weight <= 1e30F;
  }

  template <class E>
  void SetName(const csv::Row& row, model::NameCache& cache, const NameField& field, E& id) {
    if (!field.given()) return;
    const std::string_view text = Known(row, field);
    if (text.empty()) return;
    const std::string_view name = field.rule.Apply(text, matcher_);
    if (!name.empty()) rows_.SetKnownName(cache, name, id);
  }
  // Says once a block where an instance lies (docs/design/0014-placement.md). Where calls name no
  // instances, `end` becomes the one that stands for the service in that cluster.
  void Place(const csv::Row& row, const NameField& instance, const NameField& service,
             const NameField& cluster, model::InstanceId& end) {
    if (!cluster.given()) return;
    const std::string_view where = cluster.rule.Apply(Known(row, cluster), matcher_);
    std::string_view what = instance.rule.Apply(Known(row, instance), matcher_);
    std::string name;
    if (!instance.given()) {
      const std::string_view of = service.rule.Apply(Known(row, service), matcher_);
      if (!of.empty()) name.append(of).append("@").append(where);
      what = name;
    }
    if (where.empty() || what.empty()) return;
    const auto named = Id<model::InstanceId>(names_.instances.Intern(what));
    const auto lies_in = Id<model::InstanceId>(names_.instances.Intern(where));
    if (!instance.given()) end = named;
    said_.Say(named, lies_in, {block_.index, row.line}, places_.samples);
  }
  void SetCaller(const csv::Row& row, Call& call) {
    const std::string_view text = layout_.Text(row, table_.caller);
    for (const std::string& user : table_.caller.user) {
      if (text == user) {
        call.from_user = true;
        return;
      }
    }
    SetName(row, names_.services, table_.caller, call.caller);
  }
  template <class T>
  void SetWord(const csv::Row& row, const WordField<T>& field, T& value) const {
    if (!field.given()) return;
    const std::string_view text = Known(row, field);
    if (!text.empty()) value = field.Find(text).value_or(field.other);
  }

  [[gnu::noinline]] void Malformed(const csv::Row& row, const FieldSource& field,
                                   std::string_view expected) {
    if (row.raw == layout_.header) return;  // files put together, each with its header
    rows_.Malformed(row, field.column, layout_.names[field.column], expected);
  }
  [[gnu::noinline]] void BadTime(const csv::Row& row, const TimeField& field) {
    Malformed(row, field, ExpectedTime(field));
  }

  const TableLayout& layout_;
  const TableMap& table_;
  const Block& block_;
  DecodeContext& context_;
  model::NameCaches& names_;
  Pattern::Matcher matcher_;
  alibaba::RowBatch rows_;
  model::CallBatch places_;
  SaidPlaces said_;
};

}  // namespace

void DecodeCalls(const TableLayout& layout, const Block& block, DecodeContext& context) {
  alibaba::DecodeBlock<CallRows>(layout, block, context);
}

}  // namespace plumbago::formats
