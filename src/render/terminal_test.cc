#include "render/terminal.h"

#include <gtest/gtest.h>

#include "render/test_document.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

// The whole screen, as people see it first. When it changes on purpose, copy the new one from the
// failure and look at it.
constexpr const char* kFirstScreen = R"screen(
  input     alibaba-2022 · 2 files (1 skipped) · 10.5 MB · 639,208 rows · 1.23 s · 518 k rows/s
            2 threads

COMPLETENESS                                                                         repair: rebuild
  traces    13,600 read · █ 8,807 whole (64.8 %) · ▒ 4,790 mended (35.2 %) · ░ 3 dropped (0.0221 %)
            █████████████████████████████████████████████████████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒░
  window    53 cut by the window, 12 at its start and 41 at its end
            births decoded from 13,580 trace ids
  damage    81,112 rows lost or altered (12.7 per 100 usable) · unknown name 80,512
            lost propagation 2,601 · duplicate 1,790 · missing parent 168 · cut archive 1
  quality   rows in traces without damage  41.9 %    calls mended                       12.3 %
            calls of a whole trace, mean     2.56    mended links expected to be right  95.9 %
            calls of a mended trace, mean    31.7    lost calls put back                   512
  hidden    looking at whole traces alone would change 19 of 23 headlines by more than 5 %:
              sibling pairs that surely overlap   0 %  instead of 2.03 %   −100 %
              calls of the largest trace           91  instead of 1,420   −93.6 %
              depth of a call graph, mean        1.70  instead of 2.43    −30.0 %

SHAPE
  Scale                                              Communication paradigms
    services seen                           1,094      Calls by paradigm
    entry calls                            3.42/s        RPC and HTTP, of calls
    time that the data covers            60.0 min        to stateless services  █████████████ 51.2 %
                                                         memcached              ███████▉      31.0 %
  Size of call graphs                                    database               ███▋          14.2 %
    calls of a trace, mean                   24.3        message queue          ▉             3.60 %
    calls of the largest trace              1,420
    Calls of a trace                                 Parallel calls
      1 – 3    ██████████████████████████  59.2 %      sibling pairs that surely overlap      2.03 %
      4 – 15   █████████▊                  22.1 %      pairs that the clock cannot decide, of
      16 – 63  ██████▏                     14.0 %      all pairs of calls below one caller    31.2 %
      64 – 255 ██                          4.50 %      effective parallelism              cannot say
      from 256 ▏                          0.200 %
                                                     Latency of edges
                                                       edges                                      34
                                                       duration of a call, p99               41.2 ms

FINDINGS                                           ✓ 2 supported · ✗ 1 contradicted · ? 1 cannot say
  ✗ Whole traces are like all traces.                                                   completeness
    calls of a trace, whole ones against all: 0.105× (0.0900 – 0.121×; 95 %)
  ✓ Call graphs have a heavy tail: few requests make most of the calls.                   graph-size
    calls in the largest 10 % of traces: 71.3 % (69.0 – 73.1 %; 95 %)
  ✓ Callers seldom call in parallel.                                                     parallelism
    callers with a parallel pair: 8.70 % (7.90 – 9.60 %; 95 %) · 31.2 % of the pairs are undecided
  ? Calls across clusters take longer.                                                   parallelism
    cannot say: the data names no cluster, zone or host

SLOWEST EDGES, BY SELF TIME × CALLS                                        6 of 34 · --section edges
  caller         callee         kind   calls  self time  share of all      p50      p99
  USER           MS_70000       rpc   41,234     93.0 s        41.2 %  2.30 ms  41.2 ms
  000000000000…  1c2f02947c77…  http  20,617     23.2 s        10.3 %  4.60 ms  82.4 ms
  MS_1074        MS_68178       mc    13,744     10.3 s        4.58 %  6.90 ms   124 ms
  MS_1111        MS_67267       db    10,308     5.81 s        2.57 %  9.20 ms  41.2 ms
  000000000000…  d79a9f46ab6c…  mq     8,246     3.72 s        1.65 %  2.30 ms        –
  MS_1185        MS_65445       rpc    6,872     2.58 s        1.14 %  4.60 ms   124 ms

NEXT
  plumbago analyze --section completeness a.csv.zst b.csv.zst
  plumbago convert --repair rebuild --to alibaba-2022 --repair-log repairs.csv a.csv.zst \
    b.csv.zst -o mended.csv
)screen";

TEST(Terminal, TheFirstScreen) { EXPECT_EQ("\n" + RenderTerminal(TestDocument()), kFirstScreen); }

TEST(Terminal, AnEmptyDocumentSaysSo) {
  EXPECT_EQ(RenderTerminal({}),
            "  input     0 files · 0 B · 0 rows\n"
            "\n"
            "COMPLETENESS\n"
            "  traces    0 read · █ 0 whole · ▒ 0 mended · ░ 0 dropped\n"
            "  damage    none: no row was lost or altered\n");
}

TEST(Terminal, SectionsThatSayNothingShareOneLine) {
  document::Document document = TestDocument();
  for (document::Section& section : document.sections) {
    if (section.id == "edges") continue;
    for (document::Headline& headline : section.headline) headline.value.reset();
    section.figures.clear();
  }
  const std::string screen = RenderTerminal(document);
  const size_t shape = screen.find("SHAPE\n"), end = screen.find("\nFINDINGS", shape);
  EXPECT_EQ(screen.substr(shape, end - shape), R"screen(SHAPE
  Latency of edges
    edges                                      34
    duration of a call, p99               41.2 ms

  cannot say  Scale · Size of call graphs · Parallel calls
)screen");
}

TEST(Terminal, AnInterruptedRunIsMarkedFirst) {
  document::Document document = TestDocument();
  document.interrupted = true;
  EXPECT_EQ(RenderTerminal(document).rfind("PARTIAL", 0), 0u);
  EXPECT_EQ(RenderTerminal(document, {100, false, 20, {"edges"}}).rfind("PARTIAL", 0), 0u);
}

TEST(Terminal, ASectionInFull) {
  const std::string text = RenderTerminal(TestDocument(), {100, false, 3, {"edges"}});
  for (const char* part :
       {"LATENCY OF EDGES", "Which calls cost the most time?", "none  accurate  rebuild",
        "3 of 34 rows", "how this was computed", "of the callee, all calls together"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " is not in\n" << text;
  }
  EXPECT_NE(text.find("MS_1074"), std::string::npos);
  EXPECT_EQ(text.find("MS_1111"), std::string::npos);  // the fourth row
  EXPECT_EQ(text.find("FINDINGS"), std::string::npos);
}

TEST(Terminal, AllSectionsAndUnknownOnes) {
  const std::string all = RenderTerminal(TestDocument(), {100, false, 20, {"all"}});
  for (const document::Section& section : TestDocument().sections) {
    for (const document::Finding& finding : section.findings) {
      EXPECT_NE(all.find(finding.id), std::string::npos) << finding.id;
    }
    for (const document::Figure& figure : section.figures)
      EXPECT_NE(all.find(figure.title), std::string::npos);
  }
  const std::string unknown = RenderTerminal(TestDocument(), {100, false, 20, {"nosuch"}});
  EXPECT_NE(unknown.find("no section 'nosuch'"), std::string::npos);
  EXPECT_NE(unknown.find("graph-size"), std::string::npos);
}

TEST(Terminal, TitlesAreNeverCut) {
  document::Document document;
  document.sections = {TestEdges()};
  document.sections[0].headline[0].title =
      "a headline whose title needs more room than a column of the screen has to give";
  document.sections[0].tables[0].columns[3].title = "calls of this edge seen";
  const std::string text = RenderTerminal(document);
  EXPECT_EQ(text.find("headline…"), std::string::npos);
  for (const char* word : {"headline", "column of the", "give", "calls of", "edge seen"}) {
    EXPECT_NE(text.find(word), std::string::npos) << word << " is not in\n" << text;
  }
}

TEST(Terminal, WhatCannotBeSaidComesLast) {
  document::Document document = TestDocument();
  document.sections[4].findings[1].rank = 100;  // cross-cluster-latency: cannot say
  const std::string text = RenderTerminal(document);
  EXPECT_LT(text.find("heavy tail"), text.find("Callers seldom"));
  EXPECT_LT(text.find("Callers seldom"), text.find("across clusters"));
}

}  // namespace
}  // namespace plumbago::render
