#include "formats/jaeger/decoder.h"

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "formats/csv/malformed.h"
#include "formats/json/any_value.h"
#include "formats/json/record_reader.h"
#include "formats/json/resources.h"
#include "formats/json/span_builder.h"
#include "formats/spans/span_ids.h"
#include "model/names.h"

namespace plumbago::formats::jaeger {
namespace {

using json::Cursor;
using spans::Attribute;
using spans::Value;

constexpr int kMostDepth = 16;
constexpr size_t kFew = 16;

struct JaegerScratch {
  struct Pending {
    spans::Span span;
    std::string_view process;
    uint32_t line = 0;
    size_t position = 0;
  };
  struct Process {
    std::string_view name;
    const spans::Resource* resource = nullptr;
  };
  json::Scratch json;
  json::SpanBuilder builder{kPlaces};
  std::vector<Pending> pending;
  std::vector<Process> processes;
  std::vector<Attribute> tags;  // of a process, or of a log
};

// Ids of real traces are hex; hand-made files have any text, of which only equality counts.
bool ReadSpanId(std::string_view text, uint64_t& id) {
  if (spans::ParseSpanId(text, id)) [[likely]]
    return true;
  if (text.find_first_not_of('0') == text.npos) {
    id = 0;
    return false;
  }
  id = model::NameTable::HashText(text) | 1;
  return true;
}

class JaegerReader final : public json::RecordReader {
 public:
  JaegerReader(const Block& block, DecodeContext& context, JaegerScratch& scratch)
      : RecordReader(block, context, scratch.json, kWrappers),
        details_(context.details),
        scratch_(scratch),
        builder_(scratch.builder) {
    scratch_.pending.clear();
    scratch_.processes.clear();
    builder_.ClearPools();
  }

 private:
  bool Record() override {
    if (json.Peek() == '[') {
      if (++depth_ > kMostDepth) return json.Fail("a trace, in at most 16 arrays and objects");
      const bool ok = Elements(Array::kRecords, [this] { return Record(); });
      --depth_;
      return ok;
    }
    if (depth_ >= kMostDepth) return json.Fail("a trace, in at most 16 arrays and objects");
    ++depth_;
    const bool ok = IsSpan() ? SpanByItself() : Document();
    --depth_;
    return ok;
  }

  // A span that stands by itself has an id, and no spans.
  bool IsSpan() const {
    Cursor look = json;
    bool span = false, decided = false;
    look.Object([&](std::string_view key) {
      if (key == "spanID" || key == "operationName") span = decided = true;
      if (key == "spans" || key == "processes" || key == "data") decided = true;
      return !decided && look.Skip();
    });
    return span;
  }

  bool SpanByItself() {
    trace_ = {};
    const bool ok = Span();
    if (ok) Flush(true);
    return ok;
  }

  // A trace, or what holds traces.
  bool Document() {
    trace_ = {};
    trace_known_ = processes_read_ = false;
    scratch_.processes.clear();
    bool trace = false;
    const bool ok = json.Object([&](std::string_view key) {
      if (key == "traceID") {
        std::string_view text;
        if (!json.String(text)) return false;
        trace_known_ = spans::ParseTraceId(text, trace_);
        return true;
      }
      if (key == "spans") {
        trace = true;
        if (json.TakeNull()) return true;
        return Elements(Array::kWithin, [this] { return Span(); });
      }
      if (key == "processes") {
        trace = true;
        return json.TakeNull() || Processes();
      }
      if (key == "data" || key == "hits") {
        return json.Peek() == '[' || json.Peek() == '{' ? Record() : json.Skip();
      }
      if (key == "_source") return Record();
      return json.Skip();
    });
    // Cut before its processes: nobody knows whose spans these are.
    if (!ok && !processes_read_) scratch_.pending.clear();
    if (trace) Flush(true);
    return ok;
  }

  bool Processes() {
    processes_read_ = true;
    const bool ok = json.Object([&](std::string_view name) {
      const spans::Resource* resource = nullptr;
      if (!json.Plain(name) || !Process(resource)) return false;
      scratch_.processes.push_back({name, resource});
      return true;
    });
    if (scratch_.processes.size() > kFew) {
      for (const auto& process : scratch_.processes) many_.emplace(process.name, process.resource);
    }
    return ok;
  }

  bool Process(const spans::Resource*& resource) {
    const std::string_view text = json.Here();
    resource = resources_.Find(text);
    if (resource != nullptr) return json.Skip();
    spans::Resource made;
    std::vector<Attribute>& tags = scratch_.tags;
    tags.clear();
    const bool ok = json.Object([&](std::string_view key) {
      if (key == "serviceName") return json.StringOrNull(made.service);
      if (key == "tags") return Tags(tags);
      if (key == "tag") return TagFields(tags);
      return json.Skip();
    });
    if (!ok) return false;
    size_t kept = 0;
    for (const Attribute& tag : tags) {
      if (tag.key == kJsonKey && tag.value.type == Value::Type::kText) MarkJson(tag.value.text);
    }
    for (const Attribute& tag : tags) {
      if (tag.key == kJsonKey && tag.value.type == Value::Type::kText) {
        continue;
      } else if (tag.key == kDroppedKey && tag.value.type == Value::Type::kInt) {
        made.dropped_attributes = static_cast<uint32_t>(tag.value.integer);
      } else if (tag.key == "service.name" && tag.value.type == Value::Type::kText) {
        if (made.service.empty()) made.service = tag.value.text;
      } else {
        tags[kept++] = tag;
      }
    }
    tags.resize(kept);
    made.attributes = tags;
    resource = resources_.Add(text, made);
    return true;
  }

  // `places`: which tags of a process are arrays and maps: "0 3".
  void MarkJson(std::string_view places) {
    const char* at = places.data();
    const char* const end = at + places.size();
    while (at < end) {
      size_t place = 0;
      const auto read = std::from_chars(at, end, place);
      if (read.ec != std::errc()) return;
      if (place < scratch_.tags.size() && scratch_.tags[place].value.type == Value::Type::kText)
        scratch_.tags[place].value.type = Value::Type::kJson;
      at = read.ptr + (read.ptr < end ? 1 : 0);
    }
  }

  bool Tags(std::vector<Attribute>& tags) {
    if (json.TakeNull()) return true;
    return json.Array([&] { return Tag(tags.emplace_back()); });
  }

  bool Tag(Attribute& tag) {
    std::string_view type;
    const uint32_t* value = nullptr;  // before its type was known
    const bool ok = json.Object([&](std::string_view key) {
      switch (key.size()) {
        case 3:
          if (key == "key") return json.String(tag.key);
          break;
        case 4:
          if (key == "type") return json.String(type);
          break;
        case 5:
          if (key != "value") break;
          if (type.empty()) {
            value = json.at();
            return json.Skip();
          }
          return TagValue(type, tag.value);
        default:
          break;
      }
      return json.Skip();
    });
    if (!ok || value == nullptr) [[likely]]
      return ok;
    const uint32_t* const end = json.at();
    json.GoTo(value);
    if (!TagValue(type, tag.value)) return false;
    json.GoTo(end);
    return true;
  }

  // The type is what counts, not how the value is written: Elasticsearch turns it into texts.
  bool TagValue(std::string_view type, Value& value) {
    const char c = json.Peek();
    if (c == '"' && (type == "string" || type.empty())) [[likely]] {
      value.type = Value::Type::kText;
      return json.String(value.text);
    }
    if (type == "int64") {
      value = Value::Int(0);
      return json.Integer(value.integer);
    }
    if (type == "bool") {
      bool said = false;
      if (!json.Bool(said)) return false;
      value = Value::Bool(said);
      return true;
    }
    if (type == "float64") {
      json::Number number;
      if (!json.ReadNumber(number)) return false;
      value = Value::Double(number.real);
      return true;
    }
    if (type == "binary" && c == '"') {
      const uint32_t* const at = json.at();
      std::string_view text;
      if (!json.String(text)) return false;
      value.type = Value::Type::kBytes;
      return json::DecodeBase64(text, *json.arena(), value.text) ||
             json.FailAt(at, "the value of a binary tag as base64");
    }
    return Untyped(value, type == "string");
  }

  bool Untyped(Value& value, bool text) {
    const char c = json.Peek();
    if (c == '"') {
      value.type = Value::Type::kText;
      return json.String(value.text);
    }
    if (text || c == '{' || c == '[' || c == 'n') {  // as it stands
      value.type = Value::Type::kText;
      value.text = c == 'n' ? std::string_view() : json.Here();
      return json.Skip();
    }
    if (c == 't' || c == 'f') {
      bool said = false;
      if (!json.Bool(said)) return false;
      value = Value::Bool(said);
      return true;
    }
    json::Number number;
    if (!json.ReadNumber(number)) return false;
    value = number.whole ? Value::Int(number.integer) : Value::Double(number.real);
    return true;
  }

  // Elasticsearch's "tags as fields": {"http@method":"GET"}.
  bool TagFields(std::vector<Attribute>& tags) {
    if (json.TakeNull()) return true;
    return json.Object([&](std::string_view name) {
      Attribute& tag = tags.emplace_back();
      if (!json.Plain(name)) return false;
      char* const room = json.arena()->Room(name.size());
      for (size_t i = 0; i < name.size(); ++i) room[i] = name[i] == '@' ? '.' : name[i];
      tag.key = json.arena()->KeepText(name.size());
      return Untyped(tag.value, false);
    });
  }

  bool SpanTags() {
    if (json.TakeNull()) return true;
    return json.Array([&] {
      Attribute tag;
      if (!Tag(tag)) return false;
      if (!builder_.TakeTag(tag)) builder_.attributes.push_back(tag);
      return true;
    });
  }

  bool References() {
    if (json.TakeNull()) return true;
    return json.Array([&] {
      spans::Link link;
      link.child_of = true;
      bool trace = false, span = false;
      const bool ok = json.Object([&](std::string_view key) {
        std::string_view text;
        if (key == "refType") {
          if (!json.String(text)) return false;
          link.child_of = text != "FOLLOWS_FROM";
          return true;
        }
        if (key == "traceID") {
          if (!json.StringOrNull(text)) return false;
          trace = spans::ParseTraceId(text, link.trace);
          return true;
        }
        if (key == "spanID") {
          if (!json.StringOrNull(text)) return false;
          span = ReadSpanId(text, link.span);
          return true;
        }
        return json.Skip();
      });
      if (!ok) return false;
      if (!trace) link.trace = model::TraceId{};  // the span's own; resolved at its end
      if (span) builder_.links.push_back(link);
      return true;
    });
  }

  bool Micros(int64_t& ns) {
    int64_t us = 0;
    if (!json.Integer(us)) return false;
    ns = json::NanosOf(us);
    return true;
  }

  bool Logs() {
    if (!details_) return json.Skip();
    if (json.TakeNull()) return true;
    return json.Array([&] {
      spans::Event event;
      std::vector<Attribute>& fields = scratch_.tags;
      fields.clear();
      const bool ok = json.Object([&](std::string_view key) {
        if (key == "timestamp") return Micros(event.time_ns);
        if (key == "fields") return Tags(fields);
        return json.Skip();
      });
      if (!ok) return false;
      for (size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].key != "event" || fields[i].value.type != Value::Type::kText) continue;
        event.name = fields[i].value.text;
        fields.erase(fields.begin() + static_cast<ptrdiff_t>(i));
        break;
      }
      event.attributes = builder_.pool.Copy(fields);
      builder_.events.push_back(event);
      return true;
    });
  }

  bool Span() {
    const uint32_t* const start = json.at();
    builder_.Clear();
    spans::Span& span = builder_.span;
    span.trace = trace_;
    bool trace = trace_known_;
    uint64_t parent = 0;
    std::string_view process;
    const spans::Resource* resource = nullptr;
    const bool ok = json.Object([&](std::string_view key) {
      std::string_view text;
      switch (key.size()) {
        case 3:
          if (key == "tag") return TagFields(builder_.attributes);
          break;
        case 4:
          if (key == "tags") return SpanTags();
          if (key == "logs") return Logs();
          break;
        case 5:
          if (key == "flags") return json.Uint32(span.flags);
          break;
        case 6:
          if (key == "spanID") return json.String(text) && (ReadSpanId(text, span.id), true);
          break;
        case 7:
          if (key == "traceID") {
            if (!json.String(text)) return false;
            trace = spans::ParseTraceId(text, span.trace);
            return true;
          }
          if (key == "process") return json.TakeNull() || Process(resource);
          break;
        case 8:
          if (key == "duration") return Micros(span.duration_ns);
          break;
        case 9:
          if (key == "startTime") return Micros(span.start_ns);
          if (key == "processID") return json.StringOrNull(process);
          break;
        case 10:
          if (key == "references") return References();
          break;
        case 12:
          if (key == "parentSpanID")
            return json.StringOrNull(text) && (ReadSpanId(text, parent), true);
          break;
        case 13:
          if (key == "operationName") return json.StringOrNull(span.name);
          break;
        default:
          break;
      }
      return json.Skip();
    });
    if (!ok) return false;
    if (span.id == 0) return json.FailAt(start, "a span with a spanID");
    if (!trace) return json.FailAt(start, "a span with a traceID");
    const uint32_t line = LineAt(*start);
    for (spans::Link& link : builder_.links) {
      if (link.trace == model::TraceId{}) link.trace = span.trace;
    }
    if (!builder_.Finish(*json.arena())) Bad(*start, "expected JSON in the tag plumbago.rest");
    TakeParent(parent);
    auto& pending = scratch_.pending;
    builder_.Keep();
    span.resource = resource;
    pending.push_back({span, process, line, *start});
    if (pending.size() >= kMostPending) {
      if (!processes_read_) LookForProcesses();
      Flush(false);
    }
    return true;
  }

  // The first reference to a span of the same trace, CHILD_OF before others; else parentSpanID.
  void TakeParent(uint64_t parent) {
    spans::Span& span = builder_.span;
    std::vector<spans::Link>& links = builder_.links;
    int64_t chosen = builder_.parent;
    if (chosen == -2) {
      for (size_t i = 0; i < links.size(); ++i) {
        if (links[i].trace != span.trace) continue;
        if (chosen < 0 || links[i].child_of) chosen = static_cast<int64_t>(i);
        if (links[i].child_of) break;
      }
    }
    if (chosen >= 0 && chosen < static_cast<int64_t>(links.size())) {
      const auto at = links.begin() + chosen;
      span.parent = at->span;
      span.follows_from = !at->child_of;
      links.erase(at);
    } else if (chosen == -2) {
      span.parent = parent;
    }
    span.links = links;
  }

  // Behind a span of a large trace: reads what stands behind all of them.
  void LookForProcesses() {
    const Cursor back = json;
    while (json.TakeIf(',')) {
      if (!json.Skip()) break;
    }
    if (json.ok() && json.TakeIf(']')) {
      while (json.TakeIf(',')) {
        std::string_view key;
        if (!json.String(key) || !json.Take(':')) break;
        if (key == "processes" && json.Peek() == '{') {
          Processes();
          break;
        }
        if (!json.Skip()) break;
      }
    }
    json = back;
  }

  const spans::Resource* FindProcess(std::string_view name) const {
    if (!many_.empty()) {
      const auto found = many_.find(name);
      return found == many_.end() ? nullptr : found->second;
    }
    for (const auto& process : scratch_.processes) {
      if (process.name == name) return process.resource;
    }
    return nullptr;
  }

  void Flush(bool end_of_trace) {
    for (JaegerScratch::Pending& pending : scratch_.pending) {
      if (pending.span.resource == nullptr) {
        pending.span.resource = FindProcess(pending.process);
        if (pending.span.resource == nullptr) pending.span.resource = &nobody_;
      }
      batch_.Add(pending.span, pending.line);
    }
    scratch_.pending.clear();
    if (end_of_trace) {
      scratch_.processes.clear();
      if (!many_.empty()) many_.clear();
    }
    builder_.ClearPools();
  }

  bool details_;
  JaegerScratch& scratch_;
  json::SpanBuilder& builder_;
  json::Resources resources_;
  spans::Resource nobody_;
  std::unordered_map<std::string_view, const spans::Resource*> many_;  // more than kFew
  model::TraceId trace_;
  bool trace_known_ = false;
  bool processes_read_ = false;
  int depth_ = 0;
};

}  // namespace

void JaegerDecoder::Decode(const Block& block, DecodeContext& context) const {
  static thread_local JaegerScratch scratch;
  JaegerReader(block, context, scratch).Read(shape());
}

}  // namespace plumbago::formats::jaeger
