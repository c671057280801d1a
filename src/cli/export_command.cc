// plumbago export dependency-graph: who calls whom, for other programs.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "base/output_file.h"
#include "cli/command.h"
#include "cli/edge_stream.h"
#include "cli/input_flags.h"
#include "engine/characterise.h"
#include "render/graph_file.h"

namespace plumbago::cli {
namespace {

constexpr Flag kFlags[] = {
    {"--to", "FORMAT", "dot, graphml, csv, json or mermaid", "as the name of FILE ends, else dot"},
    {"-o", "FILE", "write the graph to FILE (.gz, .zst: compressed)", "standard output"},
    {"--focus", "SERVICE", "only what is near this service"},
    {"--hops", "N", "with --focus: so many calls away, above and below", "2"},
    {"--links", nullptr, "span links across traces, too, as edges of kind link"},
    kRepairFlag,
    kFormatFlag,
    kMapFlag,
    kMapColumnFlag,
    kFromFlag,
    kUntilFlag,
    kServiceFlag,
    kFetchBytesFlag,
    kThreadsFlag,
    kMemoryFlag,
    kStrictFlag,
};

Result<render::GraphFormat> FormatFrom(const Arguments& arguments) {
  std::string name = arguments.Value("--to").value_or("");
  if (name.empty()) {
    const std::string path = arguments.Value("-o").value_or("-");
    constexpr std::pair<std::string_view, const char*> kEnds[] = {
        {".dot", "dot"}, {".gv", "dot"},    {".graphml", "graphml"},
        {".csv", "csv"}, {".json", "json"}, {".mmd", "mermaid"}};
    name = "dot";
    for (const auto& [end, format] : kEnds) {
      for (const std::string_view packed : {"", ".gz", ".zst"}) {
        if (path.ends_with(std::string(end) + std::string(packed))) name = format;
      }
    }
  }
  if (const auto format = render::GraphFormatOf(name)) return *format;
  return Fail(
      ErrorKind::kUsage,
      fmt::format("--to {} is not known; there are dot, graphml, csv, json, mermaid", name));
}

const document::Table* TableOf(const document::Document& document, std::string_view id) {
  for (const document::Section& section : document.sections) {
    for (const document::Table& table : section.tables) {
      if (table.id == id) return &table;
    }
  }
  return nullptr;
}

// Links of services as rows of the table of edges.
void AddLinks(const document::Table& links, document::Table& edges) {
  constexpr std::pair<std::string_view, std::string_view> kColumns[] = {
      {"caller", "producer"}, {"callee", "consumer"}, {"calls", "links"},
      {"p50", "after_p50"},   {"p95", "after_p95"},   {"p99", "after_p99"}};
  const auto column = [](const document::Table& table, std::string_view id) {
    size_t c = 0;
    while (c < table.columns.size() && table.columns[c].id != id) ++c;
    return c;
  };
  for (const auto& from : links.rows) {
    auto& row = edges.rows.emplace_back(edges.columns.size());
    row[column(edges, "kind")] = std::string(render::kLinkKind);
    for (const auto& [to, of] : kColumns) row[column(edges, to)] = from[column(links, of)];
  }
}

// All edges, with --links those across traces, too; empty where there are none.
render::FileGraph GraphOf(const document::Document& document) {
  const document::Table* const edges = TableOf(document, "slowest_edges");
  if (edges == nullptr) return {};
  const document::Table* const links = TableOf(document, "linked_services");
  if (links == nullptr) return render::FileGraph::Of(*edges);
  document::Table all = *edges;
  AddLinks(*links, all);
  return render::FileGraph::Of(all);
}

Result<render::FileGraph> Focused(render::FileGraph graph, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const uint64_t hops, arguments.Number("--hops", 2, 1, 1000));
  const auto focus = arguments.Value("--focus");
  if (!focus) return graph;
  if (const auto node = graph.Find(*focus)) return graph.Around(*node, hops);
  const std::vector<std::string> near = graph.Nearest(*focus, 5);
  return Fail(ErrorKind::kUsage, near.empty() ? fmt::format("no service is called {}", *focus)
                                              : fmt::format("no service is called {}; near are: {}",
                                                            *focus, fmt::join(near, ", ")));
}

// All edges, which may be more than fit in memory.
Result<int> WriteAllEdges(const Arguments& arguments, engine::CharacteriseOptions options,
                          render::GraphFormat format) {
  ASSIGN_OR_RETURN(const auto out, OutputFile::Open(arguments.Value("-o").value_or("-")));
  Result<void> written;
  options.see_edges = [&](const graph::DependencyGraph& graph, const analysis::Facts& facts) {
    written =
        StreamGraph(graph, facts, format, [&](std::string_view text) { return out->Write(text); });
  };
  ASSIGN_OR_RETURN(const engine::Characterised done, engine::Characterise(options));
  RETURN_IF_ERROR(std::move(written));
  RETURN_IF_ERROR(out->Commit());
  return ExitCode(arguments, done.interrupted, DamageText(done.document.input));
}

Result<int> Run(const Arguments& arguments) {
  // Names are checked before the work.
  ASSIGN_OR_RETURN(const render::GraphFormat format, FormatFrom(arguments));
  if (arguments.Has("--hops") && !arguments.Has("--focus")) {
    return Fail(ErrorKind::kUsage, "--hops is about --focus: give both");
  }
  RETURN_IF_ERROR(arguments.Number("--hops", 2, 1, 1000));
  engine::CharacteriseOptions options;
  ASSIGN_OR_RETURN(options.read, ReadOptionsFrom(arguments));
  if (arguments.Has("--repair")) {
    ASSIGN_OR_RETURN(options.mode, RepairFrom(arguments));
  }
  options.only = {"edges"};
  if (arguments.Has("--links")) options.only.push_back("links");
  if (!arguments.Has("--links") && !arguments.Has("--focus") &&
      format != render::GraphFormat::kMermaid) {
    return WriteAllEdges(arguments, std::move(options), format);
  }
  ASSIGN_OR_RETURN(engine::Characterised done, engine::Characterise(options));
  ASSIGN_OR_RETURN(render::FileGraph graph, Focused(GraphOf(done.document), arguments));
  if (format == render::GraphFormat::kMermaid && graph.edges.size() > render::kMermaidEdges) {
    fmt::print(stderr,
               "plumbago: Mermaid draws at most {} edges: of {} those with the most own time are "
               "kept; --focus SERVICE shows a part whole\n",
               render::kMermaidEdges, graph.edges.size());
    graph = graph.Largest(render::kMermaidEdges);
  }
  ASSIGN_OR_RETURN(const auto out, OutputFile::Open(arguments.Value("-o").value_or("-")));
  RETURN_IF_ERROR(
      render::WriteGraph(graph, format, [&](std::string_view text) { return out->Write(text); }));
  RETURN_IF_ERROR(out->Commit());
  return ExitCode(arguments, done.interrupted, DamageText(done.document.input));
}

}  // namespace

extern const Command kExportGraph;
const Command kExportGraph{
    "export dependency-graph",
    "who calls whom, as a file for graph programs",
    "INPUT...",
    "Reads the same inputs as analyze, saved states too, and writes the dependency graph: every "
    "service and every edge (caller, callee, kind) with calls, errors, p50, p95, p99 and own time. "
    "A service's id is its name. The caller (outside) is the user, or not known. With "
    "--links, services that span links tie together across traces are edges of kind link: no "
    "calls; calls are links there, and times are from the end of the one span to the start of the "
    "other.\n"
    "dot is for Graphviz; graphml for yEd, Gephi, networkx; csv is a list of edges; json has nodes "
    "and edges; mermaid is for a README, and is cut to the 500 edges with the most own time.",
    kFlags,
    "  plumbago export dependency-graph traces/ -o graph.graphml\n"
    "  plumbago export dependency-graph --focus cart --hops 1 traces/ | dot -Tsvg > cart.svg\n"
    "  plumbago export dependency-graph --to csv week.plumb > edges.csv\n",
    false,
    Run,
};

}  // namespace plumbago::cli
