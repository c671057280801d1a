// Tables of spans that ClickHouse has written as Parquet: a row is a span, its attributes are maps
// of texts or JSON, its events and links lists side by side (docs/formats/clickhouse.md).
#include <algorithm>

#include "formats/json/pool.h"
#include "formats/spans/span_ids.h"
#include "store/clickhouse/json_attributes.h"
#include "store/clickhouse/words.h"
#include "store/parquet/column_cells.h"
#include "store/parquet/layout.h"

namespace plumbago::store {
namespace {

using formats::json::Pool;
using formats::json::TextArena;
using formats::spans::Attribute;
using formats::spans::Event;
using formats::spans::Link;
using formats::spans::Resource;
using formats::spans::Scope;
using formats::spans::Span;
using formats::spans::SpanBatch;
using formats::spans::Value;

constexpr std::string_view kServiceKey = "service.name";

// What is asked for: always, and where details are wanted. Other columns of the table are ignored.
constexpr const char* kRowColumns[] = {
    "Timestamp", "TraceId",    "SpanId",        "ParentSpanId",       "TraceState",
    "SpanName",  "SpanKind",   "ServiceName",   "ResourceAttributes", "SpanAttributes",
    "Duration",  "StatusCode", "Links.TraceId", "Links.SpanId"};
constexpr const char* kDetailColumns[] = {
    "ScopeName",   "ScopeVersion",      "StatusMessage",    "Events.Timestamp",
    "Events.Name", "Events.Attributes", "Links.TraceState", "Links.Attributes"};

class ClickHouseRows final : public SpanRows {
 public:
  ClickHouseRows(const Chunks& query, bool details) : details_(details) {
    const auto find = [&](const char* name) { return query.Find(name); };
    time_ = find("Timestamp");
    trace_ = find("TraceId");
    id_ = find("SpanId");
    parent_ = find("ParentSpanId");
    trace_state_ = find("TraceState");
    name_ = find("SpanName");
    kind_ = find("SpanKind");
    service_ = find("ServiceName");
    resource_attributes_ = find("ResourceAttributes");
    attributes_ = find("SpanAttributes");
    duration_ = find("Duration");
    status_ = find("StatusCode");
    scope_name_ = find("ScopeName");
    scope_version_ = find("ScopeVersion");
    status_message_ = find("StatusMessage");
    event_time_ = List(find("Events.Timestamp"));
    event_name_ = List(find("Events.Name"));
    event_attributes_ = List(find("Events.Attributes"));
    link_trace_ = List(find("Links.TraceId"));
    link_span_ = List(find("Links.SpanId"));
    link_state_ = List(find("Links.TraceState"));
    link_attributes_ = List(find("Links.Attributes"));
  }

  void Read(const Chunks& query, uint32_t line, SpanBatch& batch) override {
    ForgetResource();
    for (uint64_t row = 0; row < query.rows(); ++row)
      ReadRow(row, line + static_cast<uint32_t>(row), batch);
  }

 private:
  static const Column* List(const Column* column) {
    return column != nullptr && column->type == duckdb::TypeId::kList ? column : nullptr;
  }

  void ForgetResource() {
    resource_store_.Clear();
    texts_of_resource_.Clear();
    resource_ = {};
    have_resource_ = false;
  }

  void ReadRow(uint64_t row, uint32_t line, SpanBatch& batch) {
    store_.Clear();
    events_store_.Clear();
    links_store_.Clear();
    texts_.Clear();
    Span span;
    span.from_store = true;
    if (!formats::spans::ParseTraceId(trace_->Text(row), span.trace)) {
      batch.Malformed(line, 0, "a row without a TraceId");
      return;
    }
    if (!formats::spans::ParseSpanId(id_->Text(row), span.id)) {
      batch.Malformed(line, 0, "a row whose SpanId is not 1 to 16 hex digits, or zero");
      return;
    }
    span.parent = clickhouse::SpanIdOf(TextOf(parent_, row));
    span.start_ns = TimeOf(*time_, row);
    // UInt64 of what may be less than nothing: it comes back as negative.
    span.duration_ns = duration_ == nullptr ? model::kNoTime : duration_->Integer(row);
    span.name = TextOf(name_, row);
    span.kind = clickhouse::KindOf(TextOf(kind_, row));
    span.status = clickhouse::StatusOf(TextOf(status_, row));
    span.trace_state = TextOf(trace_state_, row);
    ReadResource(row);
    span.resource = &resource_;
    span.attributes = Attributes(attributes_, row, texts_, store_, false);
    Scope scope;
    if (details_) {
      span.status_message = TextOf(status_message_, row);
      scope.name = TextOf(scope_name_, row);
      scope.version = TextOf(scope_version_, row);
      if (!scope.name.empty() || !scope.version.empty()) span.scope = &scope;
      ReadEvents(row, span);
    }
    ReadLinks(row, span);
    batch.Add(span, line);
  }

  static int64_t TimeOf(const Column& column, uint64_t row) {
    if (column.is_time()) return column.TimeNs(row);
    if (column.is_integer()) return column.IsNull(row) ? model::kNoTime : column.Integer(row);
    int64_t ns = 0;
    return column.is_text() && clickhouse::ParseMoment(column.Text(row), ns) ? ns : model::kNoTime;
  }

  // A map, or JSON as text. `of_resource`: without the service's name.
  std::span<const Attribute> Attributes(const Column* column, uint64_t row, TextArena& texts,
                                        Pool<Attribute>& store, bool of_resource) {
    if (column == nullptr) return {};
    if (column->type == duckdb::TypeId::kMap) {
      if (TextMap(column) == nullptr) return {};
      const Column& keys = column->children[0];
      const Column& values = column->children[1];
      const duckdb::ListEntry entry = column->At(row);
      if (entry.length == 0) return {};
      Attribute* const out = store.Room(entry.length);
      size_t count = 0;
      for (uint64_t i = entry.offset; i < entry.offset + entry.length; ++i) {
        const std::string_view key = keys.Text(i);
        if (of_resource && key == kServiceKey) continue;
        out[count++] = {key, Value::Text(values.Text(i))};
      }
      return store.Keep(count);
    }
    if (!column->is_text()) return {};
    flat_.clear();
    json_.Read(column->Text(row), texts, flat_);
    if (of_resource) {
      std::erase_if(flat_, [](const Attribute& a) { return a.key == kServiceKey; });
    }
    return store.Copy(flat_);
  }

  // Rows of one pod stand side by side more often than not: one that says what the row before it
  // said is the same resource.
  void ReadResource(uint64_t row) {
    const std::string_view service = TextOf(service_, row);
    if (have_resource_ && service == resource_.service && SameResource(row)) return;
    resource_store_.Clear();
    texts_of_resource_.Clear();
    resource_ = {};
    resource_.service = service;
    resource_.attributes =
        Attributes(resource_attributes_, row, texts_of_resource_, resource_store_, true);
    have_resource_ = true;
    resource_row_ = row;
  }

  bool SameResource(uint64_t row) const {
    if (resource_attributes_ == nullptr) return true;
    if (resource_attributes_->type != duckdb::TypeId::kMap)
      return TextOf(resource_attributes_, row) == TextOf(resource_attributes_, resource_row_);
    return SameMap(TextMap(resource_attributes_), row, resource_row_);
  }

  // Lists side by side; the first says how many there are.
  static uint64_t At(const Column* list, uint64_t row, uint64_t i) {
    const duckdb::ListEntry entry = list->At(row);
    return i < entry.length ? entry.offset + i : UINT64_MAX;
  }
  static std::string_view Item(const Column* list, uint64_t row, uint64_t i) {
    if (list == nullptr) return {};
    const uint64_t at = At(list, row, i);
    return at == UINT64_MAX ? std::string_view() : TextOf(&list->children[0], at);
  }
  std::span<const Attribute> ItemAttributes(const Column* list, uint64_t row, uint64_t i) {
    if (list == nullptr) return {};
    const uint64_t at = At(list, row, i);
    if (at == UINT64_MAX) return {};
    return Attributes(&list->children[0], at, texts_, store_, false);
  }

  void ReadEvents(uint64_t row, Span& span) {
    if (event_time_ == nullptr) return;
    const uint64_t count = event_time_->At(row).length;
    if (count == 0) return;
    Event* const events = events_store_.Room(count);
    for (uint64_t i = 0; i < count; ++i) {
      events[i] = {};
      events[i].time_ns = TimeOf(event_time_->children[0], At(event_time_, row, i));
      events[i].name = Item(event_name_, row, i);
      events[i].attributes = ItemAttributes(event_attributes_, row, i);
    }
    span.events = events_store_.Keep(count);
  }

  void ReadLinks(uint64_t row, Span& span) {
    if (link_trace_ == nullptr) return;
    const uint64_t count = link_trace_->At(row).length;
    if (count == 0) return;
    Link* const links = links_store_.Room(count);
    for (uint64_t i = 0; i < count; ++i) {
      links[i] = {};
      formats::spans::ParseTraceId(Item(link_trace_, row, i), links[i].trace);
      links[i].span = clickhouse::SpanIdOf(Item(link_span_, row, i));
      links[i].trace_state = Item(link_state_, row, i);
      links[i].attributes = ItemAttributes(link_attributes_, row, i);
    }
    span.links = links_store_.Keep(count);
  }

  const bool details_;
  const Column *time_, *trace_, *id_, *parent_, *trace_state_, *name_, *kind_, *service_,
      *resource_attributes_, *attributes_, *duration_, *status_, *scope_name_, *scope_version_,
      *status_message_, *event_time_, *event_name_, *event_attributes_, *link_trace_, *link_span_,
      *link_state_, *link_attributes_;
  Pool<Attribute> store_, resource_store_;
  Pool<Event> events_store_;
  Pool<Link> links_store_;
  TextArena texts_, texts_of_resource_;
  clickhouse::JsonAttributes json_;
  std::vector<Attribute> flat_;
  Resource resource_;
  bool have_resource_ = false;
  uint64_t resource_row_ = 0;
};

}  // namespace

std::unique_ptr<Layout> ClickHouseLayoutOf(const std::vector<Column>& columns) {
  for (const char* name : {"TraceId", "SpanId", "SpanName"}) {
    const Column* const column = FindColumn(columns, name);
    if (column == nullptr || !column->is_text()) return nullptr;
  }
  if (FindColumn(columns, "Timestamp") == nullptr) return nullptr;
  auto layout = std::make_unique<TableLayout<ClickHouseRows>>();
  for (const char* name : kRowColumns) layout->Want(columns, name, true);
  for (const char* name : kDetailColumns) layout->Want(columns, name, false);
  return layout;
}

}  // namespace plumbago::store
