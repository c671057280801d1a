// Whole call graphs through the engine: traces become graphs that say the same, graphs come back,
// and DGG's set gives the numbers that are known of it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/testing/dice.h"
#include "base/output_file.h"
#include "document/testing/report_text.h"
#include "engine/characterise.h"
#include "engine/convert.h"
#include "engine/testing/made_traces.h"
#include "engine/trace_walk.h"
#include "formats/format.h"
#include "formats/testing/sample_data.h"
#include "graph/whole_graph_builder.h"
#include "statistics/count_histogram.h"

namespace plumbago::engine {
namespace {

namespace fs = std::filesystem;
using statistics::CountHistogram;

class CallGraphs : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "call-graphs-" + std::to_string(getpid());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Save(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << text;
    return path;
  }
  // Converts to `to`; the path of what was written.
  std::string ToFormat(const std::vector<std::string>& inputs, const std::string& name,
                       std::optional<graph::RepairMode> repair = {}, unsigned threads = 2,
                       const char* to = "call-graph-json") {
    ConvertOptions options;
    options.read.inputs = inputs;
    options.read.threads = threads;
    options.repair = repair;
    options.to = *formats::FindFormat(to);
    const std::string path = folder_ + "/" + name;
    auto out = OutputFile::Open(path);
    const auto done = Convert(options, **out);
    if (!done) {
      error_ = done.error().kind;
      return "";
    }
    EXPECT_TRUE((*out)->Commit());
    return path;
  }
  static std::string Load(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  static document::Document Analyse(const std::string& path, graph::RepairMode mode,
                                    bool bounded = false) {
    CharacteriseOptions options;
    options.read.inputs = {path};
    options.read.threads = 2;
    options.mode = mode;
    options.only = {"scale", "graph-size", "paradigms", "shape",
                    "edges", "variants",   "cycles",    "parallelism"};
    if (bounded) options.table_rows = 20;
    auto done = Characterise(options);
    EXPECT_TRUE(done) << done.error().Text();
    return done ? std::move(done->document) : document::Document{};
  }
  using Values = std::map<std::string, std::optional<double>>;
  static Values Of(const document::Document& document) {
    Values values;
    for (const document::Section& section : document.sections) {
      for (const document::Headline& headline : section.headline) {
        values[section.id + "." + headline.name] = headline.value;
      }
    }
    return values;
  }

  std::string folder_;
  ErrorKind error_ = ErrorKind::kInternal;
};

// What graphs can say of traces, they say: the same numbers.
TEST_F(CallGraphs, OfTracesSayWhatTheTracesSay) {
  for (const bool of_2021 : {true, false}) {
    Dice dice(of_2021 ? 3 : 4);
    const testing::MadeTraces made = testing::TraceMaker(dice, of_2021, 60'000).Make(300);
    const std::string traces = Save("traces.csv", made.File());
    for (const graph::RepairMode mode :
         {graph::RepairMode::kNone, graph::RepairMode::kAccurate, graph::RepairMode::kRebuild}) {
      const std::string graphs = ToFormat({traces}, "graphs.ndjson", mode);
      const Values expected = Of(Analyse(traces, mode));
      const Values found = Of(Analyse(graphs, graph::RepairMode::kRebuild));
      for (const char* name :
           {"scale.traces", "scale.calls", "scale.services", "scale.stateful_services",
            "scale.edges", "graph-size.services_mean", "graph-size.services_p99",
            "graph-size.services_above_40", "graph-size.calls_mean", "graph-size.calls_p50",
            "graph-size.calls_max", "paradigms.rpc", "paradigms.message", "paradigms.cache",
            "paradigms.stateless_calls", "shape.one_caller", "shape.fan_out_5",
            "cycles.self_calls"}) {
        ASSERT_TRUE(expected.contains(name)) << name;
        const std::string which = std::string(name) + (of_2021 ? " 2021" : " 2022");
        ASSERT_EQ(found.at(name).has_value(), expected.at(name).has_value()) << which;
        EXPECT_NEAR(found.at(name).value_or(0), expected.at(name).value_or(0), 1e-12) << which;
      }
      EXPECT_GT(found.at("scale.calls").value_or(0), 500);
      EXPECT_FALSE(found.at("parallelism.pairs_parallel_surely"));
    }
  }
}

TEST_F(CallGraphs, AreTheSameBytesForAnyOrder) {
  Dice dice(9);
  testing::MadeTraces made = testing::TraceMaker(dice, false, 60'000).Make(200);
  const std::string first =
      Load(ToFormat({Save("a.csv", made.File())}, "a.ndjson", graph::RepairMode::kRebuild, 1));
  EXPECT_GT(std::count(first.begin(), first.end(), '\n'), 50);
  std::shuffle(made.lines.begin(), made.lines.end(), dice.engine());
  const std::span<const testing::MadeLine> lines(made.lines);
  const std::string one = Save("b.csv", made.File(lines.first(lines.size() / 3)));
  const std::string two = Save("c.csv", made.File(lines.subspan(lines.size() / 3)));
  EXPECT_EQ(Load(ToFormat({two, one}, "b.ndjson", graph::RepairMode::kRebuild, 3)), first);
}

TEST_F(CallGraphs, ThatAreTheSameAreOneLine) {
  const std::string header =
      "timestamp,traceid,service,rpc_id,rpctype,um,uminstanceid,interface,"
      "dm,dminstanceid,rt\n";
  std::string rows;
  for (const char* trace : {"T_1", "T_2", "T_3"}) {
    rows += std::string("1,") + trace + ",S_1,0,http,USER,USER,i,gate,P,9\n";
    rows += std::string("2,") + trace + ",S_1,0.1,mc,gate,P,j,cache,Q,1\n";
    if (trace[2] == '3') rows += "3,T_3,S_1,0.2,mc,gate,P,j,cache,Q,1\n";
  }
  const std::string text = Load(ToFormat({Save("t.csv", header + rows)}, "t.ndjson"));
  const std::string twice =
      R"({"service":"S_1","num":2,"nodes":[["cache",""],["gate",""],["USER","relay"]],)"
      R"("edges":[["gate","cache",1,"mc"],["USER","gate",1,"http"]]})"
      "\n";
  const std::string once =
      R"({"service":"S_1","num":1,"nodes":[["cache",""],["gate",""],["USER","relay"]],)"
      R"("edges":[["gate","cache",2,"mc"],["USER","gate",1,"http"]]})"
      "\n";
  EXPECT_TRUE(text == twice + once || text == once + twice) << text;
}

TEST_F(CallGraphs, ComeBackWithTheSameAnalysis) {
  Dice dice(2);
  const testing::MadeTraces made = testing::TraceMaker(dice, false, 60'000).Make(200);
  const std::string graphs = ToFormat({Save("t.csv", made.File())}, "g.ndjson");
  const std::string again = ToFormat({graphs}, "again.ndjson");
  EXPECT_EQ(Load(graphs), Load(again));
  const auto text = [](const std::string& path) {
    return document::testing::ReportText::Of(Analyse(path, graph::RepairMode::kRebuild));
  };
  EXPECT_EQ(text(graphs), text(again));
}

TEST_F(CallGraphs, AreNoRows) {
  const std::string graphs = Save("g.ndjson", R"({"nodes":[["a"]],"edges":[]})"
                                              "\n");
  EXPECT_EQ(ToFormat({graphs}, "rows.csv", {}, 1, "alibaba-2022"), "");
  EXPECT_EQ(error_, ErrorKind::kUnsupported);
}

// DGG's set as the graph room sees it, with the user put back as the node that it is there.
class DggNumbers final : public TraceVisitor {
 public:
  void Visit(const model::TraceId&, std::span<const graph::Row>) override {}
  void VisitGraph(const model::WholeGraphView& whole) override {
    const graph::CallGraph graph = builder_.Build(whole);
    const uint64_t times = graph.traces();
    traces += times;
    nodes.Add(graph.nodes.size() + 1, times);
    calls.Add(graph.call_count(), times);
    uint32_t deepest = 0, widest = 1;
    bool joined = false, self = false;
    for (const graph::Node& node : graph.nodes) {
      uint32_t callers = node.in_degree;
      for (const graph::Edge& edge : graph.half_edges) {
        callers += &graph.nodes[edge.callee] == &node;
      }
      called.Add(callers, times);
      joined |= callers > 1;
      deepest = std::max<uint32_t>(deepest, node.depth + 1);
      widest = std::max(widest, node.out_degree);
    }
    for (const auto span : {graph.edges, graph.half_edges}) {
      for (const graph::Edge& edge : span) {
        self |= edge.caller == edge.callee;
        edges += times;
        repeated += edge.calls > 1 ? times : 0;
        kinds[edge.kind] += edge.calls * times;
      }
    }
    depth.Add(deepest, times);
    fan_out.Add(widest, times);
    trees += joined ? 0 : times;
    selves += self ? times : 0;
    auto& [lines, all, top] = services[graph.entry];
    ++lines;
    all += times;
    top = std::max(top, times);
  }
  struct OfService {
    uint64_t lines = 0, all = 0, top = 0;
  };
  uint64_t traces = 0, edges = 0, repeated = 0, trees = 0, selves = 0;
  CountHistogram nodes, calls, depth, fan_out, called;
  std::map<model::Kind, uint64_t> kinds;
  std::map<model::OperationId, OfService> services;

 private:
  graph::WholeGraphBuilder builder_;
};

std::string DggPath() {
  return formats::testing::SamplePath("2022-DGG-callgraph-variants.ndjson.zst");
}
#define PLUMBAGO_DGG_OR_SKIP()                                                       \
  if (!fs::exists(DggPath())) {                                                      \
    const char* ci = std::getenv("CI");                                              \
    if (ci != nullptr && std::string_view(ci) == "true") FAIL() << "no sample data"; \
    GTEST_SKIP() << "no sample data (DGG's call graphs): set PLUMBAGO_DATA";         \
  }                                                                                  \
  static_assert(true)

// Facts, alibaba.md 3.3.
TEST(Dgg, ItsGraphsHaveTheKnownNumbers) {
  PLUMBAGO_DGG_OR_SKIP();
  ReadOptions options;
  options.inputs = {DggPath()};
  auto rows = ReadAllRows(options);
  ASSERT_TRUE(rows) << rows.error().Text();
  DggNumbers dgg;
  TraceVisitor* visitors[] = {&dgg};
  ASSERT_TRUE(WalkTraces(*rows, visitors, false));
  EXPECT_EQ(rows->graphs, 65'142u);
  EXPECT_EQ(dgg.traces, 105'509'911u);
  EXPECT_EQ(dgg.services.size(), 1334u);
  const auto at = [](const CountHistogram& histogram, double q) {
    return histogram.Quantile(q).value_or(0);
  };
  EXPECT_EQ(at(dgg.nodes, 0.5), 4u);
  EXPECT_EQ(at(dgg.nodes, 0.9), 6u);
  EXPECT_EQ(at(dgg.nodes, 0.99), 7u);
  EXPECT_EQ(at(dgg.nodes, 0.999), 18u);
  EXPECT_NEAR(dgg.nodes.ShareAbove(40).value_or(0) * 100, 0.0003, 0.0001);
  EXPECT_EQ(at(dgg.calls, 0.5), 3u);
  EXPECT_EQ(at(dgg.calls, 0.9), 6u);
  EXPECT_EQ(dgg.calls.Max(), 21'362u);
  EXPECT_EQ(at(dgg.depth, 0.5), 2u);
  EXPECT_EQ(at(dgg.depth, 0.9), 3u);
  EXPECT_EQ(dgg.depth.Max(), 10u);
  EXPECT_EQ(at(dgg.fan_out, 0.5), 1u);
  EXPECT_EQ(at(dgg.fan_out, 0.99), 5u);
  EXPECT_EQ(dgg.fan_out.Max(), 64u);
  uint64_t calls = 0;
  for (const auto& [kind, count] : dgg.kinds) calls += count;
  const auto share = [](uint64_t part, uint64_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  };
  EXPECT_NEAR(share(dgg.kinds[model::Kind::kCache], calls), 0.458, 0.0005);
  EXPECT_NEAR(share(dgg.kinds[model::Kind::kHttp], calls), 0.282, 0.0005);
  EXPECT_NEAR(share(dgg.kinds[model::Kind::kRpc], calls), 0.232, 0.0006);
  EXPECT_NEAR(share(dgg.kinds[model::Kind::kDatabase], calls), 0.027, 0.0005);
  EXPECT_NEAR(share(dgg.kinds[model::Kind::kMessage], calls), 0.002, 0.0005);
  EXPECT_NEAR(share(dgg.called.Count() - dgg.called.CountAbove(1), dgg.called.Count()), 0.986,
              0.0005);
  EXPECT_NEAR(share(dgg.trees, dgg.traces), 0.964, 0.0005);
  // Nearly all of the 1.5 % with a cycle are services that call themselves.
  EXPECT_NEAR(share(dgg.selves, dgg.traces), 0.015, 0.0005);
  EXPECT_NEAR(share(dgg.repeated, dgg.edges), 0.275, 0.0005);
  CountHistogram variants;
  double top = 0;
  for (const auto& [service, of] : dgg.services) {
    variants.Add(of.lines);
    top += share(of.top, of.all);
  }
  EXPECT_EQ(at(variants, 0.5), 11u);
  EXPECT_EQ(at(variants, 0.99), 163u);
  EXPECT_EQ(variants.Max(), 31'322u);
  EXPECT_NEAR(top / static_cast<double>(dgg.services.size()), 0.40, 0.005);
}

// The same through the analyses. The user is no service: one service less a trace, one tier less.
// A variant does not tell numbers of calls apart: fewer variants, and the top one covers more.
TEST_F(CallGraphs, TheAnalysesOfDgg) {
  PLUMBAGO_DGG_OR_SKIP();
  const document::Document document = Analyse(DggPath(), graph::RepairMode::kRebuild, true);
  EXPECT_EQ(document.traces.read, 105'509'911u);
  EXPECT_EQ(document.traces.complete, 105'509'911u);
  Values values = Of(document);
  const auto value = [&](const char* name) { return values[name].value_or(-1); };
  EXPECT_EQ(value("scale.traces"), 105'509'911);
  EXPECT_EQ(value("scale.entries"), 1334);
  EXPECT_EQ(value("graph-size.services_p50"), 4 - 1);
  EXPECT_EQ(value("graph-size.services_p90"), 6 - 1);
  EXPECT_EQ(value("graph-size.services_p99"), 7 - 1);
  EXPECT_LE(value("graph-size.services_max"), 66 - 1);
  EXPECT_EQ(value("graph-size.calls_p50"), 3);
  EXPECT_EQ(value("graph-size.calls_p90"), 6);
  EXPECT_EQ(value("graph-size.calls_max"), 21'362);
  EXPECT_NEAR(value("paradigms.cache"), 0.458, 0.0005);
  EXPECT_NEAR(value("paradigms.database"), 0.027, 0.0005);
  EXPECT_NEAR(value("shape.tree_like"), 0.964, 0.0005);
  // Without the user's one call a trace.
  EXPECT_NEAR(value("shape.one_caller"), 0.977, 0.0005);
  EXPECT_NEAR(value("cycles.self_calls"), 0.015, 0.0005);
  EXPECT_NEAR(value("cycles.cyclic"), 0.000036, 0.000001);
  EXPECT_EQ(value("variants.services"), 1334);
  EXPECT_EQ(value("variants.variants_p50"), 5);
  EXPECT_EQ(value("variants.variants_p99"), 85);
  EXPECT_EQ(value("variants.variants_max"), 31'059);
  EXPECT_NEAR(value("variants.top_share_by_service"), 0.474, 0.0005);
  EXPECT_EQ(value("parallelism.pairs_parallel_surely"), -1);
}

}  // namespace
}  // namespace plumbago::engine
