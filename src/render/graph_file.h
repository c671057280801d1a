// The dependency graph as a file for other programs: all edges, with what is known of each.
//
// A node's id is its name (made printable; a second node of the same id gets "~2"), so ids are the
// same in every file of the same services. Nodes come in the order of their ids, edges in that of
// caller, callee and kind: the same graph gives the same bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "document/document.h"

namespace plumbago::render {

enum class GraphFormat : uint8_t { kDot, kGraphMl, kCsv, kJson, kMermaid };
// "dot", "graphml", "csv", "json", "mermaid".
std::optional<GraphFormat> GraphFormatOf(std::string_view name);

// A renderer of Mermaid draws so many edges and no more without being told to.
inline constexpr size_t kMermaidEdges = 500;

struct FileNode {
  std::string name;
  std::string kind;        // "entry", "service", "database", "cache"
  uint64_t calls = 0;      // to it
  double own_time_ns = 0;  // in all calls to it
};
struct FileEdge {
  size_t caller = 0, callee = 0;  // indices of nodes
  std::string kind;               // rpc, http, ...
  uint64_t calls = 0, errors = 0;
  std::optional<double> p50_ns, p95_ns, p99_ns;
  std::optional<double> own_time_ns;  // of the callee in these calls
};

struct FileGraph {
  std::vector<FileNode> nodes;
  std::vector<FileEdge> edges;

  // From the table of edges (columns by id: caller, callee, kind, calls, errors, p50, p95, p99,
  // self_total). Nodes by name, edges by caller, callee, kind.
  static FileGraph Of(const document::Table& table);

  // What is at most `hops` calls above or below the node, and all edges between.
  FileGraph Around(size_t node, size_t hops) const;
  std::optional<size_t> Find(std::string_view name) const;
  // Names that may have been meant: that contain `text`, or are a few letters away; nearest first.
  std::vector<std::string> Nearest(std::string_view text, size_t most) const;
  // The edges with most own time alone, and their nodes.
  FileGraph Largest(size_t edges) const;
};

// In pieces of about 64 kB. Errors: those of `put`.
using PutText = std::function<Result<void>(std::string_view text)>;
Result<void> WriteGraph(const FileGraph& graph, GraphFormat format, const PutText& put);

// The same where the edges are too many to be held: they are asked for once, and come in order.
using TakeEdge = std::function<Result<void>(const FileEdge& edge)>;
using VisitEdges = std::function<Result<void>(const TakeEdge& take)>;
Result<void> WriteGraph(const std::vector<FileNode>& nodes, const VisitEdges& edges,
                        GraphFormat format, const PutText& put);

// "entry", "database", "cache" or "service", by the calls to it: all of them, those to it as a
// database, as a cache.
const char* NodeKind(std::string_view name, uint64_t calls, uint64_t database, uint64_t cache);

}  // namespace plumbago::render
