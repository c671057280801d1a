#include "formats/zipkin/decoder.h"

#include <charconv>
#include <string>
#include <vector>

#include "formats/json/record_reader.h"
#include "formats/json/resources.h"
#include "formats/spans/span_ids.h"
#include "model/names.h"

namespace plumbago::formats::zipkin {
namespace {

using spans::Attribute;
using spans::SpanKind;
using spans::Value;

constexpr int kMostDepth = 16;

struct ZipkinScratch {
  json::Scratch json;
  json::SpanBuilder builder{kPlaces};
  std::vector<Attribute> attributes;  // of a resource
  std::string resource;
};

struct Endpoint {
  std::string_view service, address;
  int64_t port = 0;
};

class ZipkinReader final : public json::RecordReader {
 public:
  ZipkinReader(const Block& block, DecodeContext& context, ZipkinScratch& scratch)
      : RecordReader(block, context, scratch.json, kWrappers),
        details_(context.details),
        scratch_(scratch),
        builder_(scratch.builder) {}

 private:
  bool Record() override {
    if (depth_ >= kMostDepth) return json.Fail("a span, in at most 16 arrays and objects");
    ++depth_;
    const bool ok =
        json.Peek() == '[' ? Elements(Array::kRecords, [this] { return Record(); }) : Span();
    --depth_;
    return ok;
  }

  bool ReadEndpoint(Endpoint& endpoint) {
    if (json.TakeNull()) return true;
    std::string_view ipv6;
    const bool ok = json.Object([&](std::string_view key) {
      if (key == "serviceName") return json.StringOrNull(endpoint.service);
      if (key == "ipv4") return json.StringOrNull(endpoint.address);
      if (key == "ipv6") return json.StringOrNull(ipv6);
      if (key == "port") return json.TakeNull() || json.Integer(endpoint.port);
      return json.Skip();
    });
    if (endpoint.address.empty()) endpoint.address = ipv6;
    return ok;
  }

  bool Tags() {
    if (json.TakeNull()) return true;
    return json.Object([&](std::string_view key) {
      Attribute tag;
      if (!json.Plain(key)) return false;
      tag.key = key;
      if (json.Peek() == '"') {
        if (!json.String(tag.value.text)) return false;
      } else {  // as it stands
        tag.value.text = json.Here();
        if (!json.Skip()) return false;
      }
      if (!builder_.TakeTag(tag)) builder_.attributes.push_back(tag);
      return true;
    });
  }

  bool Annotations() {
    if (!details_) return json.Skip();
    if (json.TakeNull()) return true;
    return json.Array([&] {
      spans::Event event;
      const bool ok = json.Object([&](std::string_view key) {
        if (key == "value") return json.StringOrNull(event.name);
        if (key != "timestamp") return json.Skip();
        return Micros(event.time_ns);
      });
      builder_.events.push_back(event);
      return ok;
    });
  }

  bool Micros(int64_t& ns) {
    if (json.TakeNull()) return true;
    int64_t us = 0;
    if (!json.Integer(us)) return false;
    ns = json::NanosOf(us);
    return true;
  }

  bool SpanId(uint64_t& id) {
    const uint32_t* const at = json.at();
    std::string_view text;
    if (!json.StringOrNull(text)) return false;
    id = 0;
    return text.find_first_not_of('0') == text.npos || spans::ParseSpanId(text, id) ||
           json.FailAt(at, "an id of up to 16 hex digits");
  }

  bool Span() {
    const uint32_t* const start = json.at();
    builder_.Clear();
    spans::Span& span = builder_.span;
    bool trace = false, holder = false;
    Endpoint local, remote;
    std::string_view local_text;
    const bool ok = json.Object([&](std::string_view key) {
      switch (key.size()) {
        case 2:
          if (key == "id") return SpanId(span.id);
          break;
        case 4:
          if (key == "name") return json.StringOrNull(span.name);
          if (key == "kind") return Kind(span.kind);
          if (key == "tags") return Tags();
          if (key == "hits") {
            holder = true;
            return json.Peek() == '[' || json.Peek() == '{' ? Record() : json.Skip();
          }
          break;
        case 6:
          if (key == "shared") return json.TakeNull() || json.Bool(span.shared);
          break;
        case 7:
          if (key == "traceId") {
            std::string_view text;
            if (!json.String(text)) return false;
            trace = spans::ParseTraceId(text, span.trace);
            return true;
          }
          if (key == "_source") {
            holder = true;
            return Record();
          }
          break;
        case 8:
          if (key == "parentId") return SpanId(span.parent);
          if (key == "duration") return Micros(span.duration_ns);
          break;
        case 9:
          if (key == "timestamp") return Micros(span.start_ns);
          break;
        case 11:
          if (key == "annotations") return Annotations();
          break;
        case 13:
          if (key == "localEndpoint") {
            local_text = json.Here();
            return resources_.Find(local_text) != nullptr ? json.Skip() : ReadEndpoint(local);
          }
          break;
        case 14:
          if (key == "remoteEndpoint") return ReadEndpoint(remote);
          break;
        default:
          break;
      }
      return json.Skip();
    });
    if (!ok) return false;
    if (holder) return true;
    if (!trace) return json.FailAt(start, "a span with a traceId");
    if (span.id == 0) return json.FailAt(start, "a span with an id");
    if (!builder_.Finish(*json.arena())) Bad(*start, "expected JSON in the tag plumbago.rest");
    AddRemote(remote);
    span.resource = ResourceOf(local_text, local);
    batch_.Add(span, LineAt(*start));
    builder_.ClearPools();
    return true;
  }

  bool Kind(SpanKind& kind) {
    std::string_view text;
    if (!json.StringOrNull(text)) return false;
    kind = text == "SERVER"     ? SpanKind::kServer
           : text == "CLIENT"   ? SpanKind::kClient
           : text == "PRODUCER" ? SpanKind::kProducer
           : text == "CONSUMER" ? SpanKind::kConsumer
                                : SpanKind::kUnspecified;
    return true;
  }

  // What the span's other end is, as attributes, where no tag says it.
  void AddRemote(const Endpoint& remote) {
    std::vector<Attribute>& attributes = builder_.attributes;
    const auto add = [&](std::string_view key, Value value) {
      for (const Attribute& attribute : attributes) {
        if (attribute.key == key) return;
      }
      attributes.push_back({key, value});
    };
    if (!remote.service.empty()) add("peer.service", Value::Text(remote.service));
    if (!remote.address.empty()) add("network.peer.address", Value::Text(remote.address));
    if (remote.port > 0) add("network.peer.port", Value::Int(remote.port));
    builder_.span.attributes = attributes;
  }

  const spans::Resource* ResourceOf(std::string_view text, const Endpoint& local) {
    std::string_view key = text;
    if (!builder_.resource_text.empty()) {
      scratch_.resource.assign(text).append(builder_.resource_text);
      key = scratch_.resource;
    }
    if (const spans::Resource* const known = resources_.Find(key)) return known;
    spans::Resource made;
    const spans::Resource* const plain = resources_.Find(text);
    made.service = plain != nullptr ? plain->service : local.service;
    std::vector<Attribute>& attributes = scratch_.attributes;
    attributes.clear();
    if (!builder_.resource_text.empty()) {
      key = json.arena()->CopyText(key);
      attributes = builder_.resource_attributes;
      made.dropped_attributes = builder_.resource_dropped;
    } else if (!local.address.empty()) {
      attributes.push_back({"service.instance.id", Value::Text(InstanceOf(local))});
    }
    made.attributes = attributes;
    return resources_.Add(key, made);
  }

  // "10.0.0.1:8080"
  std::string_view InstanceOf(const Endpoint& local) {
    char* const room = json.arena()->Room(local.address.size() + 24);
    std::memcpy(room, local.address.data(), local.address.size());
    char* end = room + local.address.size();
    if (local.port > 0) {
      *end++ = ':';
      end = std::to_chars(end, end + 22, local.port).ptr;
    }
    return json.arena()->KeepText(static_cast<size_t>(end - room));
  }

  bool details_;
  ZipkinScratch& scratch_;
  json::SpanBuilder& builder_;
  json::Resources resources_;
  int depth_ = 0;
};

}  // namespace

void ZipkinDecoder::Decode(const Block& block, DecodeContext& context) const {
  static thread_local ZipkinScratch scratch;
  ZipkinReader(block, context, scratch).Read(shape());
}

}  // namespace plumbago::formats::zipkin
