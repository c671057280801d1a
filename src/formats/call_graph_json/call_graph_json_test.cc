#include "formats/call_graph_json/call_graph_json.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "formats/testing/decoded_graphs.h"
#include "formats/testing/sample_data.h"

namespace plumbago::formats::call_graph_json {
namespace {

using model::Kind;
using model::kNoNode;
using testing::DecodedGraphs;
using testing::PlainGraph;

const CallGraphJson kFormat;

DecodedGraphs Decode(std::string_view text, size_t block_bytes = 1u << 20) {
  return testing::DecodeGraphs(kFormat, text, block_bytes);
}
PlainGraph One(std::string_view line) {
  const DecodedGraphs decoded = Decode(line);
  EXPECT_EQ(decoded.graphs.size(), 1u) << line << ": " << decoded.example;
  return decoded.graphs.size() == 1 ? decoded.graphs[0] : PlainGraph{};
}

const char* const kLine =
    R"({"service":"S_1","type":0,"graph":1,"num":18,"nodes":[["cache.1","Memcached"],)"
    R"(["gate","normal"],["USER","relay"]],"edges":[["gate","cache.1",2,"mc"],)"
    R"(["USER","gate",1,"http"]]})";

TEST(CallGraphJson, ReadsAGraph) {
  const PlainGraph graph = One(kLine);
  EXPECT_EQ(graph.entry, "S_1");
  EXPECT_EQ(graph.traces, 18u);
  EXPECT_EQ(graph.group, 1u);
  // The user is no service.
  EXPECT_EQ(graph.nodes, (std::vector<std::pair<std::string, std::string>>{{"cache.1", "Memcached"},
                                                                           {"gate", "normal"}}));
  EXPECT_EQ(graph.edges,
            (std::vector<PlainGraph::Edge>{{1, 0, 2, Kind::kCache}, {kNoNode, 1, 1, Kind::kHttp}}));
}

TEST(CallGraphJson, WhatMayBeMissing) {
  const PlainGraph graph = One(R"( {"edges":[["a","b"]] , "more":{"x":[1,-2.5e3,null,true]},)"
                               R"("nodes":[["a"],["b",null,7]]} )");
  EXPECT_EQ(graph.entry, "");
  EXPECT_EQ(graph.traces, 1u);
  EXPECT_EQ(graph.group, 0u);
  EXPECT_EQ(graph.edges, (std::vector<PlainGraph::Edge>{{0, 1, 1, Kind::kUnknown}}));
  const PlainGraph ends = One(R"({"nodes":[["a"]],"edges":[[null,"a",3,"rpc"],["a",null]]})");
  EXPECT_EQ(ends.edges, (std::vector<PlainGraph::Edge>{{kNoNode, 0, 3, Kind::kRpc},
                                                       {0, kNoNode, 1, Kind::kUnknown}}));
  EXPECT_EQ(One(R"({"nodes":[],"edges":[]})").nodes.size(), 0u);
}

TEST(CallGraphJson, KindsAndTexts) {
  const PlainGraph graph =
      One(R"({"nodes":[["a\"\u00e9\ud83d\ude00"],["b"]],"edges":[["a\"é😀","b",1,"rpc"],)"
          R"(["b","b",1,"mq"],["b","b",1,"db"],["b","b",1,"internal"],["b","b",1,"own"]]})");
  EXPECT_EQ(graph.nodes[0].first, "a\"é😀");
  std::vector<Kind> kinds;
  for (const auto& edge : graph.edges) kinds.push_back(edge.kind);
  EXPECT_EQ(kinds, (std::vector<Kind>{Kind::kRpc, Kind::kMessage, Kind::kDatabase, Kind::kInternal,
                                      Kind::kOther}));
}

TEST(CallGraphJson, SaidTwiceIsOne) {
  const PlainGraph graph =
      One(R"({"nodes":[["a","x"],["b"],["a","y"]],"edges":[["a","b",1,"rpc"],["a","b",2,"rpc"],)"
          R"(["a","b",1,"http"],["a","a",1,"rpc"]]})");
  EXPECT_EQ(graph.nodes.size(), 2u);
  EXPECT_EQ(graph.nodes[0].second, "x");
  EXPECT_EQ(graph.edges,
            (std::vector<PlainGraph::Edge>{
                {0, 1, 3, Kind::kRpc}, {0, 1, 1, Kind::kHttp}, {0, 0, 1, Kind::kRpc}}));
}

TEST(CallGraphJson, AServiceMayBeCalledUser) {
  const PlainGraph graph =
      One(R"({"nodes":[["USER"],["b"]],"edges":[["b","USER"],["USER","b"],[null,"b"]]})");
  EXPECT_EQ(graph.nodes.size(), 2u);
  EXPECT_EQ(graph.edges[2].caller, kNoNode);
}

struct Bad {
  const char* line;
  uint64_t column;
  const char* text;
};

TEST(CallGraphJson, MalformedLines) {
  for (const Bad& bad : std::vector<Bad>{
           {R"([1])", 1, "expected {, found '[1]'"},
           {R"({"nodes":[]})", 13,
            R"(expected a key "edges" in the object, found the end of the line)"},
           {R"({"nodes":[],"edges":[]} x)", 25, "expected the end of the line, found 'x'"},
           {R"({"nodes":[["a"],"edges":[]})", 17, "expected [, found '\"edges\":[]}'"},
           {R"({"nodes":[[""]],"edges":[]})", 14,
            "expected a name before this, found ']],\"edges\":[]}'"},
           {R"({"nodes":[],"edges":[["a","b",1,"rpc"]]})", 23,
            "expected ends of an edge that are among the nodes, found 'a'"},
           {R"({"num":0,"nodes":[],"edges":[]})", 9,
            "expected at least one trace before this, found ',\"nodes\":[],\"edges\":[]}'"},
           {R"({"num":-1,"nodes":[],"edges":[]})", 8,
            "expected a whole number, found '-1,\"nodes\":[],\"edges\":[]...'"},
           {R"({"num":1.5,"nodes":[],"edges":[]})", 8,
            "expected a whole number, found '1.5,\"nodes\":[],\"edges\":[...'"},
           {R"({"num":01,"nodes":[],"edges":[]})", 8,
            "expected a number without zeros before it, found '01,\"nodes\":[],\"edges\":[]...'"},
           {R"({"num":1,"num":2,"nodes":[],"edges":[]})", 16,
            "expected no key twice, found '2,\"nodes\":[],\"edges\":[]}'"},
           {R"({"nodes":[["a"]],"edges":[["a","a",0]]})", 37,
            "expected at least one call before this, found ']]}'"},
           {R"({"nodes":[["a\q"]],"edges":[]})", 14,
            "expected an escape of JSON, found '\\q\"]],\"edges\":[]}'"},
           {R"({"nodes":[["a)", 14, "expected the end of a text, found the end of the line"},
           {"{\"nodes\":[[\"a\x01\"]],\"edges\":[]}", 14,
            "expected valid UTF-8 without control characters, found '\\x01\"]],\"edges\":[]}'"},
           {"{\"nodes\":[[\"\xff\"]],\"edges\":[]}", 13,
            "expected valid UTF-8 without control characters, found '\\xff\"]],\"edges\":[]}'"},
           {R"({"num":1000000000000,"nodes":[["a"]],"edges":[["a","a",1000]]})", 1,
            "expected fewer calls in fewer traces, at most 1e14 in all, found 'more'"},
       }) {
    // Between good lines, so that one bad line costs itself.
    const DecodedGraphs decoded =
        Decode(std::string(kLine) + "\n" + bad.line + "\n\r\n" + kLine + "\n");
    EXPECT_EQ(decoded.graphs.size(), 2u) << bad.line;
    EXPECT_EQ(decoded.malformed, 1u) << bad.line;
    EXPECT_EQ(decoded.example, bad.text) << bad.line;
    EXPECT_EQ(decoded.example_line, 2u) << bad.line;
    EXPECT_EQ(decoded.example_column, bad.column) << bad.line;
    EXPECT_EQ(decoded.lines, 4u) << bad.line;
  }
}

TEST(CallGraphJson, TooLargeIsCountedAsTooLong) {
  const auto with_nodes = [](size_t nodes) {
    std::string line = R"({"nodes":[)";
    for (size_t i = 0; i < nodes; ++i) line += fmt::format("{}[\"n{}\"]", i == 0 ? "" : ",", i);
    return line + R"(],"edges":[]})" + "\n";
  };
  EXPECT_EQ(Decode(with_nodes(model::kMostGraphParts)).graphs.size(), 1u);
  const DecodedGraphs decoded = Decode(with_nodes(model::kMostGraphParts + 1) + kLine);
  EXPECT_EQ(decoded.graphs.size(), 1u);
  EXPECT_EQ(decoded.malformed, 0u);
  EXPECT_EQ(decoded.too_long, 1u);
}

TEST(CallGraphJson, Sniffs) {
  EXPECT_EQ(kFormat.Sniff(kLine, ""), Match::kYes);
  EXPECT_EQ(kFormat.Sniff(std::string("\xEF\xBB\xBF\n \n") + kLine + "\n", ""), Match::kYes);
  EXPECT_EQ(kFormat.Sniff(std::string_view(kLine).substr(0, 90), ""), Match::kMaybe);
  for (const std::string_view other :
       {"", "a,b\n", "{}", R"({"resourceSpans":[]})", R"({"data":[{"spans":[]}]})", "[1]"}) {
    EXPECT_EQ(kFormat.Sniff(other, ""), Match::kNo) << other;
  }
}

TEST(CallGraphJson, WritesAsItReads) {
  // Our own line: as it was written.
  const std::string own =
      R"({"service":"S_1","type":0,"num":18,"nodes":[["cache.1","Memcached"],["gate","normal"],)"
      R"(["USER","relay"]],"edges":[["gate","cache.1",2,"mc"],["USER","gate",1,"http"]]})"
      "\n";
  EXPECT_EQ(Decode(own).written, own);
  EXPECT_EQ(Decode(kLine).written, own);
  const std::string user =
      R"({"service":null,"num":1,"nodes":[["USER",""]],"edges":[["USER","USER",1,"rpc"],)"
      R"([null,"USER",1,"internal"]]})"
      "\n";
  EXPECT_EQ(Decode(user).written, user);
}

// Random graphs: in blocks as in whole; written and read again the same, id and all.
TEST(CallGraphJson, RandomGraphsComeBack) {
  std::mt19937 random(5);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
  const std::vector<std::string> names = {"a", "b", "c\\n", "d\\u0041", "USER", "é", "UNKNOWN"};
  const std::vector<std::string> kinds = {"rpc", "http", "mq", "db", "mc", "internal", "x", ""};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    size_t lines = below(12), bad = 0;
    for (size_t i = 0; i < lines; ++i) {
      std::string nodes, edges;
      std::vector<std::string> of;
      for (uint32_t k = below(6); k > 0; --k) of.push_back(names[random() % names.size()]);
      for (const std::string& name : of) {
        nodes += fmt::format("{}[\"{}\",\"{}\"]", nodes.empty() ? "" : ",", name, below(3));
      }
      for (uint32_t k = of.empty() ? 0 : below(9); k > 0; --k) {
        const auto end = [&] {
          return below(6) == 0 ? "null" : "\"" + of[below(static_cast<uint32_t>(of.size()))] + "\"";
        };
        edges += fmt::format("{}[{},{},{},\"{}\"]", edges.empty() ? "" : ",", end(), end(),
                             1 + below(4), kinds[random() % kinds.size()]);
      }
      std::string line = fmt::format(R"({{"service":"S{}","num":{},"nodes":[{}],"edges":[{}]}})",
                                     below(4), 1 + below(9), nodes, edges);
      if (below(8) == 0) {
        line.resize(1 + below(static_cast<uint32_t>(line.size() - 1)));
        ++bad;
      }
      text += line + "\n";
    }
    DecodedGraphs whole = Decode(text);
    EXPECT_EQ(whole.graphs.size() + whole.malformed, lines);
    EXPECT_EQ(whole.malformed, bad);
    const DecodedGraphs cut = Decode(text, 1 + below(200));
    EXPECT_EQ(whole.graphs, cut.graphs);
    EXPECT_EQ(whole.example, cut.example);
    EXPECT_EQ(whole.example_line, cut.example_line);
    DecodedGraphs again = Decode(whole.written);
    EXPECT_EQ(again.malformed, 0u) << again.example << whole.written;
    EXPECT_EQ(again.written, whole.written);
    ASSERT_EQ(again.graphs.size(), whole.graphs.size());
    for (size_t i = 0; i < again.graphs.size(); ++i) {
      again.graphs[i].line = whole.graphs[i].line;
      EXPECT_EQ(again.graphs[i], whole.graphs[i]) << text;
    }
  }
}

// What facts say of DGG's set: every line is a graph, and these are its numbers.
TEST(CallGraphJson, ReadsAllOfDgg) {
  PLUMBAGO_SAMPLE_OR_SKIP(text, "2022-DGG-callgraph-variants.ndjson.zst");
  const DecodedGraphs decoded = Decode(text);
  EXPECT_EQ(decoded.graphs.size(), 65'142u);
  EXPECT_EQ(decoded.malformed + decoded.too_long, 0u) << decoded.example;
  uint64_t traces = 0;
  std::set<std::string> services;
  std::set<std::string> ids;
  for (const PlainGraph& graph : decoded.graphs) {
    traces += graph.traces;
    services.insert(graph.entry);
    ids.insert(graph.id);
    EXPECT_EQ(std::count_if(graph.edges.begin(), graph.edges.end(),
                            [](const auto& edge) { return edge.caller == kNoNode; }),
              1)
        << "the user calls one service";
  }
  EXPECT_EQ(traces, 105'509'911u);
  EXPECT_EQ(services.size(), 1334u);
  // What stands there twice, to the number of traces.
  EXPECT_GT(ids.size(), 65'000u);
  DecodedGraphs again = Decode(decoded.written);
  EXPECT_EQ(again.graphs, decoded.graphs);
}

}  // namespace
}  // namespace plumbago::formats::call_graph_json
