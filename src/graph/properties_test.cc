// What holds for any trace, however damaged.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <deque>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "graph/testing/random_spans.h"
#include "graph/trace_builder.h"

namespace plumbago::graph {
namespace {

using model::Damage;
using model::Kind;

// A row in words, so that it can be made with any numbering of the names.
struct PlainRow {
  std::string id, caller, callee, operation;
  Kind kind = Kind::kRpc;
  model::Side side = model::Side::kUnknown;
  int64_t start = 0, duration = 0;
  bool operator==(const PlainRow&) const = default;
};

struct MadeRows {
  model::Names names;
  std::deque<model::Call> calls;
  std::deque<std::string> paths;
  std::vector<Row> rows;

  void Add(const PlainRow& plain) {
    model::Call call;
    call.caller = names.Service(plain.caller);
    call.callee = names.Service(plain.callee);
    call.operation = names.Operation(plain.operation);
    call.kind = plain.kind;
    call.side = plain.side;
    call.start_ns = plain.start * 1'000'000;
    call.duration_ns = plain.duration * 1'000'000;
    std::string& path = paths.emplace_back();
    model::EncodePath(plain.id, path);
    rows.push_back({&calls.emplace_back(call), path});
  }
};

// A random tree of calls with its rows, then damage: rows lost, said twice, ids taken from other
// calls, names lost or wrong.
std::vector<PlainRow> RandomRows(uint64_t seed, bool damaged) {
  std::mt19937_64 random(seed);
  const auto below = [&](uint64_t n) { return static_cast<int64_t>(random() % n); };
  const bool marked = below(2) == 0;
  struct Node {
    std::string id, service;
    int64_t start, duration;
    int callees = 0;
  };
  std::vector<Node> nodes{{"0", "S0", 0, 400 + below(100)}};
  std::vector<PlainRow> rows{{"0", "", "S0", "op", Kind::kHttp,
                              marked ? model::Side::kServer : model::Side::kUnknown, 0,
                              nodes[0].duration}};
  const auto calls = 1 + below(12);
  for (int64_t i = 0; i < calls; ++i) {
    Node& caller = nodes[static_cast<size_t>(below(nodes.size()))];
    constexpr std::array kKinds = {Kind::kRpc,      Kind::kHttp,    Kind::kCache,
                                   Kind::kDatabase, Kind::kMessage, Kind::kOther};
    PlainRow row{fmt::format("{}.{}", caller.id, ++caller.callees),
                 caller.service,
                 fmt::format("S{}", below(4)),
                 fmt::format("op{}", below(4)),
                 kKinds[static_cast<size_t>(below(kKinds.size()))],
                 marked ? model::Side::kClient : model::Side::kUnknown,
                 caller.start + below(3),
                 std::max<int64_t>(1, caller.duration * below(10) / 10)};
    rows.push_back(row);
    if ((row.kind == Kind::kRpc || row.kind == Kind::kHttp) && below(2) == 0) {
      if (marked) row.side = model::Side::kServer;
      row.start += below(2);
      row.duration -= std::min(row.duration - 1, below(2));
      rows.push_back(row);
    }
    if (row.kind != Kind::kCache && row.kind != Kind::kDatabase)
      nodes.push_back({row.id, row.callee, row.start, row.duration});
  }
  if (!damaged) return rows;
  for (int64_t i = below(5); i-- > 0;) {
    const auto at = static_cast<size_t>(below(rows.size()));
    const auto other = static_cast<size_t>(below(rows.size()));
    switch (below(6)) {
      case 0:
        if (rows.size() > 1) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 1:
        rows.push_back(rows[at]);
        break;
      case 2:
        rows[at].id = rows[other].id;
        break;
      case 3:
        rows[at].caller = "";
        break;
      case 4:
        rows[at].callee = "";
        break;
      default:
        rows[at].caller = fmt::format("S{}", below(6));
        break;
    }
  }
  return rows;
}

std::string Text(const model::Names& names, model::ServiceId service) {
  return std::string(names.Text(service));
}

struct Answer {
  bool undamaged = false, kept = false;
  std::string text;                // of the tree and of all that was measured and counted
  std::vector<std::string> fates;  // by row: what became of it, with the caller's rows in words
};

// `made`: anything with `names` and `rows`.
template <class Rows>
Answer BuildMade(const Rows& made, RepairMode mode) {
  TraceBuilder builder(made.names);
  model::DamageCounts damage;
  Answer answer;
  answer.undamaged = builder.Load({}, made.rows, damage);
  CallGraph graph;
  answer.kept = builder.Build(mode, graph);
  for (size_t d = 0; d < model::kDamages; ++d)
    answer.text += fmt::format("{} ", damage.Count(static_cast<Damage>(d)));
  answer.text += fmt::format("rows {} damaged {}\n", builder.joined_rows(), builder.damaged_rows());
  if (!answer.kept) return answer;
  for (uint32_t i = 0; i < graph.calls.size(); ++i) {
    const TraceCall& call = graph.calls[i];
    answer.text += fmt::format("{:{}}{} {}>{} {} rows {} mended {} {}+{} {}+{} {:.6f}\n", "",
                               call.depth, builder.CallPath(i), Text(made.names, call.caller),
                               Text(made.names, call.callee), model::KindName(call.kind), call.rows,
                               call.mended, call.client.start_ns, call.client.duration_ns,
                               call.server.start_ns, call.server.duration_ns, call.confidence);
  }
  const Repairs& r = graph.repairs;
  answer.text += fmt::format("{} {} {} {} {} {} {:.6f}\n", r.mended_links, r.mended_names,
                             r.inserted, r.split, r.rows, r.rows_unplaced, r.confidence_links);
  std::vector<RowFate> fates;
  builder.Fates(fates);
  for (const RowFate& fate : fates) {
    std::string text = fmt::format("{} {} {} {:.6f} ", fate.placed, fate.parent_inserted,
                                   fate.action, fate.confidence);
    if (fate.placed) text += builder.CallPath(fate.call);
    if (fate.parent_row != kNone) text += " < " + builder.CallPath(fates[fate.parent_row].call);
    answer.fates.push_back(text);
  }
  return answer;
}

Answer Build(const std::vector<PlainRow>& plain, RepairMode mode) {
  MadeRows made;
  for (const PlainRow& row : plain) made.Add(row);
  return BuildMade(made, mode);
}

// Rows with span ids, and rows with paths behind them.
Answer Build(const std::vector<testing::PlainSpan>& spans, const std::vector<PlainRow>& plain,
             RepairMode mode) {
  MadeRows made;
  for (const testing::PlainSpan& span : spans)
    made.rows.push_back({&made.calls.emplace_back(testing::RowOf(span, made.names)), {}});
  for (const PlainRow& row : plain) made.Add(row);
  return BuildMade(made, mode);
}

std::vector<testing::PlainSpan> RandomSpans(uint64_t seed, bool damaged) {
  std::mt19937_64 random(seed);
  const bool marked = random() % 2 == 0;
  std::vector<testing::PlainSpan> spans = testing::RandomTrace(random, marked, false).spans;
  if (damaged) testing::DamageSpans(random, spans);
  return spans;
}

constexpr std::array kModes = {RepairMode::kNone, RepairMode::kAccurate, RepairMode::kRpcid,
                               RepairMode::kPartial, RepairMode::kRebuild};

TEST(TraceBuilderProperties, OrderOfRowsAndNumbersOfNamesDoNotMatter) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    const std::vector<PlainRow> rows = RandomRows(seed, true);
    std::vector<size_t> order(rows.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::mt19937_64 random(seed + 1);
    std::shuffle(order.begin(), order.end(), random);
    std::vector<PlainRow> shuffled;  // names are numbered by arrival, so this renumbers them too
    for (const size_t i : order) shuffled.push_back(rows[i]);
    for (const RepairMode mode : kModes) {
      const Answer a = Build(rows, mode);
      const Answer b = Build(shuffled, mode);
      RC_ASSERT(a.text == b.text);
      RC_ASSERT(a.kept == b.kept);
      for (size_t i = 0; i < a.fates.size() && a.kept; ++i) {
        // Rows that are equal in every column are interchangeable: which of them is called the
        // duplicate is free.
        if (std::count(rows.begin(), rows.end(), rows[order[i]]) == 1)
          RC_ASSERT(b.fates[i] == a.fates[order[i]]);
      }
    }
  }));
}

TEST(TraceBuilderProperties, TreesAreInPreorderAndRowsHaveCalls) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    MadeRows made;
    for (const PlainRow& row : RandomRows(seed, true)) made.Add(row);
    TraceBuilder builder(made.names);
    model::DamageCounts damage;
    builder.Load({}, made.rows, damage);
    for (const RepairMode mode : kModes) {
      CallGraph graph;
      if (!builder.Build(mode, graph)) continue;
      uint32_t rows = 0;
      for (uint32_t i = 0; i < graph.calls.size(); ++i) {
        const TraceCall& call = graph.calls[i];
        rows += call.rows;
        RC_ASSERT(call.parent == kNone || call.parent < i);
        if (call.parent != kNone) RC_ASSERT(i < graph.calls[call.parent].subtree_end);
        RC_ASSERT(call.confidence >= 0 && call.confidence <= 1.0001f);
        if (mode == RepairMode::kRebuild && call.parent != kNone &&
            graph.calls[call.parent].callee != model::kNoService) {
          RC_ASSERT(call.caller == graph.calls[call.parent].callee);
        }
      }
      std::vector<RowFate> fates;
      builder.Fates(fates);
      RC_ASSERT(fates.size() == made.rows.size());
      uint32_t placed = 0;
      for (const RowFate& fate : fates) {
        placed += fate.placed ? 1 : 0;
        RC_ASSERT(!fate.placed || fate.call < graph.calls.size());
        if (mode == RepairMode::kRebuild) RC_ASSERT(fate.placed);
        if (fate.parent_row == kNone) continue;
        RC_ASSERT(fates[fate.parent_row].call == graph.calls[fate.call].parent);
      }
      RC_ASSERT(rows == placed);
    }
  }));
}

TEST(TraceBuilderProperties, UndamagedTracesAreTheSameInEveryMode) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    const std::vector<PlainRow> rows = RandomRows(seed, false);
    const Answer rebuilt = Build(rows, RepairMode::kRebuild);
    RC_ASSERT(rebuilt.undamaged);
    for (const RepairMode mode : kModes) {
      const Answer other = Build(rows, mode);
      RC_ASSERT(other.kept);
      RC_ASSERT(other.text == rebuilt.text);
    }
  }));
}

TEST(TraceBuilderProperties, RepairedRowsReadAgainNeedNoRepairOfLinks) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    MadeRows made;
    for (const PlainRow& row : RandomRows(seed, true)) made.Add(row);
    TraceBuilder builder(made.names);
    model::DamageCounts damage;
    builder.Load({}, made.rows, damage);
    CallGraph graph;
    RC_ASSERT(builder.Build(RepairMode::kRebuild, graph));
    std::vector<RowFate> fates;
    builder.Fates(fates);
    std::deque<model::Call> calls;
    std::deque<std::string> paths;
    std::vector<Row> rows;
    const auto put = [&](model::Call call, uint32_t index) {
      call.caller = graph.calls[index].caller;
      call.callee = graph.calls[index].callee;
      model::EncodePath(builder.CallPath(index), paths.emplace_back());
      rows.push_back({&calls.emplace_back(call), paths.back()});
    };
    for (size_t i = 0; i < fates.size(); ++i) {
      RC_ASSERT(fates[i].placed);  // this mode leaves nothing out
      put(*made.rows[i].call, fates[i].call);
    }
    for (uint32_t i = 0; i < graph.calls.size(); ++i) {
      if (graph.calls[i].rows == 0) put(model::Call{}, i);
    }
    TraceBuilder again(made.names);
    model::DamageCounts left;
    again.Load({}, rows, left);
    RC_ASSERT(left.Count(Damage::kMissingParent) == 0u);
    RC_ASSERT(left.Count(Damage::kConflictingCaller) == 0u);
    RC_ASSERT(left.Count(Damage::kPropagation) == 0u);
  }));
}

TEST(TraceBuilderProperties, OrderOfSpansAndNumbersOfNamesDoNotMatter) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    const std::vector<testing::PlainSpan> spans = RandomSpans(seed, true);
    // Every third trace has rows with paths too.
    const std::vector<PlainRow> rows =
        seed % 3 == 0 ? RandomRows(seed, true) : std::vector<PlainRow>();
    std::vector<size_t> order(spans.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::mt19937_64 random(seed + 1);
    std::shuffle(order.begin(), order.end(), random);
    std::vector<testing::PlainSpan> shuffled;
    for (const size_t i : order) shuffled.push_back(spans[i]);
    for (const RepairMode mode : kModes) {
      const Answer a = Build(spans, rows, mode);
      const Answer b = Build(shuffled, rows, mode);
      RC_ASSERT(a.text == b.text);
      RC_ASSERT(a.kept == b.kept);
      for (size_t i = 0; i < order.size() && a.kept; ++i) {
        if (std::count(spans.begin(), spans.end(), spans[order[i]]) == 1)
          RC_ASSERT(b.fates[i] == a.fates[order[i]]);
      }
    }
  }));
}

TEST(TraceBuilderProperties, UndamagedSpansAreTheSameInEveryMode) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    const std::vector<testing::PlainSpan> spans = RandomSpans(seed, false);
    const Answer rebuilt = Build(spans, {}, RepairMode::kRebuild);
    RC_ASSERT(rebuilt.undamaged);
    for (const RepairMode mode : kModes) {
      const Answer other = Build(spans, {}, mode);
      RC_ASSERT(other.kept);
      RC_ASSERT(other.text == rebuilt.text);
    }
  }));
}

TEST(TraceBuilderProperties, EverySpanIsASideOfACallOrFolded) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    testing::SpanRows made;
    testing::AddRows(RandomSpans(seed, true), made);
    TraceBuilder builder(made.names);
    model::DamageCounts damage;
    builder.Load({}, made.rows, damage);
    for (const RepairMode mode : kModes) {
      CallGraph graph;
      if (!builder.Build(mode, graph)) continue;
      std::vector<uint32_t> rows_of(graph.calls.size());
      std::vector<RowFate> fates;
      builder.Fates(fates);
      uint32_t placed = 0;
      for (const RowFate& fate : fates) {
        if (!fate.placed) continue;
        ++placed;
        ++rows_of[fate.call];
        if (fate.parent_row == kNone) continue;
        RC_ASSERT(fates[fate.parent_row].call == graph.calls[fate.call].parent);
      }
      for (uint32_t i = 0; i < graph.calls.size(); ++i) {
        const TraceCall& call = graph.calls[i];
        RC_ASSERT(rows_of[i] == call.rows);
        RC_ASSERT(call.parent == kNone || call.parent < i);
        // A remote call whose both sides are recorded is one call with both times.
        if (call.rows == 0) RC_ASSERT((call.mended & kMendedInserted) != 0);
        if (call.rows == 1) RC_ASSERT(call.client.known() != call.server.known());
      }
      if (mode != RepairMode::kPartial)
        RC_ASSERT(placed + graph.repairs.folded == made.rows.size());
    }
  }));
}

}  // namespace
}  // namespace plumbago::graph
