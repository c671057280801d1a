#include "formats/spans/span_details.h"

#include <cstring>

namespace plumbago::formats::spans {
namespace {

// Layout: bits, kind, status (a byte each); then numbers as varints, texts with their size in
// front: flags, [duration as written], status message, trace state, three dropped counts; resource;
// scope, if there is one; attributes; events; links.
enum Bits : uint8_t {
  kFollowsFrom = 1,
  kShared = 2,
  kHasScope = 4,
  kWrongDuration = 8,  // the span ends before it starts; its row says 0
};

void Put(std::string& out, uint64_t number) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  out.push_back(static_cast<char>(number));
}
void Put(std::string& out, std::string_view text) {
  Put(out, text.size());
  out += text;
}
template <class T>
void PutRaw(std::string& out, const T& value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

void Put(std::string& out, std::span<const Attribute> attributes) {
  Put(out, attributes.size());
  for (const Attribute& attribute : attributes) {
    Put(out, attribute.key);
    out.push_back(static_cast<char>(attribute.value.type));
    switch (attribute.value.type) {
      case Value::Type::kBool:
      case Value::Type::kInt:
        PutRaw(out, attribute.value.integer);
        break;
      case Value::Type::kDouble:
        PutRaw(out, attribute.value.number);
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
  PutRaw(out, id.hi);
  PutRaw(out, id.lo);
  out.push_back(static_cast<char>(id.form));
}

// Fails once, then gives nothing.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool ok() const { return ok_; }
  bool done() const { return ok_ && at_ == end_; }
  uint8_t Byte() {
    if (at_ == end_) return Fail();
    return static_cast<uint8_t>(*at_++);
  }
  uint64_t Number() {
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const uint8_t byte = Byte();
      number |= uint64_t{byte & 0x7Fu} << shift;
      if ((byte & 0x80) == 0) return number;
    }
    return Fail();
  }
  uint32_t Small() {
    const uint64_t number = Number();
    return number <= UINT32_MAX ? static_cast<uint32_t>(number) : Fail();
  }
  std::string_view Text() {
    const uint64_t size = Number();
    if (size > static_cast<size_t>(end_ - at_)) {
      Fail();
      return {};
    }
    const std::string_view text(at_, size);
    at_ += size;
    return text;
  }
  template <class T>
  T Raw() {
    T value{};
    if (static_cast<size_t>(end_ - at_) < sizeof value) {
      Fail();
      return value;
    }
    std::memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  model::TraceId Trace() {
    model::TraceId id;
    id.hi = Raw<uint64_t>();
    id.lo = Raw<uint64_t>();
    const uint8_t form = Byte();
    if (form > static_cast<uint8_t>(model::TraceForm::kHashed)) Fail();
    id.form = static_cast<model::TraceForm>(form & 3);
    return id;
  }
  // How many things follow, of at least `least` bytes each.
  size_t Count(size_t least) {
    const uint64_t count = Number();
    if (count > static_cast<size_t>(end_ - at_) / least) return Fail();
    return count;
  }

  uint8_t Fail() {
    ok_ = false;
    at_ = end_;
    return 0;
  }

 private:
  const char* at_;
  const char* end_;
  bool ok_ = true;
};

// Appends to `all`; the caller takes the span once `all` no longer grows.
size_t ReadAttributes(Reader& in, std::vector<Attribute>& all) {
  const size_t count = in.Count(2);
  for (size_t i = 0; i < count && in.ok(); ++i) {
    Attribute& attribute = all.emplace_back();
    attribute.key = in.Text();
    const uint8_t type = in.Byte();
    attribute.value.type = static_cast<Value::Type>(type);
    switch (attribute.value.type) {
      case Value::Type::kBool:
      case Value::Type::kInt:
        attribute.value.integer = in.Raw<int64_t>();
        break;
      case Value::Type::kDouble:
        attribute.value.number = in.Raw<double>();
        break;
      case Value::Type::kText:
      case Value::Type::kBytes:
      case Value::Type::kJson:
        attribute.value.text = in.Text();
        break;
      default:
        in.Fail();
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
  Put(out, uint64_t{span.flags});
  if (wrong) PutRaw(out, span.duration_ns);
  Put(out, span.status_message);
  Put(out, span.trace_state);
  Put(out, uint64_t{span.dropped_attributes});
  Put(out, uint64_t{span.dropped_events});
  Put(out, uint64_t{span.dropped_links});
  Put(out, span.resource->service);
  Put(out, uint64_t{span.resource->dropped_attributes});
  Put(out, span.resource->attributes);
  if (span.scope != nullptr) {
    Put(out, span.scope->name);
    Put(out, span.scope->version);
    Put(out, uint64_t{span.scope->dropped_attributes});
    Put(out, span.scope->attributes);
  }
  Put(out, span.attributes);
  Put(out, span.events.size());
  for (const Event& event : span.events) {
    PutRaw(out, event.time_ns);
    Put(out, event.name);
    Put(out, uint64_t{event.dropped_attributes});
    Put(out, event.attributes);
  }
  Put(out, span.links.size());
  for (const Link& link : span.links) {
    Put(out, link.trace);
    PutRaw(out, link.span);
    Put(out, link.trace_state);
    Put(out, uint64_t{link.dropped_attributes});
    Put(out, uint64_t{link.flags});
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
  const uint8_t kind = in.Byte();
  const uint8_t status = in.Byte();
  if (kind > static_cast<uint8_t>(SpanKind::kConsumer) ||
      status > static_cast<uint8_t>(model::Status::kError)) {
    return false;
  }
  span_.kind = static_cast<SpanKind>(kind);
  span_.status = static_cast<model::Status>(status);
  span_.follows_from = (bits & kFollowsFrom) != 0;
  span_.shared = (bits & kShared) != 0;
  span_.flags = in.Small();
  if ((bits & kWrongDuration) != 0) {
    const auto written = in.Raw<int64_t>();
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
    event.time_ns = in.Raw<int64_t>();
    event.name = in.Text();
    event.dropped_attributes = in.Small();
    counts_.push_back(ReadAttributes(in, attributes_));
  }
  const size_t links = in.Count(16);
  for (size_t i = 0; i < links && in.ok(); ++i) {
    Link& link = links_.emplace_back();
    link.trace = in.Trace();
    link.span = in.Raw<uint64_t>();
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
