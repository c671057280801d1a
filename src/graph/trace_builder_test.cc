#include "graph/trace_builder.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "graph/testing/rows.h"

namespace plumbago::graph {
namespace {

using model::Damage;
using testing::TextRows;

struct Built {
  bool undamaged = false;
  bool kept = false;
  model::DamageCounts damage;
  std::string tree;                // a line a call: "  id caller>callee", two blanks a level
  std::vector<std::string> fates;  // a line a row: parent row (1-based), "inserted" or "-"
  std::vector<std::string> actions;
  Repairs repairs;
  uint32_t damaged_rows = 0, joined_rows = 0;
  std::vector<TraceCall> calls;
};

Built Build(const TextRows& text, RepairMode mode = RepairMode::kRebuild) {
  Built built;
  TraceBuilder builder(text.names);
  built.undamaged = builder.Load({}, text.rows, built.damage);
  built.damaged_rows = builder.damaged_rows();
  built.joined_rows = builder.joined_rows();
  CallGraph graph;
  built.kept = builder.Build(mode, graph);
  if (!built.kept) return built;
  const auto name = [&](model::ServiceId service) {
    const std::string_view found = text.names.Text(service);
    return std::string(found.empty() ? "-" : found);
  };
  for (uint32_t i = 0; i < graph.calls.size(); ++i) {
    const TraceCall& call = graph.calls[i];
    built.tree += fmt::format("{:{}}{} {}>{}{}\n", "", 2 * call.depth, builder.CallPath(i),
                              name(call.caller), name(call.callee), call.rows == 0 ? " lost" : "");
  }
  std::vector<RowFate> fates;
  builder.Fates(fates);
  for (const RowFate& fate : fates) {
    built.fates.push_back(fate.parent_inserted       ? "inserted"
                          : fate.parent_row != kNone ? fmt::format("{}", fate.parent_row + 1)
                                                     : "-");
    built.actions.emplace_back(fate.action);
  }
  built.repairs = graph.repairs;
  built.calls.assign(graph.calls.begin(), graph.calls.end());
  return built;
}

Built Build(const char* text, RepairMode mode = RepairMode::kRebuild) {
  return Build(TextRows(text), mode);
}

std::vector<std::string> Words(std::initializer_list<const char*> words) {
  return {words.begin(), words.end()};
}

TEST(TraceBuilder, UndamagedIsTheSameInEveryMode) {
  const char* text =
      "0.2 A C cache 20 3\n"
      "0 - A http 0 100\n"
      "0.1 A B rpc 30 40\n"
      "0.1 A B rpc 31 -38\n"
      "0.1.1 B D database 40 5\n"
      "0 - A http 1 -99\n";
  for (const auto mode : {RepairMode::kNone, RepairMode::kAccurate, RepairMode::kRpcid,
                          RepairMode::kPartial, RepairMode::kRebuild}) {
    const Built built = Build(text, mode);
    EXPECT_TRUE(built.undamaged);
    EXPECT_TRUE(built.kept);
    EXPECT_TRUE(built.repairs.whole());
    // Siblings by start: 0.2 began before 0.1.
    EXPECT_EQ(built.tree, "0 ->A\n  0.2 A>C\n  0.1 A>B\n    0.1.1 B>D\n");
    EXPECT_EQ(built.fates, Words({"2", "-", "2", "2", "3", "-"}));
    EXPECT_EQ(built.damaged_rows, 0u);
  }
}

TEST(TraceBuilder, ClientAndServerTimes) {
  const Built built = Build(
      "0 - A http 0 100\n0 - A http 1 -99\n0.1 A B rpc 10 ~9\n0.1 A B rpc 12 ~7\n0.2 A C rpc 30 "
      "-5\n");
  ASSERT_EQ(built.calls.size(), 3u);
  EXPECT_EQ(built.calls[0].client.duration_ns, 100'000'000);
  EXPECT_EQ(built.calls[0].server.duration_ns, 99'000'000);
  EXPECT_EQ(built.calls[1].client.duration_ns, 9'000'000);
  EXPECT_EQ(built.calls[1].client.start_ns, 10'000'000);
  EXPECT_EQ(built.calls[1].server.duration_ns, 7'000'000);
  EXPECT_FALSE(built.calls[2].client.known());
  EXPECT_EQ(built.calls[2].server.duration_ns, 5'000'000);
  EXPECT_EQ(built.calls[1].rows, 2);
}

TEST(TraceBuilder, EntryBehindAProxyIsNoDamage) {
  EXPECT_TRUE(Build("0.1.1 - A http 0 100\n0.1.1.1 A B cache 1 2\n").undamaged);
  EXPECT_TRUE(Build("0.1 X A http 0 100\n0.1.1 A B cache 1 2\n").undamaged);
}

TEST(TraceBuilder, OnlyRecordOfAnEntryIsItsOwn) {
  const Built built = Build("0 - A http 0 ~100\n0.1 A B http 1 ~2\n");
  EXPECT_TRUE(built.calls[0].server.known());
  EXPECT_FALSE(built.calls[0].client.known());
  EXPECT_TRUE(built.calls[1].client.known());
}

TEST(TraceBuilder, DuplicatesAreJoinedAndChangeNothing) {
  // Sides marked: any repeat.
  Built built = Build(
      "0 - A http 0 100\n0 - A http 0 100\n0.1 A B cache 1 2\n0.1 A B cache 1 2\n0.1 A B cache 1 "
      "2\n");
  EXPECT_TRUE(built.undamaged);
  EXPECT_EQ(built.damage.Count(Damage::kDuplicate), 3u);
  EXPECT_EQ(built.joined_rows, 2u);
  EXPECT_EQ(built.damaged_rows, 3u);
  EXPECT_EQ(built.tree, "0 ->A\n  0.1 A>B\n");
  // Sides not marked: two equal rows are the two sides of a call; the third is a duplicate, and the
  // second of a kind with one.
  built = Build(
      "0 USER A http 0 ~100\n0 USER A http 0 ~100\n0 USER A http 0 ~100\n0.1 A B cache 1 ~2\n0.1 A "
      "B cache 1 ~2\n");
  EXPECT_TRUE(built.undamaged);
  EXPECT_EQ(built.damage.Count(Damage::kDuplicate), 2u);
  EXPECT_TRUE(built.calls[0].client.known());
  EXPECT_TRUE(built.calls[0].server.known());
}

TEST(TraceBuilder, BothRowsClaimOneSide) {
  const Built built = Build("0 - A http 0 100\n0.1 A B rpc 1 20\n0.1 A B rpc 2 19\n");
  EXPECT_EQ(built.damage.Count(Damage::kSign), 1u);
  EXPECT_TRUE(built.undamaged);
  EXPECT_EQ(built.tree, "0 ->A\n  0.1 A>B\n");
  EXPECT_EQ(built.calls[1].client.duration_ns, 20'000'000);
  EXPECT_EQ(built.calls[1].server.duration_ns, 19'000'000);
}

TEST(TraceBuilder, NamesAreFilledFromTheOtherRowTheCallAboveAndTheCallsBelow) {
  const Built built = Build(
      "0 - A http 0 100\n0.1 A - rpc 10 50 f\n0.1 - B rpc 11 -48 f\n"  // from each other
      "0.2 - C cache 5 2\n"                                            // from the call above
      "0.1.1 B - rpc 20 9\n0.1.1.1 D E cache 22 1\n");                 // from below
  EXPECT_FALSE(built.undamaged);
  EXPECT_EQ(built.damage.Count(Damage::kUnknownName), 4u);
  EXPECT_EQ(built.tree, "0 ->A\n  0.2 A>C\n  0.1 A>B\n    0.1.1 B>D\n      0.1.1.1 D>E\n");
  EXPECT_EQ(built.repairs.mended_names, 3u);
  EXPECT_EQ(built.fates, Words({"-", "1", "1", "1", "2", "5"}));
  EXPECT_NE(built.actions[1], "");
  EXPECT_EQ(built.actions[5], "");
}

TEST(TraceBuilder, ConflictingCallerIsLinkedByItsId) {
  const Built built = Build("0 - A http 0 100\n0.1 A B rpc 10 50\n0.1.1 X C cache 20 2\n");
  EXPECT_EQ(built.damage.Count(Damage::kConflictingCaller), 1u);
  EXPECT_EQ(built.tree, "0 ->A\n  0.1 A>B\n    0.1.1 B>C\n");
  EXPECT_EQ(built.repairs.mended_names, 1u);
}

TEST(TraceBuilder, LostCallerIsInserted) {
  const char* text =
      "0 - A http 0 100\n0.1.1 B C cache 20 2\n0.1.2 B D cache 25 2\n0.2 A E cache 1 2\n";
  const Built built = Build(text);
  EXPECT_EQ(built.damage.Count(Damage::kMissingParent), 2u);
  EXPECT_EQ(built.tree, "0 ->A\n  0.2 A>E\n  0.1 A>B lost\n    0.1.1 B>C\n    0.1.2 B>D\n");
  EXPECT_EQ(built.fates, Words({"-", "inserted", "inserted", "1"}));
  EXPECT_EQ(built.repairs.inserted, 1u);
  EXPECT_FALSE(Build(text, RepairMode::kAccurate).kept);
  EXPECT_EQ(Build(text, RepairMode::kPartial).tree, "0 ->A\n  0.2 A>E\n");
  EXPECT_EQ(Build(text, RepairMode::kPartial).repairs.rows_unplaced, 2u);
  EXPECT_EQ(Build(text, RepairMode::kNone).tree, "0 ->A\n  0.2 A>E\n0.1.1 B>C\n0.1.2 B>D\n");
}

TEST(TraceBuilder, AChainOfLostCallersIsInserted) {
  const Built built = Build("0 - A http 0 100\n0.1.4.1.1 D E cache 20 2\n");
  EXPECT_EQ(
      built.tree,
      "0 ->A\n  0.1 A>- lost\n    0.1.4 ->- lost\n      0.1.4.1 ->D lost\n        0.1.4.1.1 D>E\n");
}

TEST(TraceBuilder, LostRootIsShared) {
  const Built built = Build(
      "0.1.2 A C cache 20 2\n0.1.1 A B rpc 5 40\n0.1.1.1 B D cache 6 1\n0.1.10 A E cache 9 1\n");
  EXPECT_EQ(built.damage.Count(Damage::kMissingParent), 3u);
  EXPECT_EQ(built.tree, "0.1 ->A lost\n  0.1.1 A>B\n    0.1.1.1 B>D\n  0.1.10 A>E\n  0.1.2 A>C\n");
  EXPECT_EQ(built.fates, Words({"inserted", "inserted", "2", "inserted"}));
}

TEST(TraceBuilder, SiblingsOfOneIdAreToldApart) {
  const Built built = Build(
      "0 - A http 0 100\n0.1 A B rpc 5 20 f\n0.1 A B rpc 6 -18 f\n0.1 A C rpc 30 30 g\n0.1 A C rpc "
      "31 -28 g\n"
      "0.1.1 B D cache 8 2\n0.1.2 C E cache 40 2\n");
  EXPECT_EQ(built.damage.Count(Damage::kPropagation), 1u);
  EXPECT_EQ(built.tree,
            "0 ->A\n  0.1-B-0 A>B\n    0.1-B-0.1 B>D\n  0.1-C-0 A>C\n    0.1-C-0.2 C>E\n");
  EXPECT_EQ(built.repairs.split, 2u);
  EXPECT_EQ(built.fates, Words({"-", "1", "1", "1", "1", "2", "4"}));
}

TEST(TraceBuilder, CallsOfOneIdAndOneNameAreToldApartByTime) {
  const Built built = Build(
      "0 - A http 0 100\n0.1 A B rpc 5 4 f\n0.1 A B rpc 30 40 f\n"
      "0.1.1 B D cache 35 22\n0.1.2 B E cache 60 2\n");
  EXPECT_EQ(built.fates, Words({"-", "1", "1", "3", "3"}));
  EXPECT_EQ(built.tree,
            "0 ->A\n  0.1-B-0 A>B\n  0.1-B-1 A>B\n    0.1-B-1.1 B>D\n    0.1-B-1.2 B>E\n");
}

TEST(TraceBuilder, CallWithItsCallersIdIsLinkedToIt) {
  const Built built = Build(
      "0 - A http 0 100\n0.1 A B rpc 5 40 f\n0.1 A B rpc 6 -38 f\n0.1 B C cache 9 2\n0.1.2 B D "
      "cache 12 2\n");
  EXPECT_EQ(built.fates, Words({"-", "1", "1", "2", "2"}));
  EXPECT_EQ(built.tree.find("0 ->A\n  0.1 A>B\n"), 0u) << built.tree;
}

TEST(TraceBuilder, TwoEntriesOfOneIdAreTwoTrees) {
  const Built built =
      Build("0 - A http 0 100\n0.1 A B cache 5 2\n0 - X http 90000 100\n0.1 X Y cache 90005 2\n");
  EXPECT_EQ(built.tree, "0-A-0 ->A\n  0-A-0.1 A>B\n0-X-0 ->X\n  0-X-0.1 X>Y\n");
  EXPECT_EQ(built.fates, Words({"-", "1", "-", "3"}));
}

TEST(TraceBuilder, CirclesAreOpened) {
  // Each of the two names the other's callee as its caller, and both have one id.
  const Built built = Build("0 - R http 0 100\n0.1 Y X rpc 10 20 f\n0.1 X Y rpc 10 20 g\n");
  ASSERT_EQ(built.calls.size(), 3u);
  EXPECT_EQ(built.calls[1].parent, 0u);
  EXPECT_EQ(built.calls[2].parent, 1u);
}

TEST(TraceBuilder, CirclesThroughALostCallAreOpened) {
  // C>D names the callee of B>C as its caller, B>C stands below the id of C>D: its own caller is
  // lost, and that one's is C>D by its times.
  const Built built = Build(
      "0 - A http 0 ~457\n"
      "0.1 A B other 2 91 f\n"
      "0.1.1 C D message 2 81 f\n"
      "0.1.1 B A rpc 3 9 f\n"
      "0.1.1.2 D A database 2 48 g\n"
      "0.2 A A rpc 2 ~181 h\n"
      "0.1.1.1.2 B C other 5 38 h\n"
      "0.1.1.1.1.1 A D cache 4 4 f\n"
      "0.1.1.1.1.2 A A rpc 4 4 h\n");
  EXPECT_EQ(built.tree,
            "0 ->A\n"
            "  0.1 A>B\n"
            "    0.1.1-D-0 B>D\n"
            "      0.1.1-D-0.2 D>A\n"
            "      0.1.1-D-0.1 D>B lost\n"
            "        0.1.1-D-0.1.1 B>A lost\n"
            "          0.1.1-D-0.1.1.1 A>D\n"
            "          0.1.1-D-0.1.1.2 A>A\n"
            "        0.1.1-D-0.1.2 B>C\n"
            "    0.1.1-A-0 B>A\n"
            "  0.2 A>A\n");
  EXPECT_EQ(built.repairs.rows_unplaced, 0u);
}

// A chain of calls under one id, each named as the caller of the one before, the less surely the
// later it stands; 0.1 E closes it. Wherever it is opened, what stands before that is a circle
// again.
uint32_t DepthOfChainInACircle(uint32_t links) {
  TextRows text(
      "0 - R http 1000000 0\n0.1 S1 E rpc 30 0\n0.1 R X rpc 1000000 0\n0.1.1 E S rpc 26 0\n");
  const Row last = text.rows.back();
  std::deque<model::Call> calls;
  for (uint32_t i = 1; i <= links; ++i) {
    model::Call& call = calls.emplace_back(*last.call);
    if (i < links) call.caller = text.names.Service(fmt::format("S{}", i + 1));
    call.callee = text.names.Service(fmt::format("S{}", i));
    call.start_ns = 15'000'000 + 11'000'000 * int64_t{i} / links;
    text.rows.push_back({&call, last.path});
  }
  const Built built = Build(text);
  EXPECT_EQ(built.repairs.rows_unplaced, 0u);
  uint32_t depth = 0;
  for (const TraceCall& call : built.calls) depth = std::max<uint32_t>(depth, call.depth);
  return depth;
}

TEST(TraceBuilder, CirclesWithoutEndGiveWayToTheIds) {
  EXPECT_GT(DepthOfChainInACircle(60), 10u);
  // Took a round for every few of its calls, which is quadratic.
  EXPECT_EQ(DepthOfChainInACircle(1000), 2u);
}

TEST(TraceBuilder, CachesDoNotCall) {
  // The call below the cache's id names the caller of the cache: its own id is wrong, or the
  // cache's is.
  const Built built = Build(
      "0 - A http 0 100\n0.1 A B rpc 5 50\n0.1.1 B M cache 10 30\n0.1.1 B M cache 10 30\n0.1.1.2 B "
      "C rpc 12 5\n");
  EXPECT_EQ(built.fates.back(), "2");
}

TEST(TraceBuilder, TiesAreNotStated) {
  const Built built = Build(
      "0 - A http 0 100\n0.1 A B rpc 5 40 f\n0.1 A B rpc 5 -40 f\n0.1 A B rpc 5 40 g\n0.1 A B rpc "
      "5 -40 g\n0.1 A B rpc 5 40 h\n"
      "0.1 A B rpc 5 -40 h\n0.1.1 B C cache 9 2\n");
  EXPECT_EQ(built.fates.back(), "-");
  EXPECT_NE(built.actions.back(), "");
}

TEST(TraceBuilder, ModesThatTakeIdsAtTheirWord) {
  const char* text =
      "0 - A http 0 100\n0.1 A - rpc 5 20 f\n0.1 A C rpc 30 30 g\n0.1.1 C E cache 40 2\n0.7.1 X Y "
      "cache 50 1\n";
  EXPECT_EQ(Build(text, RepairMode::kNone).tree,
            "0 ->A\n  0.1-(?)-0 A>-\n  0.1-C-0 A>C\n    0.1-C-0.1 C>E\n0.7.1 X>Y\n");
  EXPECT_EQ(Build(text, RepairMode::kRpcid).tree, "0 ->A\n  0.1 A>C\n    0.1.1 C>E\n0.7.1 X>Y\n");
  const Built none = Build(text, RepairMode::kNone);
  EXPECT_EQ(none.fates, Words({"-", "1", "1", "3", "-"}));
  EXPECT_EQ(none.calls.size(), 5u);
}

TEST(TraceBuilder, RepairedRowsReadAgainAreUndamaged) {
  TextRows text(
      "0 - A http 0 100\n0.1 A B rpc 5 20 f\n0.1 A C rpc 30 30 g\n0.1.1 B D cache 8 2\n0.1.1 C E "
      "cache 40 2\n0.3.1 X Y cache 50 2\n"
      "0.2 - Z cache 1 1\n0.4 W V cache 2 1\n");
  TraceBuilder builder(text.names);
  model::DamageCounts damage;
  EXPECT_FALSE(builder.Load({}, text.rows, damage));
  CallGraph graph;
  ASSERT_TRUE(builder.Build(RepairMode::kRebuild, graph));
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
  for (size_t i = 0; i < fates.size(); ++i) put(*text.rows[i].call, fates[i].call);
  for (uint32_t i = 0; i < graph.calls.size(); ++i) {
    if (graph.calls[i].rows == 0) put(model::Call{}, i);
  }
  TraceBuilder again(text.names);
  model::DamageCounts none;
  EXPECT_TRUE(again.Load({}, rows, none));
}

TEST(TraceBuilder, RowsWithoutIdsDoNotCrash) {
  const Built built = Build("- A B rpc 0 5\n- A B rpc 0 5\n- - - rpc 3 5\n");
  EXPECT_EQ(built.calls.size(), 3u);
}

TEST(TraceBuilder, DeepAndWideTracesAreNoTrouble) {
  TextRows deep("0 - S0 http 0 1000\n");
  std::string id = "0";
  for (int i = 1; i < 200; ++i) {
    id += ".1";
    deep.Add(fmt::format("{} S{} S{} rpc {} 900\n", id, i - 1, i, i));
  }
  EXPECT_TRUE(Build(deep).undamaged);
  EXPECT_EQ(Build(deep).calls.back().depth, 199);
  // The deepest alone: 198 lost callers.
  TextRows alone;
  alone.Add("0 - S0 http 0 1000\n" + id + " X Y cache 5 1\n");
  EXPECT_EQ(Build(alone).repairs.inserted, 72u);  // no more than four times the rows, and 64
}

TEST(TraceBuilder, ExamplesPointAtTheFirstRow) {
  const Built built = Build("0 - A http 0 100\n0.1.1 B C cache 20 2\n0.2.1 B C cache 20 2\n");
  const model::Example* first = built.damage.First(Damage::kMissingParent);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->origin.line, 2u);
  EXPECT_NE(first->text.find("0.1.1"), std::string::npos);
}

}  // namespace
}  // namespace plumbago::graph
