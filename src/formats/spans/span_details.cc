#include "formats/spans/span_details.h"

#include <bit>

#include "formats/protobuf/wire_writer.h"

namespace plumbago::formats::spans {
namespace {

using protobuf::AppendFixed;
using protobuf::AppendVarint;

// Layout: bits, kind, status (a byte each); then numbers as protobuf's varints, texts with
// their size in front: flags, [duration as written], status message, trace state, three dropped
// counts; resource; scope, if there is one; attributes; events; links.
enum Bits : uint8_t {
  kFollowsFrom = 1,
  kShared = 2,
  kHasScope = 4,
  kWrongDuration = 8,  // the span ends before it starts; its row says 0
};

void Put(std::string& out, std::string_view text) {
  AppendVarint(out, text.size());
  out += text;
}
void Put(std::string& out, std::span<const Attribute> attributes) {
  AppendVarint(out, attributes.size());
  for (const Attribute& attribute : attributes) {
    Put(out, attribute.key);
    out.push_back(static_cast<char>(attribute.value.type));
    switch (attribute.value.type) {
      case Value::Type::kBool:
      case Value::Type::kInt:
        AppendFixed(out, attribute.value.integer);
        break;
      case Value::Type::kDouble:
        AppendFixed(out, attribute.value.number);
        break;
      case Value::Type::kText:
      case Value::Type::kBytes:
      case Value::Type::kJson:
        Put(out, attribute.value.text);
        break;
    }
  }
}

void Put(std::string& out, const model::TraceId& id) {
  AppendFixed(out, id.hi);
  AppendFixed(out, id.lo);
  out.push_back(static_cast<char>(id.form));
}

// What is read means nothing unless ok() holds behind it.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : in_(bytes) {}

  bool ok() const { return ok_ && in_.ok(); }
  bool done() const { return ok() && in_.rest().empty(); }
  uint8_t Byte() { return in_.Byte(); }
  // A byte that is one of those up to `last`.
  template <class E>
  E Enum(E last) {
    const uint8_t byte = in_.Byte();
    Expect(byte <= static_cast<uint8_t>(last));
    return ok() ? static_cast<E>(byte) : E{};
  }
  uint32_t Small() {
    const uint64_t number = in_.Varint();
    Expect(number <= UINT32_MAX);
    return static_cast<uint32_t>(number);
  }
  std::string_view Text() { return in_.Bytes(); }
  uint64_t Fixed() { return in_.Fixed64(); }
  int64_t Signed() { return static_cast<int64_t>(in_.Fixed64()); }
  model::TraceId Trace() {
    model::TraceId id;
    id.hi = Fixed();
    id.lo = Fixed();
    id.form = Enum(model::TraceForm::kHashed);
    return id;
  }
  // How many things follow, of at least `least` bytes each.
  size_t Count(size_t least) {
    const uint64_t count = in_.Varint();
    Expect(count <= in_.rest().size() / least);
    return ok() ? count : 0;
  }

 private:
  void Expect(bool right) { ok_ &= right; }

  protobuf::WireCursor in_;
  bool ok_ = true;
};

// Appends to `all`; the caller takes the span once `all` no longer grows.
size_t ReadAttributes(Reader& in, std::vector<Attribute>& all) {
  const size_t count = in.Count(2);
  for (size_t i = 0; i < count && in.ok(); ++i) {
    Attribute& attribute = all.emplace_back();
    attribute.key = in.Text();
    Value& value = attribute.value;
    value.type = in.Enum(Value::Type::kJson);
    switch (value.type) {
      case Value::Type::kBool:
      case Value::Type::kInt:
        value.integer = in.Signed();
        break;
      case Value::Type::kDouble:
        value.number = std::bit_cast<double>(in.Fixed());
        break;
      case Value::Type::kText:
      case Value::Type::kBytes:
      case Value::Type::kJson:
        value.text = in.Text();
        break;
    }
  }
  return count;
}

}  // namespace

void AppendDetails(const Span& span, std::string& out) {
  const bool wrong = span.duration_ns < 0 && span.duration_ns != model::kNoTime;
  out.push_back(
      static_cast<char>((span.follows_from ? kFollowsFrom : 0) | (span.shared ? kShared : 0) |
                        (span.scope != nullptr ? kHasScope : 0) | (wrong ? kWrongDuration : 0)));
  out.push_back(static_cast<char>(span.kind));
  out.push_back(static_cast<char>(span.status));
  AppendVarint(out, span.flags);
  if (wrong) AppendFixed(out, span.duration_ns);
  Put(out, span.status_message);
  Put(out, span.trace_state);
  AppendVarint(out, span.dropped_attributes);
  AppendVarint(out, span.dropped_events);
  AppendVarint(out, span.dropped_links);
  Put(out, span.resource->service);
  AppendVarint(out, span.resource->dropped_attributes);
  Put(out, span.resource->attributes);
  if (span.scope != nullptr) {
    Put(out, span.scope->name);
    Put(out, span.scope->version);
    AppendVarint(out, span.scope->dropped_attributes);
    Put(out, span.scope->attributes);
  }
  Put(out, span.attributes);
  AppendVarint(out, span.events.size());
  for (const Event& event : span.events) {
    AppendFixed(out, event.time_ns);
    Put(out, event.name);
    AppendVarint(out, event.dropped_attributes);
    Put(out, event.attributes);
  }
  AppendVarint(out, span.links.size());
  for (const Link& link : span.links) {
    Put(out, link.trace);
    AppendFixed(out, link.span);
    Put(out, link.trace_state);
    AppendVarint(out, link.dropped_attributes);
    AppendVarint(out, link.flags);
    out.push_back(link.child_of ? 1 : 0);
    Put(out, link.attributes);
  }
}

bool RestoredSpan::Restore(const model::Call& call, std::string_view details,
                           const model::Names& names) {
  span_ = {};
  resource_ = {};
  scope_ = {};
  attributes_.clear();
  events_.clear();
  links_.clear();
  span_.trace = call.trace;
  span_.id = call.span;
  span_.parent = call.parent_span;
  span_.start_ns = call.start_ns;
  span_.duration_ns = call.duration_ns;
  span_.name = names.Text(call.operation);
  span_.status = call.status;
  span_.resource = &resource_;
  if (details.empty()) {
    FromRow(call, names);
    return true;
  }

  Reader in(details);
  const uint8_t bits = in.Byte();
  span_.kind = in.Enum(SpanKind::kConsumer);
  span_.status = in.Enum(model::Status::kError);
  span_.follows_from = (bits & kFollowsFrom) != 0;
  span_.shared = (bits & kShared) != 0;
  span_.flags = in.Small();
  if ((bits & kWrongDuration) != 0) {
    const int64_t written = in.Signed();
    if (span_.start_ns != model::kNoTime) span_.duration_ns = written;
  }
  span_.status_message = in.Text();
  span_.trace_state = in.Text();
  span_.dropped_attributes = in.Small();
  span_.dropped_events = in.Small();
  span_.dropped_links = in.Small();
  resource_.service = in.Text();
  resource_.dropped_attributes = in.Small();
  const size_t of_resource = ReadAttributes(in, attributes_);
  size_t of_scope = 0;
  if ((bits & kHasScope) != 0) {
    span_.scope = &scope_;
    scope_.name = in.Text();
    scope_.version = in.Text();
    scope_.dropped_attributes = in.Small();
    of_scope = ReadAttributes(in, attributes_);
  }
  const size_t of_span = ReadAttributes(in, attributes_);
  counts_.clear();
  const size_t events = in.Count(8);
  for (size_t i = 0; i < events && in.ok(); ++i) {
    Event& event = events_.emplace_back();
    event.time_ns = in.Signed();
    event.name = in.Text();
    event.dropped_attributes = in.Small();
    counts_.push_back(ReadAttributes(in, attributes_));
  }
  const size_t links = in.Count(16);
  for (size_t i = 0; i < links && in.ok(); ++i) {
    Link& link = links_.emplace_back();
    link.trace = in.Trace();
    link.span = in.Fixed();
    link.trace_state = in.Text();
    link.dropped_attributes = in.Small();
    link.flags = in.Small();
    link.child_of = in.Byte() != 0;
    counts_.push_back(ReadAttributes(in, attributes_));
  }
  if (!in.done()) return false;

  // `attributes_` no longer moves.
  std::span<const Attribute> rest(attributes_);
  const auto take = [&rest](size_t count) {
    const auto taken = rest.first(count);
    rest = rest.subspan(count);
    return taken;
  };
  resource_.attributes = take(of_resource);
  scope_.attributes = take(of_scope);
  span_.attributes = take(of_span);
  size_t next = 0;
  for (Event& event : events_) event.attributes = take(counts_[next++]);
  for (Link& link : links_) link.attributes = take(counts_[next++]);
  span_.events = events_;
  span_.links = links_;
  return true;
}

void RestoredSpan::FromRow(const model::Call& call, const model::Names& names) {
  const bool message = call.kind == model::Kind::kMessage;
  switch (call.side) {
    case model::Side::kClient:
      span_.kind = message ? SpanKind::kProducer : SpanKind::kClient;
      break;
    case model::Side::kServer:
      span_.kind = message ? SpanKind::kConsumer : SpanKind::kServer;
      break;
    case model::Side::kUnknown:
      span_.kind =
          call.kind == model::Kind::kInternal ? SpanKind::kInternal : SpanKind::kUnspecified;
      break;
  }
  const auto add = [this](std::string_view key, std::string_view text) {
    if (!text.empty()) attributes_.push_back({key, Value::Text(text)});
  };
  const bool client = call.side == model::Side::kClient && call.caller != model::kNoService;
  const model::InstanceId instance = client ? call.caller_instance : call.callee_instance;
  const model::InstanceId other = client ? call.callee_instance : call.caller_instance;
  resource_.service = names.Text(client ? call.caller : call.callee);
  add("service.instance.id", names.Text(instance));
  const size_t of_resource = attributes_.size();
  if (call.kind != model::Kind::kUnknown && call.kind != model::Kind::kInternal)
    add(kKindKey, model::KindName(call.kind));
  add(kOtherKey, names.Text(client ? call.callee : call.caller));
  add(kOtherInstanceKey, names.Text(other));
  add(kEntryKey, names.Text(call.entry));
  if (call.from_user) attributes_.push_back({kFromUserKey, Value::Bool(true)});
  if (call.weight != 1) attributes_.push_back({kWeightKey, Value::Double(call.weight)});
  resource_.attributes = std::span(attributes_).first(of_resource);
  span_.attributes = std::span(attributes_).subspan(of_resource);
}

}  // namespace plumbago::formats::spans
