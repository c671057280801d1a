#include "analysis/parallelism.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/byte_stream.h"
#include "base/strong_id.h"
#include "base/zstd_stream.h"
#include "graph/graph_measure.h"

namespace plumbago::analysis {
namespace {

using document::Verdict;
using graph::kNone;
using graph::TraceCall;
using model::Kind;

constexpr int64_t kMs = 1'000'000;

TraceCall Made(uint32_t parent, int64_t start_ms, int64_t duration_ms, Kind kind = Kind::kRpc,
               uint32_t host = 0) {
  TraceCall call;
  call.parent = parent;
  call.kind = kind;
  call.caller = Id<model::ServiceId>(parent == kNone ? 0 : 1);
  call.callee = Id<model::ServiceId>(parent == kNone ? 1 : 2);
  call.caller_instance = Id<model::InstanceId>(host);
  call.client = {start_ms * kMs, duration_ms * kMs};
  return call;
}

void Observe(Parallelism::State& state, std::vector<TraceCall> calls, uint64_t trace = 1,
             bool sides = true) {
  graph::MeasuredGraph measured;
  graph::Measure(calls, measured);
  graph::CallGraph graph;
  graph.trace = {.hi = 0, .lo = trace};
  graph.calls = calls;
  graph.nodes = measured.nodes;
  graph.edges = measured.edges;
  graph.sides_marked = sides;
  Parallelism::Observe(state, graph, {});
}

const document::Finding& Find(const document::Section& section, const std::string& id) {
  return *std::find_if(section.findings.begin(), section.findings.end(),
                       [&id](const auto& finding) { return finding.id == id; });
}

TEST(Parallelism, CountsPairsAndCallersWithBothBounds) {
  Parallelism::State state;
  // 0..10, 5..15 surely overlap; 15..20 touches the second; 30..40 is apart.
  Observe(state,
          {Made(kNone, 0, 100), Made(0, 0, 10), Made(0, 5, 10), Made(0, 15, 5), Made(0, 30, 10)});
  const Parallelism::Counts& c = state.groups[Parallelism::kSynchronous];
  EXPECT_EQ(state.siblings, 4u);  // the entry has none
  EXPECT_EQ(c.callers, 1u);
  EXPECT_EQ(c.callers_surely, 1u);
  EXPECT_EQ(c.pairs, 6u);
  EXPECT_EQ(c.pairs_surely, 1u);
  EXPECT_EQ(c.pairs_possibly, 2u);
  EXPECT_EQ(c.busy_us, 35'000u);
  EXPECT_EQ(c.covered_us, 30'000u);
  EXPECT_EQ(state.widths[2].callers, 1u);  // four callees
}

TEST(Parallelism, MessagesAreApart) {
  Parallelism::State state;
  Observe(state, {Made(kNone, 0, 100), Made(0, 0, 50), Made(0, 0, 50, Kind::kMessage),
                  Made(0, 0, 50, Kind::kMessage)});
  EXPECT_EQ(state.groups[Parallelism::kSynchronous].pairs, 0u);
  EXPECT_EQ(state.groups[Parallelism::kMessages].pairs_surely, 1u);
}

TEST(Parallelism, OnlyOneClockIsCompared) {
  Parallelism::State state;
  std::vector<TraceCall> calls = {Made(kNone, 0, 100), Made(0, 0, 50, Kind::kRpc, 7),
                                  Made(0, 0, 50, Kind::kRpc, 8), Made(0, 20, 50, Kind::kRpc, 7),
                                  Made(0, 20, 50, Kind::kRpc, 7)};
  std::swap(calls[4].client, calls[4].server);  // seen by the callee's host only
  Observe(state, calls);
  EXPECT_EQ(state.groups[Parallelism::kSynchronous].pairs, 1u);
  EXPECT_EQ(state.without_client, 1u);
  Observe(state, calls, 1, false);  // where sides are not marked, that row may be the caller's
  EXPECT_EQ(state.groups[Parallelism::kSynchronous].pairs, 1u + 3u);
}

TEST(Parallelism, SiblingsAreOfOneCaller) {
  Parallelism::State state;
  Observe(state,
          {Made(kNone, 0, 100), Made(0, 0, 50), Made(1, 0, 20), Made(0, 60, 10), Made(3, 60, 5)});
  EXPECT_EQ(state.groups[Parallelism::kSynchronous].pairs, 1u);
  EXPECT_EQ(state.groups[Parallelism::kSynchronous].pairs_possibly, 0u);
  EXPECT_EQ(state.siblings, 2u);
}

// `overlap` of ten traces have a caller that calls in parallel; each has `sequential` other callers
// with two calls one after the other.
document::Section Concluded(int overlap, int sequential, int64_t gap_ms, uint64_t traces = 400) {
  Parallelism::State state;
  std::mt19937_64 engine(1);
  for (uint64_t t = 0; t < traces; ++t) {
    std::vector<TraceCall> calls = {Made(kNone, 0, 1000)};
    for (int c = 0; c < 1 + sequential; ++c) {
      const auto caller = static_cast<uint32_t>(calls.size());
      calls.push_back(Made(0, 40 * c, 30));
      calls.push_back(Made(caller, 40 * c, 10));
      const bool parallel = c == 0 && static_cast<int>(t % 10) < overlap;
      calls.push_back(Made(caller, 40 * c + (parallel ? 0 : 10 + gap_ms), 10));
    }
    calls[0].kind = Kind::kRpc;
    // The entry's own callees must not count: one host each.
    uint32_t host = 1;
    for (auto& call : calls)
      call.caller_instance = Id<model::InstanceId>(call.parent == 0 ? ++host : 0);
    Observe(state, calls, engine());
  }
  return Parallelism::Conclude(state, Facts{});
}

TEST(Parallelism, VerdictGoesByTheIntervalOfCallers) {
  EXPECT_EQ(Find(Concluded(1, 1, 5), "parallel-calls-rare").verdict, Verdict::kSupported);  // 5 %
  EXPECT_EQ(Find(Concluded(8, 0, 5), "parallel-calls-rare").verdict,
            Verdict::kContradicted);                                  // 80 %
  const auto near = Find(Concluded(2, 0, 5), "parallel-calls-rare");  // 20 %: on the border
  EXPECT_EQ(near.verdict, Verdict::kCannotSay);
  EXPECT_NE(near.reason.find("more traces"), std::string::npos) << near.reason;
}

TEST(Parallelism, UndecidedPairsForbidAVerdict) {
  const auto finding = Find(Concluded(1, 1, 0), "parallel-calls-rare");  // all others touch
  EXPECT_EQ(finding.verdict, Verdict::kCannotSay);
  EXPECT_NE(finding.reason.find("undecided"), std::string::npos) << finding.reason;
  EXPECT_NE(finding.claim.find("5.0 to 100.0 %"), std::string::npos) << finding.claim;
}

TEST(Parallelism, FewTracesForbidAVerdict) {
  EXPECT_EQ(Find(Concluded(0, 1, 5, 3), "parallel-calls-rare").verdict, Verdict::kCannotSay);
  Parallelism::State empty;
  const document::Section section = Parallelism::Conclude(empty, Facts{});
  EXPECT_EQ(section.findings[0].verdict, Verdict::kCannotSay);
  EXPECT_FALSE(section.headline[0].value.has_value());
}

// One caller in a trace overlaps two of its fourteen callees: nearly all callers overlap, nearly no
// pair does.
TEST(Parallelism, CallersAndPairsMayDisagreeAndSaySo) {
  Parallelism::State state;
  std::mt19937_64 engine(2);
  for (int t = 0; t < 200; ++t) {
    std::vector<TraceCall> calls = {Made(kNone, 0, 1000)};
    calls.push_back(Made(0, 0, 10));
    for (int i = 0; i < 13; ++i) calls.push_back(Made(0, 20 * i, 10));
    Observe(state, calls, engine());
  }
  const document::Section section = Parallelism::Conclude(state, Facts{});
  const auto& callers = Find(section, "parallel-calls-rare");
  const auto& pairs = Find(section, "parallel-pairs-rare");
  EXPECT_EQ(callers.verdict, Verdict::kContradicted);
  EXPECT_EQ(pairs.verdict, Verdict::kSupported);
  EXPECT_NE(callers.claim.find("100.0 % of the callers"), std::string::npos) << callers.claim;
  EXPECT_NE(callers.reason.find("1.1 % of the pairs"), std::string::npos) << callers.reason;
  EXPECT_NE(pairs.reason.find("100.0 % of the callers"), std::string::npos) << pairs.reason;
}

// The same counts from all pairs of all calls, for random trees; in one state, and in several
// merged backwards.
TEST(Parallelism, IsWhatAllPairsSayInAnyOrderOfMerging) {
  std::mt19937 engine(3);
  const auto below = [&engine](uint32_t bound) { return static_cast<uint32_t>(engine() % bound); };
  Parallelism::State whole;
  std::vector<Parallelism::State> parts(5);
  uint64_t pairs = 0, surely = 0, possibly = 0, callers = 0, callers_surely = 0, rpc_pairs = 0;
  for (uint64_t t = 0; t < 400; ++t) {
    std::vector<TraceCall> calls;
    std::vector<uint32_t> open;
    for (uint32_t i = 0, n = 1 + below(t % 40 == 0 ? 120 : 14); i < n; ++i) {
      while (open.size() > 1 && below(3) != 0) open.pop_back();
      calls.push_back(Made(open.empty() ? kNone : open.back(), below(20), below(6),
                           static_cast<Kind>(below(4)), below(3)));
      if (below(8) == 0) calls.back().client = {};
      open.push_back(i);
    }
    for (uint32_t c = 0; c < calls.size(); ++c) {
      uint64_t mine = 0, overlapping = 0;
      for (uint32_t a = 0; a < calls.size(); ++a) {
        for (uint32_t b = a + 1; b < calls.size(); ++b) {
          const TraceCall &x = calls[a], &y = calls[b];
          if (x.parent != c || y.parent != c || !x.client.known() || !y.client.known() ||
              x.caller_instance != y.caller_instance) {
            continue;
          }
          rpc_pairs += x.kind == Kind::kRpc && y.kind == Kind::kRpc && x.client.duration_ns > 0 &&
                       y.client.duration_ns > 0;
          if (x.kind == Kind::kMessage || y.kind == Kind::kMessage) continue;
          const int64_t reach = std::min(x.client.end_ns() - y.client.start_ns,
                                         y.client.end_ns() - x.client.start_ns);
          ++mine;
          overlapping += reach > kMs;
          possibly += reach >= -kMs;
        }
      }
      pairs += mine;
      surely += overlapping;
      callers += mine > 0;
      callers_surely += overlapping > 0;
    }
    Observe(whole, calls, t * 0x9E3779B97F4A7C15u);
    Observe(parts[below(5)], calls, t * 0x9E3779B97F4A7C15u);
  }
  while (parts.size() > 1) {
    MergeFields(parts[below(static_cast<uint32_t>(parts.size()) - 1)], std::move(parts.back()));
    parts.pop_back();
  }
  for (const Parallelism::State* state : {&whole, &parts[0]}) {
    const Parallelism::Counts& c = state->groups[Parallelism::kSynchronous];
    EXPECT_EQ(c.pairs, pairs);
    EXPECT_EQ(c.pairs_surely, surely);
    EXPECT_EQ(c.pairs_possibly, possibly);
    EXPECT_EQ(c.callers, callers);
    EXPECT_EQ(c.callers_surely, callers_surely);
    EXPECT_EQ(state->groups[Parallelism::kTimedRpc].pairs, rpc_pairs);
  }
  const document::Section a = Parallelism::Conclude(whole, Facts{});
  const document::Section b = Parallelism::Conclude(parts[0], Facts{});
  for (size_t i = 0; i < a.headline.size(); ++i)
    EXPECT_EQ(a.headline[i].value, b.headline[i].value);
  for (size_t i = 0; i < a.findings.size(); ++i) {
    EXPECT_EQ(a.findings[i].claim, b.findings[i].claim);
    EXPECT_EQ(a.findings[i].effect.low, b.findings[i].effect.low);
    EXPECT_EQ(a.findings[i].effect.high, b.findings[i].effect.high);
  }
  EXPECT_EQ(a.tables[1].rows, b.tables[1].rows);
}

std::string ReadZstd(const std::string& path) {
  auto file = FileStream::Open(path);
  if (!file) return "";
  ZstdStream stream(std::move(*file), path);
  std::string text(8 << 20, '\0');
  text.resize(stream.Read(text.data(), text.size()).value_or(0));
  return text;
}

// Pairs that a source has judged, in any parts and order, against a map of all; they count beside
// the calls of traces.
TEST(Parallelism, TakesJudgedPairsAtTheirWord) {
  std::mt19937 random(11);
  std::vector<model::SiblingPair> pairs;
  std::map<uint64_t, std::pair<int64_t, int64_t>> callers;  // pairs, overlapping
  int64_t overlapping = 0;
  for (int i = 0; i < 3000; ++i) {
    const model::TraceId trace{.hi = 0, .lo = random() % 200, .form = model::TraceForm::kPrefixed};
    model::SiblingPair pair;
    pair.caller_call = model::SiblingCaller(trace, random() % 2 == 0 ? "0.1" : "0.2");
    pair.overlap = random() % 10 == 0;
    pairs.push_back(pair);
    auto& [all, over] = callers[pair.caller_call];
    ++all;
    over += pair.overlap;
    overlapping += pair.overlap;
  }
  ASSERT_GT(callers.size(), 300u);
  const auto once = std::count_if(callers.begin(), callers.end(),
                                  [](const auto& caller) { return caller.second.second > 0; });
  const auto conclude = [&](size_t parts) {
    std::shuffle(pairs.begin(), pairs.end(), random);
    std::vector<Parallelism::State> states(parts);
    for (size_t i = 0; i < pairs.size(); ++i) Parallelism::Observe(states[i % parts], pairs[i], {});
    for (size_t i = 1; i < parts; ++i) MergeFields(states[0], std::move(states[i]));
    // Two callees of one trace beside them, which surely overlap.
    Observe(states[0], {Made(kNone, 0, 100), Made(0, 0, 50), Made(0, 10, 50)});
    return Parallelism::Conclude(states[0], {});
  };
  const document::Section section = conclude(1);
  const auto headline = [&](const std::string& name) {
    const auto found = std::find_if(section.headline.begin(), section.headline.end(),
                                    [&](const auto& one) { return one.name == name; });
    return found->value.value_or(-1);
  };
  EXPECT_DOUBLE_EQ(headline("pairs_parallel_surely"),
                   static_cast<double>(overlapping + 1) / static_cast<double>(pairs.size() + 1));
  EXPECT_DOUBLE_EQ(headline("callers_parallel_surely"),
                   static_cast<double>(once + 1) / static_cast<double>(callers.size() + 1));
  EXPECT_EQ(headline("pairs_undecided"), 0);
  EXPECT_EQ(Find(section, "parallel-calls-rare").verdict, Verdict::kContradicted);
  EXPECT_EQ(Find(section, "parallel-pairs-rare").verdict, Verdict::kSupported);
  const document::Section again = conclude(7);
  for (size_t i = 0; i < section.headline.size(); ++i)
    EXPECT_EQ(section.headline[i].value, again.headline[i].value) << section.headline[i].name;
  for (size_t i = 0; i < section.findings.size(); ++i)
    EXPECT_EQ(section.findings[i].effect.high, again.findings[i].effect.high);
}

// Published pairs of siblings of two services, with their label. The file gives starts and, for
// each pair across the two services, whether it overlaps: so a call ends after the last later start
// that it overlaps, and not after the first that it does not. With such ends, pairs of all siblings
// less those within each service must give the file's counts: 760 of 11,776 pairs (6.5 %) and 342
// of 747 callers (45.8 %).
TEST(Parallelism, GivesTheSharesOfThePublishedSiblings) {
  const char* data = std::getenv("PLUMBAGO_DATA");
  const std::string path = std::string(data != nullptr ? data : "../shared/data") +
                           "/alibaba/2022-siblings-MS_30541-MS_3533.csv.zst";
  if (!std::filesystem::exists(path)) {
    ASSERT_EQ(std::getenv("CI"), nullptr) << "no " << path;
    GTEST_SKIP() << "no " << path << ": set PLUMBAGO_DATA";
  }
  using Sibling = std::tuple<int, std::string, int64_t>;  // which service, instance, start
  struct Caller {
    std::map<Sibling, int64_t> ends;
    uint64_t pairs = 0;
  };
  std::map<std::string, Caller> callers;
  std::istringstream lines(ReadZstd(path));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string> cells;
    std::istringstream split(line);
    for (std::string cell; std::getline(split, cell, ',');) cells.push_back(cell);
    ASSERT_EQ(cells.size(), 11u);
    Caller& caller = callers[cells[0] + ' ' + cells[1]];
    ++caller.pairs;
    Sibling a{1, cells[5], std::stoll(cells[6]) * 10};
    Sibling b{2, cells[8], std::stoll(cells[9]) * 10};
    if (std::get<2>(a) > std::get<2>(b)) std::swap(a, b);
    int64_t& end = caller.ends.try_emplace(a, std::get<2>(a) + 1).first->second;
    caller.ends.try_emplace(b, std::get<2>(b) + 1);
    if (cells[10] == "concurrent") end = std::max(end, std::get<2>(b) + 1);
  }
  OverlapCounter counter;
  uint64_t pairs = 0, overlapping = 0, callers_overlapping = 0;
  for (auto& [id, caller] : callers) {
    std::vector<TimeSpan> all, parts[2];
    for (const auto& [sibling, end] : caller.ends) {
      all.push_back({std::get<2>(sibling), end});
      parts[std::get<0>(sibling) - 1].push_back(all.back());
    }
    const OverlapCounts whole = counter.Count(all, 0);
    const OverlapCounts first = counter.Count(parts[0], 0);
    const OverlapCounts second = counter.Count(parts[1], 0);
    const uint64_t across = whole.pairs - first.pairs - second.pairs;
    EXPECT_EQ(across, caller.pairs) << id;
    pairs += across;
    const uint64_t both = whole.surely - first.surely - second.surely;
    overlapping += both;
    callers_overlapping += both > 0;
  }
  EXPECT_EQ(pairs, 11'776u);
  EXPECT_EQ(overlapping, 760u);
  EXPECT_EQ(callers.size(), 747u);
  EXPECT_EQ(callers_overlapping, 342u);
}

}  // namespace
}  // namespace plumbago::analysis
