// One line of the format as it stands: texts, and edges between numbered nodes. What a decoder and
// the sniffing read it with.
//
// Nodes that are named twice are one, with the first one's label; edges that are (same ends, same
// kind) are one, their calls added. A node USER that nothing calls is no service but the user: it
// is left out, its calls come from outside (model::kNoNode).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/call_graph_json/json_cursor.h"
#include "model/whole_graph.h"

namespace plumbago::formats::call_graph_json {

inline constexpr std::string_view kUser = "USER";
inline constexpr uint64_t kMostTraces = 1'000'000'000'000;    // of a line
inline constexpr uint64_t kMostCalls = 1'000'000'000;         // of an edge
inline constexpr uint64_t kMostWeight = 100'000'000'000'000;  // traces x calls, of a line
inline constexpr uint64_t kMostGroup = 1'000'000;
inline constexpr size_t kMostNameBytes = 32u << 10;

struct GraphNode {
  std::string_view name, label;
  uint64_t hash = 0;  // NameTable::HashText(name)
};

// Working memory of one thread; what it points to lives as long as the line.
class GraphLine {
 public:
  enum class Outcome : uint8_t { kGraph, kMalformed, kTooLong };

  // What is wrong is said by fault().
  Outcome Read(std::string_view line);

  std::string_view entry;  // empty: not told
  uint64_t traces = 1;
  uint32_t group = 0;  // plus one; 0: none
  std::vector<GraphNode> nodes;
  std::vector<model::WholeEdge> edges;

  // Of the content alone: the same for the same graph in any file.
  model::TraceId Id();

  struct Fault {
    uint64_t column = 0;
    std::string text;
  };
  // Of the line that was read last.
  Fault fault() const;

 private:
  struct RawEdge {
    std::string_view caller, callee;
    uint64_t column = 0;
    uint32_t calls = 1;
    model::Kind kind = model::Kind::kUnknown;
  };
  // Open addressing; a slot is free unless it carries the current generation.
  struct Slot {
    uint32_t generation = 0;
    uint32_t index = 0;
    uint64_t key = 0;
  };

  bool ReadObject(JsonCursor& json);
  bool ReadKey(JsonCursor& json, std::string_view key);
  bool ReadNodes(JsonCursor& json);
  bool ReadEdges(JsonCursor& json);
  bool Once(JsonCursor& json, uint32_t bit);
  bool Link();
  bool Refuse(uint64_t column, const char* why, std::string_view found);
  void LeaveOutUser();
  void NewTable(size_t entries);
  // Index of a node; kNoNode: there is none.
  uint32_t FindNode(std::string_view name, uint64_t hash) const;

  std::string unescaped_;
  std::vector<RawEdge> raw_edges_;
  std::vector<Slot> slots_;
  std::vector<uint64_t> words_;  // what Id is made of
  uint32_t generation_ = 0;
  uint32_t seen_ = 0;  // keys, as bits
  bool too_long_ = false;
  uint64_t fault_column_ = 0;
  const char* expected_ = "";
  std::string_view found_;
};

// The kinds by their words: those of Alibaba's releases, and "internal".
model::Kind KindOf(std::string_view word);
std::string_view WordOf(model::Kind kind);

}  // namespace plumbago::formats::call_graph_json
