#include "render/graph_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

namespace plumbago::render {
namespace {

using document::Cell;
using document::Unit;

document::Table Edges(std::vector<std::vector<Cell>> rows) {
  document::Table table;
  for (const char* id :
       {"caller", "callee", "kind", "calls", "errors", "p50", "p95", "p99", "self_total"}) {
    table.columns.push_back({id, id, Unit::kNone, ""});
  }
  table.rows = std::move(rows);
  return table;
}

std::vector<Cell> Row(std::string caller, std::string callee, std::string kind, int64_t calls,
                      Cell own = int64_t{100}) {
  return {std::move(caller), std::move(callee), std::move(kind), calls,         int64_t{1},
          int64_t{10},       int64_t{20},       int64_t{30},     std::move(own)};
}

document::Table Chain() {
  return Edges({Row("b", "c", "rpc", 2), Row("(outside)", "a", "http", 9), Row("a", "b", "rpc", 5),
                Row("c", "d \"<&>", "database", 7), Row("a", "x", "cache", 3, Cell())});
}

std::string Write(const FileGraph& graph, GraphFormat format) {
  std::string out;
  EXPECT_TRUE(WriteGraph(graph, format, [&](std::string_view text) -> Result<void> {
    out += text;
    return {};
  }));
  return out;
}

TEST(GraphFile, TheSameBytesForAnyOrderOfRows) {
  document::Table table = Chain();
  const std::string first = Write(FileGraph::Of(table), GraphFormat::kDot);
  std::mt19937 engine(3);
  for (int i = 0; i < 5; ++i) {
    std::shuffle(table.rows.begin(), table.rows.end(), engine);
    EXPECT_EQ(Write(FileGraph::Of(table), GraphFormat::kDot), first);
  }
  EXPECT_NE(first.find(R"("c" -> "d \"<&>" [kind="database", calls=7, errors=1, p50_ns=10)"),
            std::string::npos)
      << first;
}

TEST(GraphFile, KindsOfNodes) {
  const FileGraph graph = FileGraph::Of(Chain());
  const auto kind = [&](const char* name) { return graph.nodes[*graph.Find(name)].kind; };
  EXPECT_EQ(kind("(outside)"), "entry");
  EXPECT_EQ(kind("a"), "service");
  EXPECT_EQ(kind("x"), "cache");
  EXPECT_EQ(kind("d \"<&>"), "database");
}

TEST(GraphFile, FocusGoesBothWays) {
  const FileGraph graph = FileGraph::Of(Chain());
  const auto names = [](const FileGraph& part) {
    std::string out;
    for (const FileNode& node : part.nodes) out += node.name + " ";
    return out;
  };
  EXPECT_EQ(names(graph.Around(*graph.Find("b"), 1)), "a b c ");
  EXPECT_EQ(names(graph.Around(*graph.Find("b"), 2)), "(outside) a b c d \"<&> ");
  const FileGraph near = graph.Around(*graph.Find("b"), 1);
  EXPECT_EQ(near.edges.size(), 2u);
  // What is known of a service is of all its calls, not of those that are left.
  EXPECT_EQ(near.nodes[*near.Find("a")].calls, 9u);
  EXPECT_EQ(graph.Nearest("bb", 3).front(), "b");
}

TEST(GraphFile, JsonAndCsvHoldAllEdges) {
  const FileGraph graph = FileGraph::Of(Chain());
  const auto json = nlohmann::json::parse(Write(graph, GraphFormat::kJson));
  EXPECT_EQ(json["edges"].size(), 5u);
  EXPECT_EQ(json["edges"][2]["own_time_ns"], nullptr);
  EXPECT_EQ(json["nodes"].size(), graph.nodes.size());
  const std::string csv = Write(graph, GraphFormat::kCsv);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 6);
  EXPECT_NE(csv.find("c,\"d \"\"<&>\",database,7,1,10,20,30,100,database\n"), std::string::npos)
      << csv;
}

TEST(GraphFile, NamesThatLookAlikeKeepTheirOwnIds) {
  const FileGraph graph =
      FileGraph::Of(Edges({Row("\xFF", "b", "rpc", 1), Row("\xFE", "b", "rpc", 1)}));
  const std::string csv = Write(graph, GraphFormat::kCsv);
  EXPECT_NE(csv.find("\n\uFFFD,b"), std::string::npos) << csv;
  EXPECT_NE(csv.find("\n\uFFFD~2,b"), std::string::npos) << csv;
}

TEST(GraphFile, GraphMlHoldsNoCharacterThatXmlForbids) {
  const FileGraph graph =
      FileGraph::Of(Edges({Row("a\uFFFF", "b\uFFFE", "rpc", 1), Row("c\x01", "d", "rpc", 1)}));
  const std::string text = Write(graph, GraphFormat::kGraphMl);
  for (const char* forbidden : {"\uFFFE", "\uFFFF", "\x01"})
    EXPECT_EQ(text.find(forbidden), std::string::npos) << text;
}

TEST(GraphFile, LargestKeepsTheMostOwnTime) {
  document::Table table = Chain();
  table.rows[0][8] = int64_t{1000};
  const FileGraph part = FileGraph::Of(table).Largest(1);
  ASSERT_EQ(part.edges.size(), 1u);
  EXPECT_EQ(part.nodes[part.edges[0].caller].name, "b");
  EXPECT_EQ(Write(part, GraphFormat::kMermaid),
            "flowchart LR\n  n0[\"b\"]\n  n1[\"c\"]\n  n0 -->|\"2 × · p99 30 ns\"| n1\n");
}

}  // namespace
}  // namespace plumbago::render
