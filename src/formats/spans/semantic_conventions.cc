#include "formats/spans/semantic_conventions.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>

namespace plumbago::formats::spans {
namespace {

using model::Kind;

// Of several attributes that say the same, the one of the highest rank; of equal ones the first.
struct Said {
  std::string_view text;
  unsigned rank = 0;

  void Say(unsigned with, const Value& value) {
    if (with > rank && value.type == Value::Type::kText && !value.text.empty()) {
      text = value.text;
      rank = with;
    }
  }
};

// A port is a number, or a number as text.
struct SaidPort {
  const Value* value = nullptr;
  unsigned rank = 0;

  void Say(unsigned with, const Value& said) {
    if (with > rank) {
      value = &said;
      rank = with;
    }
  }
};

// What the attributes of one span say.
struct Sayings {
  enum Family : unsigned { kDatabase = 1, kMessaging = 2, kRpc = 4, kHttp = 8 };
  unsigned families = 0;
  Said peer;
  Said database;    // db.system
  Said name_space;  // db.namespace
  Said queue_system;
  Said queue;
  Said rpc_service;
  Said rpc_method;
  Said host;
  Said url;
  Said address;
  SaidPort port;  // of the address with the same rank
  std::string_view component;
  bool passing_queue = false;  // made for one use: its name is no name of a node
  bool receives = false;       // takes from the queue

  void Say(const Attribute& attribute);

 private:
  void SayDatabase(std::string_view rest, const Value& value);
  void SayMessaging(std::string_view rest, const Value& value);
  void SayNet(std::string_view key, const Value& value);
};

// Sizes are compared before bytes; of a literal the compiler makes a few wide comparisons.
template <size_t N>
bool Is(std::string_view text, const char (&word)[N]) {
  return text.size() == N - 1 && std::memcmp(text.data(), word, N - 1) == 0;
}
template <size_t N>
bool Begins(std::string_view text, const char (&word)[N]) {
  return text.size() >= N - 1 && std::memcmp(text.data(), word, N - 1) == 0;
}

void Sayings::SayDatabase(std::string_view rest, const Value& value) {
  families |= kDatabase;
  if (Is(rest, "system.name"))
    database.Say(3, value);
  else if (Is(rest, "system"))
    database.Say(2, value);
  else if (Is(rest, "type"))
    database.Say(1, value);  // OpenTracing
  else if (Is(rest, "namespace"))
    name_space.Say(3, value);
  else if (Is(rest, "name"))
    name_space.Say(2, value);
  else if (Is(rest, "instance"))
    name_space.Say(1, value);  // OpenTracing
}

void Sayings::SayMessaging(std::string_view rest, const Value& value) {
  families |= kMessaging;
  if (Is(rest, "system"))
    queue_system.Say(1, value);
  else if (Is(rest, "destination.template"))
    queue.Say(4, value);
  else if (Is(rest, "destination.name"))
    queue.Say(3, value);
  else if (Is(rest, "destination"))
    queue.Say(2, value);
  else if (Is(rest, "destination.temporary") || Is(rest, "destination.anonymous") ||
           Is(rest, "temp_destination")) {
    passing_queue |= value.type == Value::Type::kBool && value.integer != 0;
  } else if (Is(rest, "operation.type") || Is(rest, "operation")) {
    receives |= value.type == Value::Type::kText &&
                (Is(value.text, "receive") || Is(value.text, "process"));
  }
}

// net.*, network.*: an address is the last resort, so it has places of its own.
void Sayings::SayNet(std::string_view key, const Value& value) {
  if (Is(key, "net.peer.name"))
    host.Say(4, value);
  else if (Is(key, "net.sock.peer.name"))
    host.Say(3, value);
  else if (Is(key, "network.peer.address"))
    address.Say(5, value);
  else if (Is(key, "network.peer.port"))
    port.Say(5, value);
  else if (Is(key, "net.sock.peer.addr"))
    address.Say(4, value);
  else if (Is(key, "net.sock.peer.port"))
    port.Say(4, value);
  else if (Is(key, "net.peer.ip"))
    address.Say(3, value);
  else if (Is(key, "net.peer.port"))
    port.Say(3, value);
}

void Sayings::Say(const Attribute& attribute) {
  const std::string_view key = attribute.key;
  const Value& value = attribute.value;
  if (key.size() < 4) return;
  switch (key[0]) {
    case 'd':
      if (Begins(key, "db.")) SayDatabase(key.substr(3), value);
      return;
    case 'm':
      if (Begins(key, "messaging.")) {
        SayMessaging(key.substr(10), value);
      } else if (Is(key, "message_bus.destination")) {  // OpenTracing
        families |= kMessaging;
        queue.Say(1, value);
      }
      return;
    case 'r':
      if (!Begins(key, "rpc.")) return;
      families |= kRpc;
      if (Is(key, "rpc.service"))
        rpc_service.Say(1, value);
      else if (Is(key, "rpc.method"))
        rpc_method.Say(1, value);
      return;
    case 'g':
      if (Begins(key, "grpc.")) families |= kRpc;
      return;
    case 'h':
      if (!Begins(key, "http.")) return;
      families |= kHttp;
      if (Is(key, "http.url"))
        url.Say(1, value);
      else if (Is(key, "http.host"))
        host.Say(1, value);
      return;
    case 'u':
      if (Is(key, "url.full")) {
        families |= kHttp;
        url.Say(2, value);
      }
      return;
    case 'n':
      if (Begins(key, "net")) SayNet(key, value);
      return;
    case 's':
      if (Is(key, "service.peer.name"))
        peer.Say(2, value);
      else if (Is(key, "server.address"))
        host.Say(5, value);
      return;
    case 'p':
      if (!Begins(key, "peer.")) return;
      if (Is(key, "peer.service"))
        peer.Say(1, value);
      else if (Is(key, "peer.hostname"))
        host.Say(2, value);  // these: OpenTracing
      else if (Is(key, "peer.ipv4"))
        address.Say(2, value);
      else if (Is(key, "peer.port"))
        port.Say(2, value);
      else if (Is(key, "peer.address"))
        address.Say(1, value);
      return;
    case 'c':
      if (Is(key, "component") && value.type == Value::Type::kText) component = value.text;
      return;
    default:
      return;
  }
}

constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// `word` is in lower case, `text` is taken so.
bool StandsAt(std::string_view text, size_t at, std::string_view word) {
  for (size_t i = 0; i < word.size(); ++i) {
    if (Lower(text[at + i]) != word[i]) return false;
  }
  return true;
}
bool Contains(std::string_view text, std::string_view word) {
  for (size_t at = 0; at + word.size() <= text.size(); ++at) {
    if (StandsAt(text, at, word)) return true;
  }
  return false;
}

bool IsCache(std::string_view system) {
  static constexpr std::string_view kCaches[] = {
      "redis",     "memcached",  "memcache",  "valkey",  "keydb",       "dragonfly", "garnet",
      "hazelcast", "infinispan", "coherence", "ehcache", "elasticache", "geode"};
  for (const std::string_view cache : kCaches) {
    if (system.size() == cache.size() && StandsAt(system, 0, cache)) return true;
  }
  return false;
}

// OpenTracing's libraries name themselves: "gRPC", "net/http", "java-redis", "okhttp".
Kind KindOfComponent(std::string_view component) {
  struct Part {
    std::string_view part;
    Kind kind;
  };
  static constexpr Part kParts[] = {
      {"grpc", Kind::kRpc},           {"http", Kind::kHttp},     {"thrift", Kind::kRpc},
      {"dubbo", Kind::kRpc},          {"redis", Kind::kCache},   {"memcache", Kind::kCache},
      {"sql", Kind::kDatabase},       {"jdbc", Kind::kDatabase}, {"mongo", Kind::kDatabase},
      {"cassandra", Kind::kDatabase}, {"kafka", Kind::kMessage}, {"rabbit", Kind::kMessage},
      {"jms", Kind::kMessage}};
  for (const Part& part : kParts) {
    if (Contains(component, part.part)) return part.kind;
  }
  return Kind::kUnknown;
}

Kind KindOf(const Span& span, const Sayings& said) {
  if (span.kind == SpanKind::kProducer || span.kind == SpanKind::kConsumer) return Kind::kMessage;
  // What a library is used for, before what it is made of: DynamoDB and SQS are called by RPC, RPC
  // goes by HTTP.
  if ((said.families & Sayings::kDatabase) != 0)
    return IsCache(said.database.text) ? Kind::kCache : Kind::kDatabase;
  if ((said.families & Sayings::kMessaging) != 0) return Kind::kMessage;
  if ((said.families & Sayings::kRpc) != 0) return Kind::kRpc;
  if (!said.component.empty()) {
    const Kind kind = KindOfComponent(said.component);
    if (kind != Kind::kUnknown) return kind;
  }
  return (said.families & Sayings::kHttp) != 0 ? Kind::kHttp : Kind::kUnknown;
}

// "cart:7070" -> "cart". Addresses of IPv6, with many colons, stay.
std::string_view WithoutPort(std::string_view host) {
  const size_t colon = host.find(':');
  if (colon == 0 || colon == host.npos ||
      host.find_first_not_of("0123456789", colon + 1) != host.npos)
    return host;
  return host.substr(0, colon);
}

// "https://user@shop.example:8443/cart?id=1" -> "shop.example"; empty where there is no host.
std::string_view HostOfUrl(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == url.npos) return {};
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  const size_t at = url.rfind('@');
  if (at != url.npos) url.remove_prefix(at + 1);
  if (url.starts_with('[')) {
    const size_t close = url.find(']');
    return close == url.npos ? std::string_view() : url.substr(1, close - 1);
  }
  return WithoutPort(url);
}

std::string_view HostOf(const Sayings& said) {
  if (said.host.rank >= 2) return WithoutPort(said.host.text);
  const std::string_view host = HostOfUrl(said.url.text);
  return host.empty() ? WithoutPort(said.host.text) : host;
}

bool IsNumber(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view Joined(std::string_view first, char between, std::string_view second,
                        std::string& scratch) {
  scratch.assign(first);
  scratch += between;
  scratch += second;
  return scratch;
}

// "postgresql/orders". Number and host of a database tell less than its name, an address nothing.
std::string_view DatabaseOf(const Sayings& said, std::string& scratch) {
  std::string_view name = said.name_space.text;
  if (name.empty() || IsNumber(name)) {  // redis numbers its databases
    const std::string_view host = HostOf(said);
    if (!host.empty()) name = host;
  }
  if (said.database.text.empty()) return name;
  if (name.empty()) return said.database.text;
  return Joined(said.database.text, '/', name, scratch);
}

// "kafka/orders".
std::string_view QueueOf(const Sayings& said, std::string& scratch) {
  std::string_view name = said.queue.text;
  if (said.passing_queue && said.queue.rank < 4) name = {};
  const std::string_view system = said.queue_system.text;
  if (name.empty()) name = HostOf(said);
  if (system.empty()) return name.empty() ? said.peer.text : name;  // Zipkin names the broker so
  if (name.empty()) return system;
  return Joined(system, '/', name, scratch);
}

// "shop.Cart" of "shop.Cart/AddItem".
std::string_view RpcServiceOf(const Sayings& said) {
  if (!said.rpc_service.text.empty()) return said.rpc_service.text;
  std::string_view method = said.rpc_method.text;
  if (method.starts_with('/')) method.remove_prefix(1);
  const size_t slash = method.rfind('/');
  return slash == method.npos ? std::string_view() : method.substr(0, slash);
}

// The address, with its port where it is told: the server's, so there are few.
std::string_view AddressOf(const Sayings& said, std::string& scratch) {
  const std::string_view address = said.address.text;
  if (address.empty() || said.port.rank != said.address.rank) return address;
  const Value& port = *said.port.value;
  if (port.type == Value::Type::kText && !port.text.empty())
    return Joined(address, ':', port.text, scratch);
  if (port.type != Value::Type::kInt || port.integer <= 0 || port.integer > 65535) return address;
  return Joined(address, ':', std::to_string(port.integer), scratch);  // short: no allocation
}

std::string_view PeerOf(const Sayings& said, Kind kind, std::string& scratch) {
  if (!said.peer.text.empty()) return said.peer.text;
  std::string_view peer;
  switch (kind) {
    case Kind::kDatabase:
    case Kind::kCache:
      peer = DatabaseOf(said, scratch);
      break;
    case Kind::kMessage:
      peer = QueueOf(said, scratch);
      break;
    case Kind::kRpc:
      peer = RpcServiceOf(said);
      break;
    default:
      break;
  }
  if (peer.empty()) peer = HostOf(said);
  if (peer.empty()) peer = AddressOf(said, scratch);
  return peer;
}

// Text of the attribute with the highest rank, as `rank_of(key)` gives it (0: another).
template <class RankOf>
std::string_view Highest(std::span<const Attribute> attributes, RankOf rank_of) {
  Said said;
  for (const Attribute& attribute : attributes) said.Say(rank_of(attribute.key), attribute.value);
  return said.text;
}

}  // namespace

Meaning MeaningOf(const Span& span, std::string& scratch) {
  if (span.kind == SpanKind::kInternal) return {Kind::kInternal, {}, false};
  Sayings said;
  for (const Attribute& attribute : span.attributes) said.Say(attribute);
  const Kind kind = KindOf(span, said);
  if (span.kind == SpanKind::kServer || span.kind == SpanKind::kUnspecified)
    return {kind, {}, false};
  const bool receives = span.kind == SpanKind::kClient && kind == Kind::kMessage && said.receives;
  if (receives || span.kind == SpanKind::kConsumer) return {kind, QueueOf(said, scratch), receives};
  return {kind, PeerOf(said, kind, scratch), false};
}

std::string_view InstanceOf(const Resource& resource) {
  return Highest(resource.attributes, [](std::string_view key) -> unsigned {
    if (Is(key, "k8s.pod.name")) return 5;
    if (Is(key, "service.instance.id")) return 4;
    if (Is(key, "host.name")) return 3;
    if (Is(key, "hostname")) return 2;  // Jaeger's clients
    return Is(key, "container.id") ? 1 : 0;
  });
}

Place PlaceOf(const Resource& resource) {
  Said cluster, zone, region, node;
  for (const Attribute& attribute : resource.attributes) {
    const std::string_view key = attribute.key;
    if (Is(key, "k8s.cluster.name"))
      cluster.Say(1, attribute.value);
    else if (Is(key, "cloud.availability_zone"))
      zone.Say(2, attribute.value);
    else if (Is(key, "cloud.zone"))
      zone.Say(1, attribute.value);  // before 1.0
    else if (Is(key, "cloud.region"))
      region.Say(1, attribute.value);
    else if (Is(key, "k8s.node.name"))
      node.Say(1, attribute.value);
  }
  return {cluster.text, zone.text, region.text, node.text};
}

float WeightOf(std::string_view trace_state) {
  while (!trace_state.empty()) {
    std::string_view member = trace_state.substr(0, trace_state.find(','));
    trace_state.remove_prefix(std::min(member.size() + 1, trace_state.size()));
    while (member.starts_with(' ') || member.starts_with('\t')) member.remove_prefix(1);
    if (!member.starts_with("ot=")) continue;
    member.remove_prefix(3);
    while (member.ends_with(' ') || member.ends_with('\t')) member.remove_suffix(1);
    while (!member.empty()) {
      std::string_view part = member.substr(0, member.find(';'));
      member.remove_prefix(std::min(part.size() + 1, member.size()));
      if (!part.starts_with("th:")) continue;
      part.remove_prefix(3);
      if (part.empty() || part.size() > 14) return 1;
      uint64_t threshold = 0;
      for (const char c : part) {
        const char digit = Lower(c);
        if (digit >= '0' && digit <= '9')
          threshold = threshold << 4 | static_cast<unsigned>(digit - '0');
        else if (digit >= 'a' && digit <= 'f')
          threshold = threshold << 4 | static_cast<unsigned>(digit - 'a' + 10);
        else
          return 1;
      }
      threshold <<= 4 * (14 - part.size());
      constexpr uint64_t kAll = uint64_t{1} << 56;
      return static_cast<float>(static_cast<double>(kAll) / static_cast<double>(kAll - threshold));
    }
  }
  return 1;
}

model::AttributeUse UseOf(std::string_view key) {
  using model::AttributeUse;
  constexpr std::string_view kNothing[] = {"span.kind",
                                           "error",
                                           "otel.status_code",
                                           "otel.status_description",
                                           "sampler.type",
                                           "sampler.param",
                                           "internal.span.format",
                                           "w3c.tracestate",
                                           "otel.scope.name",
                                           "otel.scope.version",
                                           "otel.library.name",
                                           "otel.library.version"};
  constexpr std::string_view kPath[] = {"http.url", "http.target", "url.full"};
  if (key.starts_with("plumbago.") || key.starts_with("telemetry.")) return AttributeUse::kNothing;
  if (std::find(std::begin(kNothing), std::end(kNothing), key) != std::end(kNothing)) {
    return AttributeUse::kNothing;
  }
  return std::find(std::begin(kPath), std::end(kPath), key) != std::end(kPath)
             ? AttributeUse::kPath
             : AttributeUse::kWhole;
}

}  // namespace plumbago::formats::spans
