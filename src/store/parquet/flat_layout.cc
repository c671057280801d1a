// Our own schema (flat_schema.h), read back as it was written. Columns that are not there are
// empty; trace_id, span_id, name and start_ns must be.
#include <charconv>

#include "formats/json/any_value.h"
#include "formats/json/pool.h"
#include "store/clickhouse/words.h"
#include "store/parquet/binary_id.h"
#include "store/parquet/column_cells.h"
#include "store/parquet/flat_schema.h"
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

uint32_t CountOf(const Column* column, uint64_t row) {
  return static_cast<uint32_t>(IntegerOf(column, row));
}
int64_t NsOf(const Column* column, uint64_t row) {
  return column == nullptr || column->IsNull(row) ? model::kNoTime : column->Integer(row);
}

// A map of texts, with the letters of their types.
struct MapColumns {
  const Column* map = nullptr;
  const Column* types = nullptr;

  MapColumns(const Column* of_map, const Column* of_types)
      : map(TextMap(of_map)), types(of_types) {}
  // Equal in both rows.
  bool Same(uint64_t a, uint64_t b) const {
    return map == nullptr || (TextOf(types, a) == TextOf(types, b) && SameMap(map, a, b));
  }
};

Value ValueOf(std::string_view text, char letter, TextArena& texts) {
  Value::Type type = Value::Type::kText;
  if (!flat::TypeOf(letter, type)) return Value::Text(text);
  const char* const end = text.data() + text.size();
  Value value;
  value.type = type;
  switch (type) {
    case Value::Type::kBool:
      return Value::Bool(text == "true");
    case Value::Type::kInt:
      if (std::from_chars(text.data(), end, value.integer).ptr == end) return value;
      break;
    case Value::Type::kDouble:
      if (std::from_chars(text.data(), end, value.number).ptr == end) return value;
      break;
    case Value::Type::kBytes:
      if (formats::json::DecodeBase64(text, texts, value.text)) return value;
      break;
    case Value::Type::kText:
    case Value::Type::kJson:
      value.text = text;
      return value;
  }
  return Value::Text(text);
}

class FlatRows final : public SpanRows {
 public:
  FlatRows(const Chunks& q, bool details)
      : details_(details),
        trace_(q.Find("trace_id")),
        id_(q.Find("span_id")),
        parent_(q.Find("parent_span_id")),
        service_(q.Find("service")),
        name_(q.Find("name")),
        kind_(q.Find("kind")),
        start_(q.Find("start_ns")),
        duration_(q.Find("duration_ns")),
        status_(q.Find("status")),
        status_message_(q.Find("status_message")),
        trace_state_(q.Find("trace_state")),
        flags_(q.Find("flags")),
        follows_from_(q.Find("follows_from")),
        shared_(q.Find("shared")),
        from_store_(q.Find("from_store")),
        dropped_(q.Find("dropped_attributes")),
        dropped_events_(q.Find("dropped_events")),
        dropped_links_(q.Find("dropped_links")),
        resource_dropped_(q.Find("resource_dropped_attributes")),
        scope_dropped_(q.Find("scope_dropped_attributes")),
        scope_name_(q.Find("scope_name")),
        scope_version_(q.Find("scope_version")),
        attributes_(q.Find("attributes"), q.Find("attribute_types")),
        resource_attributes_(q.Find("resource_attributes"), q.Find("resource_attribute_types")),
        scope_attributes_(q.Find("scope_attributes"), q.Find("scope_attribute_types")),
        events_(q.Find("events")),
        event_(Element(events_)),
        event_time_(Part(event_, "time_ns")),
        event_name_(Part(event_, "name")),
        event_dropped_(Part(event_, "dropped_attributes")),
        event_attributes_(Part(event_, "attributes"), Part(event_, "attribute_types")),
        links_(q.Find("links")),
        link_(Element(links_)),
        link_trace_(Part(link_, "trace_id")),
        link_span_(Part(link_, "span_id")),
        link_state_(Part(link_, "trace_state")),
        link_dropped_(Part(link_, "dropped_attributes")),
        link_flags_(Part(link_, "flags")),
        link_child_of_(Part(link_, "child_of")),
        link_attributes_(Part(link_, "attributes"), Part(link_, "attribute_types")) {}

  void Read(const Chunks& query, uint32_t line, SpanBatch& batch) override {
    have_resource_ = false;
    for (uint64_t row = 0; row < query.rows(); ++row)
      ReadRow(row, line + static_cast<uint32_t>(row), batch);
  }

 private:
  std::span<const Attribute> Attributes(const MapColumns& columns, uint64_t row,
                                        Pool<Attribute>& store, TextArena& texts) {
    if (columns.map == nullptr) return {};
    const duckdb::ListEntry entry = columns.map->At(row);
    if (entry.length == 0) return {};
    const std::string_view letters = TextOf(columns.types, row);
    Attribute* const out = store.Room(entry.length);
    for (uint64_t i = 0; i < entry.length; ++i) {
      const std::string_view text = columns.map->children[1].Text(entry.offset + i);
      out[i].key = columns.map->children[0].Text(entry.offset + i);
      out[i].value = i < letters.size() ? ValueOf(text, letters[i], texts) : Value::Text(text);
    }
    return store.Keep(entry.length);
  }

  void ReadRow(uint64_t row, uint32_t line, SpanBatch& batch) {
    store_.Clear();
    events_store_.Clear();
    links_store_.Clear();
    texts_.Clear();
    Span span;
    if (!TraceIdOf(trace_->Text(row), span.trace)) {
      batch.Malformed(line, 0, "a row whose trace_id is not 1 to 16 bytes, or zero");
      return;
    }
    if (!SpanIdOf(id_->Text(row), span.id)) {
      batch.Malformed(line, 0, "a row whose span_id is not 1 to 8 bytes, or zero");
      return;
    }
    SpanIdOf(TextOf(parent_, row), span.parent);
    span.start_ns = NsOf(start_, row);
    span.duration_ns = NsOf(duration_, row);
    span.name = TextOf(name_, row);
    span.kind = clickhouse::KindOf(TextOf(kind_, row));
    span.status = clickhouse::StatusOf(TextOf(status_, row));
    span.trace_state = TextOf(trace_state_, row);
    span.from_store = IntegerOf(from_store_, row) != 0;
    ReadResource(row);
    span.resource = &resource_;
    span.attributes = Attributes(attributes_, row, store_, texts_);
    Scope scope;
    if (details_) {
      ReadDetails(row, span);
      if (scope_name_ != nullptr && !scope_name_->IsNull(row)) {
        scope.name = TextOf(scope_name_, row);
        scope.version = TextOf(scope_version_, row);
        scope.dropped_attributes = CountOf(scope_dropped_, row);
        scope.attributes = Attributes(scope_attributes_, row, store_, texts_);
        span.scope = &scope;
      }
    }
    if (link_ != nullptr) ReadLinks(row, span);
    batch.Add(span, line);
  }

  // One that says what the row before it said is the same.
  void ReadResource(uint64_t row) {
    if (have_resource_ && TextOf(service_, row) == resource_.service &&
        IntegerOf(resource_dropped_, row) == IntegerOf(resource_dropped_, resource_row_) &&
        resource_attributes_.Same(row, resource_row_)) {
      return;
    }
    resource_store_.Clear();
    resource_texts_.Clear();
    resource_ = {};
    resource_.service = TextOf(service_, row);
    resource_.dropped_attributes = CountOf(resource_dropped_, row);
    resource_.attributes = Attributes(resource_attributes_, row, resource_store_, resource_texts_);
    have_resource_ = true;
    resource_row_ = row;
  }

  void ReadDetails(uint64_t row, Span& span) {
    span.status_message = TextOf(status_message_, row);
    span.flags = CountOf(flags_, row);
    span.follows_from = IntegerOf(follows_from_, row) != 0;
    span.shared = IntegerOf(shared_, row) != 0;
    span.dropped_attributes = CountOf(dropped_, row);
    span.dropped_events = CountOf(dropped_events_, row);
    span.dropped_links = CountOf(dropped_links_, row);
    if (event_ != nullptr) {
      const duckdb::ListEntry entry = events_->At(row);
      Event* const events = events_store_.Room(entry.length);
      for (uint64_t i = 0; i < entry.length; ++i) {
        const uint64_t e = entry.offset + i;
        events[i] = {};
        events[i].time_ns = NsOf(event_time_, e);
        events[i].name = TextOf(event_name_, e);
        events[i].dropped_attributes = CountOf(event_dropped_, e);
        events[i].attributes = Attributes(event_attributes_, e, store_, texts_);
      }
      span.events = events_store_.Keep(entry.length);
    }
  }

  void ReadLinks(uint64_t row, Span& span) {
    const duckdb::ListEntry entry = links_->At(row);
    if (entry.length == 0) return;
    Link* const links = links_store_.Room(entry.length);
    for (uint64_t i = 0; i < entry.length; ++i) {
      const uint64_t l = entry.offset + i;
      links[i] = {};
      TraceIdOf(TextOf(link_trace_, l), links[i].trace);
      SpanIdOf(TextOf(link_span_, l), links[i].span);
      if (!details_) continue;
      links[i].trace_state = TextOf(link_state_, l);
      links[i].dropped_attributes = CountOf(link_dropped_, l);
      links[i].flags = CountOf(link_flags_, l);
      links[i].child_of = IntegerOf(link_child_of_, l) != 0;
      links[i].attributes = Attributes(link_attributes_, l, store_, texts_);
    }
    span.links = links_store_.Keep(entry.length);
  }

  const bool details_;
  const Column *trace_, *id_, *parent_, *service_, *name_, *kind_, *start_, *duration_, *status_,
      *status_message_, *trace_state_, *flags_, *follows_from_, *shared_, *from_store_, *dropped_,
      *dropped_events_, *dropped_links_, *resource_dropped_, *scope_dropped_, *scope_name_,
      *scope_version_;
  const MapColumns attributes_, resource_attributes_, scope_attributes_;
  const Column *events_, *event_, *event_time_, *event_name_, *event_dropped_;
  const MapColumns event_attributes_;
  const Column *links_, *link_, *link_trace_, *link_span_, *link_state_, *link_dropped_,
      *link_flags_, *link_child_of_;
  const MapColumns link_attributes_;

  Pool<Attribute> store_, resource_store_;
  Pool<Event> events_store_;
  Pool<Link> links_store_;
  TextArena texts_, resource_texts_;
  Resource resource_;
  bool have_resource_ = false;
  uint64_t resource_row_ = 0;
};

}  // namespace

std::unique_ptr<Layout> FlatLayoutOf(const std::vector<Column>& columns) {
  for (const char* name : {"trace_id", "span_id", "name"}) {
    const Column* const column = FindColumn(columns, name);
    if (column == nullptr || !column->is_text()) return nullptr;
  }
  // Ids as bytes: other tables have ids of these names as texts.
  if (FindColumn(columns, "trace_id")->type != duckdb::TypeId::kBlob) return nullptr;
  const Column* const start = FindColumn(columns, "start_ns");
  if (start == nullptr || !start->is_integer()) return nullptr;
  auto layout = std::make_unique<TableLayout<FlatRows>>();
  for (const flat::ColumnSpec& column : flat::kColumns) {
    if (std::string_view(column.name) == "links")
      layout->Want(columns, column.name, column.of_row, {"trace_id", "span_id"});
    else
      layout->Want(columns, column.name, column.of_row);
  }
  return layout;
}

}  // namespace plumbago::store
