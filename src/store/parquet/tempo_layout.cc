// Blocks of Grafana Tempo: a row is a trace, nested as resources, scopes, spans. Versions are told
// apart by the columns that are there, each of them looked up by name (docs/formats/tempo.md).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <span>

#include "store/parquet/binary_id.h"
#include "store/parquet/column_cells.h"
#include "store/parquet/layout.h"
#include "store/parquet/tempo_attributes.h"
#include "store/parquet/tempo_meta.h"

namespace plumbago::store {
namespace {

using formats::spans::Attribute;
using formats::spans::Event;
using formats::spans::Link;
using formats::spans::Resource;
using formats::spans::Scope;
using formats::spans::Span;
using formats::spans::SpanBatch;
using formats::spans::SpanKind;

constexpr std::array<std::pair<const char*, const char*>, 8> kResourceColumns = {
    {{"Cluster", "cluster"},
     {"Namespace", "namespace"},
     {"Pod", "pod"},
     {"Container", "container"},
     {"K8sClusterName", "k8s.cluster.name"},
     {"K8sNamespaceName", "k8s.namespace.name"},
     {"K8sPodName", "k8s.pod.name"},
     {"K8sContainerName", "k8s.container.name"}}};
constexpr std::array<std::pair<const char*, const char*>, 3> kSpanColumns = {
    {{"HttpMethod", "http.method"},
     {"HttpUrl", "http.url"},
     {"HttpStatusCode", "http.status_code"}}};

// A scope that is not known is that of spans, as where none is told.
std::string_view ScopeOf(const DedicatedColumn& column) {
  return column.scope == "resource" || column.scope == "event" ? std::string_view(column.scope)
                                                               : std::string_view("span");
}

uint32_t Dropped(const Column* column, uint64_t row) {
  if (column == nullptr) return 0;
  const int64_t count = column->Integer(row);
  return count < 0 || count > INT32_MAX ? 0 : static_cast<uint32_t>(count);
}

class TempoRows final : public SpanRows {
 public:
  TempoRows(const Chunks& query, const std::vector<DedicatedColumn>& named, bool details)
      : details_(details),
        trace_(query.Find("TraceID")),
        resources_(query.Find("rs")),
        resource_(Part(Element(resources_), "Resource")),
        service_(Part(resource_, "ServiceName")),
        resource_dropped_(Part(resource_, "DroppedAttributesCount")),
        resource_attrs_(Part(resource_, "Attrs")),
        scopes_(Part(Element(resources_), "ss")),
        scope_(Part(Element(scopes_), "Scope")),
        scope_name_(Part(scope_, "Name")),
        scope_version_(Part(scope_, "Version")),
        scope_dropped_(Part(scope_, "DroppedAttributesCount")),
        scope_attrs_(Part(scope_, "Attrs")),
        spans_(Part(Element(scopes_), "Spans")),
        span_(Element(spans_)),
        id_(Part(span_, "SpanID")),
        parent_(Part(span_, "ParentSpanID")),
        name_(Part(span_, "Name")),
        kind_(Part(span_, "Kind")),
        trace_state_(Part(span_, "TraceState")),
        start_(Part(span_, "StartTimeUnixNano")),
        duration_(Part(span_, "DurationNano")),
        status_(Part(span_, "StatusCode")),
        status_message_(Part(span_, "StatusMessage")),
        dropped_(Part(span_, "DroppedAttributesCount")),
        dropped_events_(Part(span_, "DroppedEventsCount")),
        dropped_links_(Part(span_, "DroppedLinksCount")),
        attrs_(Part(span_, "Attrs")),
        events_(Part(span_, "Events")),
        event_(Element(events_)),
        event_since_(Part(event_, "TimeSinceStartNano")),
        event_time_(Part(event_, "TimeUnixNano")),
        event_name_(Part(event_, "Name")),
        event_dropped_(Part(event_, "DroppedAttributesCount")),
        event_attrs_(Part(event_, "Attrs")),
        links_(Part(span_, "Links")),
        link_(Element(links_)),
        link_trace_(Part(link_, "TraceID")),
        link_span_(Part(link_, "SpanID")),
        link_state_(Part(link_, "TraceState")),
        link_dropped_(Part(link_, "DroppedAttributesCount")),
        link_attrs_(Part(link_, "Attrs")) {
    span_out_.from_store = true;
    for (const auto& [column, name] : kResourceColumns) Keep(of_resource_, resource_, column, name);
    for (const auto& [column, name] : kSpanColumns) Keep(of_span_, span_, column, name);
    for (const DedicatedColumn& one : named) {
      const std::string_view scope = ScopeOf(one);
      if (scope == "resource")
        Keep(of_resource_, Part(resource_, "DedicatedAttributes"), one.column, one.name);
      else if (scope == "event")
        Keep(of_event_, Part(event_, "DedicatedAttributes"), one.column, one.name);
      else
        Keep(of_span_, Part(span_, "DedicatedAttributes"), one.column, one.name);
    }
  }

  void Read(const Chunks& query, uint32_t line, SpanBatch& batch) override {
    for (uint64_t row = 0; row < query.rows(); ++row) {
      store_.Clear();
      line_ = line + static_cast<uint32_t>(row);
      if (!TraceIdOf(trace_->Text(row), span_out_.trace)) {
        batch.Malformed(line_, 0, "a trace whose TraceID is not 1 to 16 bytes, or zero");
        continue;
      }
      const duckdb::ListEntry resources = resources_->At(row);
      for (uint64_t r = resources.offset; r < resources.offset + resources.length; ++r)
        ReadResource(r, batch);
    }
  }

 private:
  static void Keep(std::vector<NamedCells>& list, const Column* of, std::string_view column,
                   std::string_view name) {
    const Column* found = Part(of, column);
    if (found == nullptr) return;
    const Column* value = found->type == duckdb::TypeId::kList ? &found->children[0] : found;
    if (value->is_text() || value->is_integer() || value->is_real())
      list.push_back({std::string(name), found});
  }

  std::span<const Attribute> ReadAttributes(const TempoAttributes& attrs,
                                            std::span<const NamedCells> named, uint64_t row) {
    const uint64_t most = attrs.Count(row) + named.size();
    if (most == 0) return {};
    Attribute* const out = store_.attributes.Room(most);
    size_t count = attrs.Read(row, out, store_);
    count += ReadNamed(named, row, out + count, store_);
    return store_.attributes.Keep(count);
  }

  void ReadResource(uint64_t r, SpanBatch& batch) {
    Resource resource;
    resource.service = TextOf(service_, r);
    resource.dropped_attributes = Dropped(resource_dropped_, r);
    resource.attributes = ReadAttributes(resource_attrs_, of_resource_, r);
    span_out_.resource = &resource;
    const duckdb::ListEntry scopes = scopes_->At(r);
    for (uint64_t s = scopes.offset; s < scopes.offset + scopes.length; ++s) {
      Scope scope;
      scope.name = TextOf(scope_name_, s);
      scope.version = TextOf(scope_version_, s);
      scope.dropped_attributes = Dropped(scope_dropped_, s);
      if (details_) scope.attributes = ReadAttributes(scope_attrs_, {}, s);
      const bool told = !scope.name.empty() || !scope.version.empty() ||
                        !scope.attributes.empty() || scope.dropped_attributes != 0;
      span_out_.scope = told ? &scope : nullptr;
      const duckdb::ListEntry spans = spans_->At(s);
      for (uint64_t p = spans.offset; p < spans.offset + spans.length; ++p) ReadSpan(p, batch);
    }
  }

  void ReadSpan(uint64_t p, SpanBatch& batch) {
    Span& span = span_out_;
    if (!SpanIdOf(id_->Text(p), span.id)) {
      batch.Malformed(line_, 0, "a span whose SpanID is not 1 to 8 bytes, or zero");
      return;
    }
    SpanIdOf(TextOf(parent_, p), span.parent);
    span.name = TextOf(name_, p);
    const int64_t kind = IntegerOf(kind_, p);
    span.kind = kind >= 0 && kind <= 5 ? static_cast<SpanKind>(kind) : SpanKind::kUnspecified;
    const int64_t status = IntegerOf(status_, p);
    span.status =
        status >= 0 && status <= 2 ? static_cast<model::Status>(status) : model::Status::kUnset;
    span.trace_state = TextOf(trace_state_, p);
    // Without a sign in the file: what wraps comes back as negative.
    span.start_ns = start_->Integer(p);
    span.duration_ns = duration_->Integer(p);
    span.attributes = ReadAttributes(attrs_, of_span_, p);
    if (details_) ReadDetails(p);
    span.links = {};
    if (link_ != nullptr) ReadLinks(p);
    batch.Add(span, line_);
  }

  void ReadDetails(uint64_t p) {
    Span& span = span_out_;
    span.status_message = TextOf(status_message_, p);
    span.dropped_attributes = Dropped(dropped_, p);
    span.dropped_events = Dropped(dropped_events_, p);
    span.dropped_links = Dropped(dropped_links_, p);
    span.events = {};
    if (event_ != nullptr) {
      const duckdb::ListEntry entry = events_->At(p);
      Event* const events = store_.events.Room(entry.length);
      for (uint64_t i = 0; i < entry.length; ++i) {
        const uint64_t e = entry.offset + i;
        Event& event = events[i] = {};
        event.time_ns = event_time_ != nullptr ? event_time_->Integer(e)
                                               : Sum(span.start_ns, IntegerOf(event_since_, e));
        event.name = TextOf(event_name_, e);
        event.dropped_attributes = Dropped(event_dropped_, e);
        event.attributes = ReadAttributes(event_attrs_, of_event_, e);
      }
      span.events = store_.events.Keep(entry.length);
    }
  }

  void ReadLinks(uint64_t p) {
    const duckdb::ListEntry entry = links_->At(p);
    if (entry.length == 0) return;
    Link* const links = store_.links.Room(entry.length);
    for (uint64_t i = 0; i < entry.length; ++i) {
      const uint64_t l = entry.offset + i;
      Link& link = links[i] = {};
      TraceIdOf(TextOf(link_trace_, l), link.trace);
      SpanIdOf(TextOf(link_span_, l), link.span);
      if (!details_) continue;
      link.trace_state = TextOf(link_state_, l);
      link.dropped_attributes = Dropped(link_dropped_, l);
      link.attributes = ReadAttributes(link_attrs_, {}, l);
    }
    span_out_.links = store_.links.Keep(entry.length);
  }

  static int64_t Sum(int64_t a, int64_t b) {
    return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  }

  const bool details_;
  const Column *trace_, *resources_, *resource_, *service_, *resource_dropped_;
  const TempoAttributes resource_attrs_;
  const Column *scopes_, *scope_, *scope_name_, *scope_version_, *scope_dropped_;
  const TempoAttributes scope_attrs_;
  const Column *spans_, *span_, *id_, *parent_, *name_, *kind_, *trace_state_, *start_, *duration_,
      *status_, *status_message_, *dropped_, *dropped_events_, *dropped_links_;
  const TempoAttributes attrs_;
  const Column *events_, *event_, *event_since_, *event_time_, *event_name_, *event_dropped_;
  const TempoAttributes event_attrs_;
  const Column *links_, *link_, *link_trace_, *link_span_, *link_state_, *link_dropped_;
  const TempoAttributes link_attrs_;
  std::vector<NamedCells> of_resource_, of_span_, of_event_;

  TempoStore store_;
  Span span_out_;
  uint32_t line_ = 0;
};

class TempoLayout final : public Layout {
 public:
  explicit TempoLayout(TempoMeta meta) : meta_(std::move(meta)) {}
  std::string Select(bool) const override { return "\"TraceID\", \"rs\""; }
  bool Wants(std::string_view path, bool details) const override {
    if (path == "TraceID") return true;
    if (TakeOff(path, "rs.Resource."))
      return WantsPart(path, "resource", kResourceColumns, details);
    if (TakeOff(path, "rs.ss.Scope.")) return details;
    if (!TakeOff(path, "rs.ss.Spans.")) return false;
    std::string_view event = path;
    if (TakeOff(event, "Events."))
      return details && (!event.starts_with("Dedicated") || WantsPart(event, "event", {}, true));
    if (TakeOff(path, "Links.")) return details || path == "TraceID" || path == "SpanID";
    return WantsPart(path, "span", kSpanColumns, details);
  }
  std::unique_ptr<SpanRows> Rows(const Chunks& query, bool details) const override {
    return std::make_unique<TempoRows>(query, meta_.dedicated, details);
  }
  std::string Complaint(uint64_t rows) const override {
    if (meta_.traces < 0 || static_cast<uint64_t>(meta_.traces) == rows) return {};
    return fmt::format("meta.json promises {} traces, the block holds {}", meta_.traces, rows);
  }

 private:
  static bool TakeOff(std::string_view& path, std::string_view begin) {
    if (!path.starts_with(begin)) return false;
    path.remove_prefix(begin.size());
    return true;
  }
  // Of a resource or span: `fixed` are columns that hold one attribute.
  bool WantsPart(std::string_view part, std::string_view scope,
                 std::span<const std::pair<const char*, const char*>> fixed, bool details) const {
    if (TakeOff(part, "DedicatedAttributes.")) {
      for (const DedicatedColumn& one : meta_.dedicated) {
        if (part == one.column && ScopeOf(one) == scope) return true;
      }
      return false;
    }
    for (const auto& [column, name] : fixed) {
      if (part == column) return true;
    }
    constexpr std::string_view kOfRow[] = {
        "ServiceName", "SpanID",     "ParentSpanID",      "Name",        "Kind",
        "TraceState",  "StatusCode", "StartTimeUnixNano", "DurationNano"};
    if (part.starts_with("Attrs.") || std::ranges::find(kOfRow, part) != std::end(kOfRow))
      return true;
    return details && (part == "StatusMessage" || part.starts_with("Dropped"));
  }

  const TempoMeta meta_;
};

}  // namespace

Result<std::unique_ptr<Layout>> TempoLayoutOf(const std::vector<Column>& columns,
                                              const std::string& path) {
  const Column* const trace = FindColumn(columns, "TraceID");
  const Column* const resources = FindColumn(columns, "rs");
  if (trace == nullptr || resources == nullptr) return std::unique_ptr<Layout>();
  const Column* const span = Element(Part(Element(Part(Element(resources), "ss")), "Spans"));
  std::string missing;
  for (const char* name : {"SpanID", "Name", "StartTimeUnixNano", "DurationNano"}) {
    if (Part(span, name) == nullptr)
      missing += fmt::format("{}{}", missing.empty() ? "" : ", ", name);
  }
  if (!missing.empty() || !trace->is_text() || !Part(span, "SpanID")->is_text() ||
      !Part(span, "StartTimeUnixNano")->is_integer() || !Part(span, "DurationNano")->is_integer()) {
    return Fail(
        ErrorKind::kBadInput,
        fmt::format("a Tempo block, but rs.ss.Spans lacks {}: versions from vParquet3 on can "
                    "be read",
                    missing.empty() ? "the types that Tempo writes" : missing),
        {path});
  }
  ASSIGN_OR_RETURN(TempoMeta meta,
                   ReadTempoMeta(std::filesystem::path(path).parent_path() / "meta.json"));
  return std::make_unique<TempoLayout>(std::move(meta));
}

}  // namespace plumbago::store
