// The dependency graph as it is exported: services by name, all edges, and what is known of each.
//
// Nodes come in the order of their names, edges in that of caller, callee and kind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/document.h"

namespace plumbago::render {

// Kind of an edge that is no call: span links across traces. Its `calls` are links, its times those
// from the end of the one span to the start of the other.
inline constexpr std::string_view kLinkKind = "link";

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

 private:
  // The kept nodes, and those of the edges, which are between them.
  FileGraph Part(const std::vector<bool>& kept, const std::vector<size_t>& which) const;
};

// "entry", "database", "cache" or "service", by the calls to it: all of them, those to it as a
// database, as a cache.
const char* NodeKind(std::string_view name, uint64_t calls, uint64_t database, uint64_t cache);

}  // namespace plumbago::render
