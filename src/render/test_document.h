// A made-up document for the tests of the renderers: every kind of value, damage, finding, table
// and figure once.
#pragma once

#include <fmt/format.h>

#include <cmath>

#include "document/document.h"

namespace plumbago::render {

inline document::Section TestEdges() {
  using document::Unit;
  document::Section edges{
      "edges",
      "Latency of edges",
      "Which calls cost the most time?",
      {},
      {},
      {},
      {},
      "Self time is client time less the time of the calls below it, overlaps counted once."};
  edges.headline = {{"edges", "edges", Unit::kCount, 34, 31, 18, 34, {}, true},
                    {"duration_p99",
                     "duration of a call, p99",
                     Unit::kNanoseconds,
                     41.2e6,
                     41.2e6,
                     44e6,
                     41.2e6,
                     {},
                     true}};
  document::Table slowest{"slowest", "Slowest edges, by self time × calls", {}, {}, true};
  slowest.columns = {{"caller", "caller", Unit::kNone, "who calls"},
                     {"callee", "callee", Unit::kNone, "who is called"},
                     {"kind", "kind", Unit::kNone, ""},
                     {"calls", "calls", Unit::kCount, "calls of this edge"},
                     {"self", "self time", Unit::kNanoseconds, "of the callee, all calls together"},
                     {"share", "share of all", Unit::kShare, "of the self time of all edges"},
                     {"p50", "p50", Unit::kNanoseconds, ""},
                     {"p99", "p99", Unit::kNanoseconds, ""}};
  const char* kinds[] = {"rpc", "http", "mc", "db", "mq"};
  for (int i = 0; i < 34; ++i) {
    const std::string caller = i % 3 == 1 ? fmt::format("{:064x}", 0x5f3c9a1db27e40ull * (i + 3))
                                          : fmt::format("MS_{}", 1000 + 37 * i);
    const std::string hex =
        fmt::format("{0:016x}{0:016x}{0:016x}{0:016x}", 0x9f3c9a1db27e4011ull * (2 * i + 3));
    slowest.rows.push_back({i == 0 ? "USER" : caller,
                            i % 3 == 1 ? hex : fmt::format("MS_{}", 70000 - 911 * i), kinds[i % 5],
                            int64_t{41234} / (i + 1), int64_t{93'000'000'000} / (i + 1) / (i + 1),
                            0.412 / (i + 1) / (i + 1), 2.3e6 * (1 + i % 4),
                            i == 4 ? document::Cell() : document::Cell(41.2e6 * (1 + i % 3))});
  }
  edges.tables.push_back(std::move(slowest));
  return edges;
}

inline document::Document TestDocument() {
  using document::FigureKind;
  using document::Unit;
  using document::Verdict;
  document::Document d;
  d.title = "traces";
  d.input.format = "alibaba-2022";
  d.input.files = {"a.csv.zst", "b.csv.zst"};
  d.input.skipped = {"readme.txt"};
  d.input.bytes = 10'512'345;
  d.input.rows = 639'208;
  d.input.damaged = 81'112;
  d.input.by_kind = {
      {"unknown_name", "unknown name", 80'512, "the caller or callee is UNKNOWN",
       "a.csv.zst:12: UNKNOWN"},
      {"propagation", "lost propagation", 2'601, "a service did not pass the call id on",
       "a.csv.zst:40: 0.1"},
      {"duplicate", "duplicate", 1'790, "two calls share one id", "b.csv.zst:9: 0.1.2"},
      {"missing_parent", "missing parent", 168, "the row of the caller is lost", ""},
      {"cut_archive", "cut archive", 1, "the archive ends early", "b.csv.zst: unexpected end"}};
  d.traces = {13'600, 8'807, 4'790, 3};
  auto& c = d.completeness;
  c.repair = "rebuild";
  c.cut_left = 12;
  c.cut_right = 41;
  c.window = "births decoded from 13,580 trace ids";
  c.rows = 639'208;
  c.rows_in_whole_traces = 267'800;
  c.calls = 330'481;
  c.calls_mended = 40'649;
  c.calls_inserted = 512;
  c.links_mended_confidence = 0.9591;
  c.links_confidence = 0.9949;
  c.calls_mean_whole = 2.561;
  c.calls_mean_damaged = 31.72;
  c.headlines = 23;
  c.headlines_changed = 19;
  c.hidden = {
      {"parallelism", "pairs_overlap", "sibling pairs that surely overlap", Unit::kShare, 0.0,
       0.0203, -1},
      {"graph-size", "calls_max", "calls of the largest trace", Unit::kCount, 91.0, 1420.0, -0.936},
      {"shape", "depth_mean", "depth of a call graph, mean", Unit::kCount, 1.7, 2.43, -0.3},
      {"scale", "services", "services seen", Unit::kCount, 803.0, 1094.0, -0.266}};

  document::Section scale{"scale", "Scale", "How large is the system?", {}, {}, {}, {}, ""};
  scale.headline = {{"services", "services seen", Unit::kCount, 1094, 1090, 803, 1094, 20000, true},
                    {"rate", "entry calls", Unit::kPerSecond, 3.42, 3.42, 2.2, 3.42, {}, true},
                    {"span",
                     "time that the data covers",
                     Unit::kNanoseconds,
                     3.6e12,
                     3.6e12,
                     3.6e12,
                     3.6e12,
                     {},
                     true},
                    {"interfaces", "interfaces seen", Unit::kCount, 2904, {}, {}, {}, {}, false}};

  document::Section size{"graph-size",
                         "Size of call graphs",
                         "How many calls does a request need?",
                         {},
                         {},
                         {},
                         {},
                         ""};
  size.headline = {
      {"calls_mean", "calls of a trace, mean", Unit::kCount, 24.31, 22.1, 2.561, 24.31, 40, true},
      {"calls_max", "calls of the largest trace", Unit::kCount, 1420, 1420, 91, 1420, {}, true}};
  document::Figure calls{"calls",
                         "Calls of a trace",
                         FigureKind::kHistogram,
                         {"calls", Unit::kCount, true},
                         {"traces", Unit::kShare, false},
                         {},
                         {},
                         true};
  calls.series = {{"this data",
                   {{1, .412},
                    {2, .18},
                    {4, .121},
                    {8, .1},
                    {16, .08},
                    {32, .06},
                    {64, .03},
                    {128, .015},
                    {256, .0015},
                    {512, .0005}},
                   false}};
  document::Figure tail{"tail",
                        "Calls of a trace, tail",
                        FigureKind::kCcdf,
                        {"calls", Unit::kCount, true},
                        {"traces with more calls", Unit::kShare, true},
                        {},
                        {},
                        false};
  document::Series own{"this data", {}, false}, paper{"Luo et al. 2021, Figure 4", {}, true};
  for (int i = 0; i <= 40; ++i) {
    const double x = std::pow(10.0, i / 10.0);
    own.points.push_back({x, 1 / (1 + x * x / 400)});
    if (i % 4 == 0) paper.points.push_back({x, 1 / (1 + x * x / 900)});
  }
  tail.series = {own, paper};
  size.figures = {calls, tail};
  size.findings = {{"heavy-tail",
                    Verdict::kSupported,
                    "Call graphs have a heavy tail: few requests make most of the calls.",
                    "",
                    {{"traces", Unit::kCount, int64_t{13600}},
                     {"Burr", Unit::kNone, std::string("c 1.9, k 0.71")}},
                    {"calls in the largest 10 % of traces", Unit::kShare, 0.713, 0.69, 0.731,
                     "95 %, bootstrap over traces"},
                    "interval likelihood of Burr and log-normal",
                    "Luo et al., SoCC'21, 3.1",
                    "",
                    0.4}};

  document::Section kinds{
      "paradigms", "Communication paradigms", "How do services talk?", {}, {}, {}, {}, ""};
  document::Figure bars{
      "kinds", "Calls by paradigm", FigureKind::kBars, {}, {"calls", Unit::kShare, false}, {}, {},
      true};
  bars.labels = {"RPC and HTTP, of calls to stateless services", "memcached", "database",
                 "message queue"};
  bars.series = {{"this data", {{0, .512}, {1, .31}, {2, .142}, {3, .036}}, false},
                 {"published", {{0, .4}, {1, .36}, {2, .2}, {3, .04}}, true}};
  kinds.figures = {bars};

  document::Section parallel{"parallelism",
                             "Parallel calls",
                             "Do callers call in parallel?",
                             {},
                             {},
                             {},
                             {},
                             "Two calls of one caller overlap surely where the later start lies "
                             "before the earlier end, each at its worst."};
  parallel.headline = {
      {"pairs_overlap",
       "sibling pairs that surely overlap",
       Unit::kShare,
       .0203,
       .019,
       0,
       .0203,
       {},
       true},
      {"undecided",
       "pairs that the clock cannot decide, of all pairs of calls below one caller",
       Unit::kShare,
       .312,
       .312,
       .2,
       .312,
       {},
       true},
      {"effective", "effective parallelism", Unit::kRatio, {}, {}, {}, {}, {}, true}};
  parallel.findings = {{"parallel-calls-rare",
                        Verdict::kSupported,
                        "Callers seldom call in parallel.",
                        "31.2 % of the pairs are undecided",
                        {{"callers", Unit::kCount, int64_t{2310}}},
                        {"callers with a parallel pair", Unit::kShare, .087, .079, .096,
                         "95 %, bootstrap over traces"},
                        "overlap at worst case of the clock's tick",
                        "Luo et al., SoCC'21, 3.3",
                        "about 10 % of callers",
                        0.2},
                       {"cross-cluster-latency",
                        Verdict::kCannotSay,
                        "Calls across clusters take longer.",
                        "the data names no cluster, zone or host",
                        {},
                        {},
                        "",
                        "Luo et al., SoCC'21, 5.2",
                        "",
                        0}};
  document::Section completeness{"completeness",
                                 "Completeness",
                                 "How much of the truth does the data hold?",
                                 {},
                                 {},
                                 {},
                                 {},
                                 ""};
  completeness.findings = {{"whole-traces-mislead",
                            Verdict::kContradicted,
                            "Whole traces are like all traces.",
                            "",
                            {},
                            {"calls of a trace, whole ones against all", Unit::kRatio, .105, .09,
                             .121, "95 %, bootstrap over traces"},
                            "",
                            "",
                            "",
                            0.9}};
  d.sections = {completeness, scale, size, kinds, parallel, TestEdges()};
  d.next = {"plumbago analyze --section completeness a.csv.zst b.csv.zst",
            "plumbago convert --repair rebuild --to alibaba-2022 --repair-log repairs.csv "
            "a.csv.zst b.csv.zst -o mended.csv"};
  d.run = {1.2345, 2, 48'123'456};
  return d;
}

}  // namespace plumbago::render
