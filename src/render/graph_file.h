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
#include "render/file_graph.h"
#include "render/pieces.h"

namespace plumbago::render {

enum class GraphFormat : uint8_t { kDot, kGraphMl, kCsv, kJson, kMermaid };
// "dot", "graphml", "csv", "json", "mermaid".
std::optional<GraphFormat> GraphFormatOf(std::string_view name);

// A renderer of Mermaid draws so many edges and no more without being told to.
inline constexpr size_t kMermaidEdges = 500;

// In pieces of about 64 kB. Errors: those of `put`.
Result<void> WriteGraph(const FileGraph& graph, GraphFormat format, const PutText& put);

// The same where the edges are too many to be held: they are asked for once, and come in order.
using TakeEdge = std::function<Result<void>(const FileEdge& edge)>;
using VisitEdges = std::function<Result<void>(const TakeEdge& take)>;
Result<void> WriteGraph(const std::vector<FileNode>& nodes, const VisitEdges& edges,
                        GraphFormat format, const PutText& put);

}  // namespace plumbago::render
