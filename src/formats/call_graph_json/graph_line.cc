#include "formats/call_graph_json/graph_line.h"

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>

#include "formats/alibaba/words.h"
#include "formats/csv/malformed.h"
#include "model/names.h"

namespace plumbago::formats::call_graph_json {
namespace {

using model::kNoNode;

enum Key : uint32_t { kService = 1, kType = 2, kNum = 4, kNodes = 8, kEdges = 16 };

uint64_t EdgeKey(const model::WholeEdge& edge) {
  uint64_t hash = (uint64_t{edge.caller} << 32 | edge.callee) * 0x9E3779B97F4A7C15ull;
  hash ^= hash >> 32;
  return (hash + static_cast<uint64_t>(edge.kind)) * 0xD6E8FEB86659FD93ull;
}

}  // namespace

model::Kind KindOf(std::string_view word) {
  return word == "internal" ? model::Kind::kInternal : alibaba::ParseKind(word);
}

std::string_view WordOf(model::Kind kind) {
  return kind == model::Kind::kInternal ? "internal" : alibaba::KindWord(kind);
}

GraphLine::Outcome GraphLine::Read(std::string_view line) {
  entry = {};
  traces = 1;
  group = 0;
  nodes.clear();
  edges.clear();
  raw_edges_.clear();
  seen_ = 0;
  too_long_ = false;
  JsonCursor json(line, &unescaped_);
  if (!ReadObject(json) || !json.End()) {
    if (too_long_) return Outcome::kTooLong;
    Refuse(json.column(), json.expected(), json.found());
    return Outcome::kMalformed;
  }
  return Link() ? Outcome::kGraph : Outcome::kMalformed;
}

bool GraphLine::ReadObject(JsonCursor& json) {
  if (!json.Take('{')) return false;
  if (!json.TakeIf('}')) {
    std::string_view key;
    do {
      if (!json.String(key) || !json.Take(':') || !ReadKey(json, key)) return false;
    } while (json.TakeIf(','));
    if (!json.Take('}')) return false;
  }
  if ((seen_ & kNodes) == 0) return json.Fail("a key \"nodes\" in the object");
  if ((seen_ & kEdges) == 0) return json.Fail("a key \"edges\" in the object");
  return true;
}

bool GraphLine::Once(JsonCursor& json, uint32_t bit) {
  if ((seen_ & bit) != 0) return json.Fail("no key twice");
  seen_ |= bit;
  return true;
}

bool GraphLine::ReadKey(JsonCursor& json, std::string_view key) {
  if (key == "nodes") return Once(json, kNodes) && ReadNodes(json);
  if (key == "edges") return Once(json, kEdges) && ReadEdges(json);
  if (key == "num") {
    if (!Once(json, kNum) || !json.Uint(kMostTraces, traces)) return false;
    return traces > 0 || json.Fail("at least one trace before this");
  }
  if (key == "service") {
    if (!Once(json, kService)) return false;
    if (json.TakeNull()) return true;
    if (!json.String(entry)) return false;
    too_long_ = entry.size() > kMostNameBytes;
    return !too_long_ || json.Fail("a shorter name");
  }
  if (key == "type") {
    if (!Once(json, kType)) return false;
    if (json.TakeNull()) return true;
    uint64_t number = 0;
    if (!json.Uint(kMostGroup, number)) return false;
    group = static_cast<uint32_t>(number) + 1;
    return true;
  }
  return json.Skip();
}

bool GraphLine::ReadNodes(JsonCursor& json) {
  if (!json.Take('[')) return false;
  if (json.TakeIf(']')) return true;
  do {
    GraphNode node;
    if (!json.Take('[') || !json.String(node.name)) return false;
    if (node.name.empty()) return json.Fail("a name before this");
    if (json.TakeIf(',') && !json.TakeNull() && !json.String(node.label)) return false;
    while (json.TakeIf(',')) {
      if (!json.Skip()) return false;
    }
    if (!json.Take(']')) return false;
    too_long_ = nodes.size() == model::kMostGraphParts || node.name.size() > kMostNameBytes ||
                node.label.size() > kMostNameBytes;
    if (too_long_) return json.Fail("fewer nodes, or shorter names");
    nodes.push_back(node);
  } while (json.TakeIf(','));
  return json.Take(']');
}

bool GraphLine::ReadEdges(JsonCursor& json) {
  if (!json.Take('[')) return false;
  if (json.TakeIf(']')) return true;
  do {
    RawEdge edge;
    uint64_t calls = 1;
    std::string_view kind;
    if (!json.Take('[')) return false;
    json.Peek();
    edge.column = json.column_here();
    if (!json.TakeNull() && !json.String(edge.caller)) return false;
    if (!json.Take(',') || (!json.TakeNull() && !json.String(edge.callee))) return false;
    if (json.TakeIf(',')) {
      if (!json.Uint(kMostCalls, calls)) return false;
      if (calls == 0) return json.Fail("at least one call before this");
      if (json.TakeIf(',') && !json.TakeNull() && !json.String(kind)) return false;
      while (json.TakeIf(',')) {
        if (!json.Skip()) return false;
      }
    }
    if (!json.Take(']')) return false;
    too_long_ = raw_edges_.size() == model::kMostGraphParts;
    if (too_long_) return json.Fail("fewer edges");
    edge.calls = static_cast<uint32_t>(calls);
    edge.kind = KindOf(kind);
    raw_edges_.push_back(edge);
  } while (json.TakeIf(','));
  return json.Take(']');
}

void GraphLine::NewTable(size_t entries) {
  const size_t slots = std::bit_ceil(std::max<size_t>(2 * entries, 16));
  if (slots > slots_.size()) slots_.assign(slots, {});
  ++generation_;
}

uint32_t GraphLine::FindNode(std::string_view name, uint64_t hash) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask; slots_[at].generation == generation_; at = (at + 1) & mask) {
    if (slots_[at].key == hash && nodes[slots_[at].index].name == name) return slots_[at].index;
  }
  return kNoNode;
}

bool GraphLine::Refuse(uint64_t column, const char* why, std::string_view found) {
  fault_column_ = column;
  expected_ = why;
  found_ = found;
  return false;
}

// From names to numbers.
bool GraphLine::Link() {
  if (generation_ > UINT32_MAX - 4) {
    slots_.clear();
    generation_ = 0;
  }
  NewTable(nodes.size());
  size_t kept = 0;
  for (size_t i = 0; i < nodes.size(); ++i) {
    GraphNode node = nodes[i];
    node.hash = model::NameTable::HashText(node.name);
    if (FindNode(node.name, node.hash) != kNoNode) continue;
    nodes[kept] = node;
    size_t at = node.hash & (slots_.size() - 1);
    while (slots_[at].generation == generation_) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {generation_, static_cast<uint32_t>(kept++), node.hash};
  }
  nodes.resize(kept);
  uint64_t calls = 0;
  for (const RawEdge& raw : raw_edges_) {
    model::WholeEdge edge{kNoNode, kNoNode, raw.calls, raw.kind};
    for (const auto& [name, end] :
         {std::pair(raw.caller, &edge.caller), std::pair(raw.callee, &edge.callee)}) {
      if (name.empty()) continue;
      *end = FindNode(name, model::NameTable::HashText(name));
      if (*end == kNoNode) {
        return Refuse(raw.column, "ends of an edge that are among the nodes", name);
      }
    }
    edges.push_back(edge);
    calls += raw.calls;
  }
  if (calls > kMostWeight / traces) {
    return Refuse(1, "fewer calls in fewer traces, at most 1e14 in all", "more");
  }
  LeaveOutUser();

  NewTable(edges.size());
  kept = 0;
  const size_t mask = slots_.size() - 1;
  for (size_t i = 0; i < edges.size(); ++i) {
    const model::WholeEdge edge = edges[i];
    const uint64_t key = EdgeKey(edge);
    size_t at = key >> 32 & mask;
    bool joined = false;
    for (; slots_[at].generation == generation_; at = (at + 1) & mask) {
      model::WholeEdge& other = edges[slots_[at].index];
      if (slots_[at].key != key || other.caller != edge.caller || other.callee != edge.callee ||
          other.kind != edge.kind) {
        continue;
      }
      const uint64_t sum = uint64_t{other.calls} + edge.calls;
      other.calls = static_cast<uint32_t>(std::min<uint64_t>(sum, kMostCalls));
      joined = true;
      break;
    }
    if (joined) continue;
    slots_[at] = {generation_, static_cast<uint32_t>(kept), key};
    edges[kept++] = edge;
  }
  edges.resize(kept);
  return true;
}

void GraphLine::LeaveOutUser() {
  const uint32_t user = FindNode(kUser, model::NameTable::HashText(kUser));
  if (user == kNoNode) return;
  for (const model::WholeEdge& edge : edges) {
    if (edge.callee == user) return;  // a service that is named so
  }
  nodes.erase(nodes.begin() + user);
  for (model::WholeEdge& edge : edges) {
    for (uint32_t* end : {&edge.caller, &edge.callee}) {
      if (*end == user) {
        *end = kNoNode;
      } else if (*end != kNoNode && *end > user) {
        --*end;
      }
    }
  }
}

model::TraceId GraphLine::Id() {
  words_.clear();
  const auto put = [&](uint64_t value) { words_.push_back(value); };
  put(model::NameTable::HashText(entry));
  put(traces);
  put(uint64_t{group} << 32 | nodes.size());
  for (const GraphNode& node : nodes) {
    put(node.hash);
    put(model::NameTable::HashText(node.label));
  }
  for (const model::WholeEdge& edge : edges) {
    put(uint64_t{edge.caller} << 32 | edge.callee);
    put(uint64_t{edge.calls} << 8 | static_cast<uint64_t>(edge.kind));
  }
  const XXH128_hash_t hash = XXH3_128bits(words_.data(), words_.size() * sizeof(uint64_t));
  return {hash.high64, hash.low64, model::TraceForm::kHex32};
}

GraphLine::Fault GraphLine::fault() const {
  const std::string shown = csv::Shown(found_, 24);
  return {fault_column_, fmt::format("expected {}, found {}", expected_,
                                     shown.empty() ? "the end of the line" : "'" + shown + "'")};
}

}  // namespace plumbago::formats::call_graph_json
