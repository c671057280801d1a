#include "graph/span_calls.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <ctime>
#include <span>
#include <string>
#include <vector>

#include "graph/testing/span_rows.h"
#include "graph/trace_builder.h"

namespace plumbago::graph {
namespace {

using model::Damage;
using testing::SpanRows;

struct Built {
  bool undamaged = false;
  bool kept = false;
  model::DamageCounts damage;
  // A line a call, two blanks a level: "caller>callee client+server self", times in ms; "!" and
  // what was mended.
  std::string tree;
  std::vector<RowFate> fates;
  Repairs repairs;
  uint32_t damaged_rows = 0, joined_rows = 0;
  std::vector<TraceCall> calls;
  std::vector<Node> nodes;
  std::vector<std::string> paths;
};

Built Build(const SpanRows& text, RepairMode mode = RepairMode::kRebuild) {
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
  const auto ms = [](int64_t ns) {
    return ns == model::kNoTime ? std::string("-") : fmt::format("{}", ns / 1'000'000);
  };
  for (uint32_t i = 0; i < graph.calls.size(); ++i) {
    const TraceCall& call = graph.calls[i];
    built.tree +=
        fmt::format("{:{}}{}>{} {}+{} {}", "", 2 * call.depth, name(call.caller), name(call.callee),
                    ms(call.client.duration_ns), ms(call.server.duration_ns), ms(call.self_ns));
    if (call.mended != 0) built.tree += fmt::format(" !{}", call.mended);
    built.tree += "\n";
    if (call.depth < 50) built.paths.push_back(builder.CallPath(i));
  }
  builder.Fates(built.fates);
  built.repairs = graph.repairs;
  built.calls.assign(graph.calls.begin(), graph.calls.end());
  built.nodes.assign(graph.nodes.begin(), graph.nodes.end());
  return built;
}

Built Build(const char* text, RepairMode mode = RepairMode::kRebuild) {
  return Build(SpanRows(text), mode);
}

constexpr RepairMode kModes[] = {RepairMode::kNone, RepairMode::kAccurate, RepairMode::kRpcid,
                                 RepairMode::kPartial, RepairMode::kRebuild};

TEST(SpanCalls, MarkedSidesAreOneCall) {
  for (const RepairMode mode : kModes) {
    const Built built = Build(
        "1 - A 0 100 s http - op1 a1\n"
        "2 1 A 10 30 c rpc B get a1\n"
        "3 2 B 12 25 s rpc - /get b1\n"
        "4 3 B 14 5 c database db sel b1\n",
        mode);
    EXPECT_TRUE(built.undamaged);
    EXPECT_EQ(built.tree, "->A -+100 70\n  A>B 30+25 20\n    B>db 5+- 5\n");
    EXPECT_EQ(built.calls[1].rows, 2);
    EXPECT_EQ(built.repairs.folded, 0u);
    EXPECT_EQ(built.repairs.sides_inferred, 0u);
    EXPECT_EQ(built.calls[2].kind, model::Kind::kDatabase);
    EXPECT_EQ(built.paths, (std::vector<std::string>{"0", "0.1", "0.1.1"}));
    EXPECT_EQ(built.fates[3].parent_row, 1u);
    EXPECT_EQ(built.fates[2].call, 1u);
  }
}

TEST(SpanCalls, OperationIsTheCalleesAndInstancesAreOfBothSides) {
  SpanRows rows(
      "1 - A 0 100 s http - op1 a1\n2 1 A 10 30 c rpc - get a2\n3 2 B 12 25 s rpc - /get b1\n");
  const Built built = Build(rows);
  EXPECT_EQ(rows.names.Text(built.calls[1].operation), "/get");
  EXPECT_EQ(rows.names.Text(built.calls[1].caller_instance), "a2");
  EXPECT_EQ(rows.names.Text(built.calls[1].callee_instance), "b1");
}

TEST(SpanCalls, SharedIdsOfZipkinAreTheTwoHalves) {
  const Built built = Build("1 - A 0 100 s\n2 1 A 10 30 c\n2 1 B 12 25 s\n3 2 B 13 4 c cache mc\n");
  EXPECT_TRUE(built.undamaged);
  EXPECT_EQ(built.tree, "->A -+100 70\n  A>B 30+25 21\n    B>mc 4+- 4\n");
}

TEST(SpanCalls, InferredSides) {
  // 2 has one child, of another service and within its time: the client's half.
  const Built built = Build("1 - A 0 100\n2 1 A 10 30\n3 2 B 12 25\n4 1 A 50 20\n5 4 A 55 5\n");
  EXPECT_TRUE(built.undamaged);
  EXPECT_EQ(built.tree, "->A -+100 70\n  A>B 30+25 25\n");
  EXPECT_EQ(built.repairs.sides_inferred, 1u);
  EXPECT_EQ(built.repairs.folded, 2u);
  EXPECT_EQ(built.nodes.size(), 2u);
  EXPECT_FALSE(built.fates[4].placed);
  EXPECT_NE(std::string(built.fates[4].action).find("folded"), std::string::npos);
  // The server's may end a little later, but not later than half of the client's.
  EXPECT_EQ(Build("1 - A 0 100\n2 1 A 10 30\n3 2 B 12 30\n").tree,
            "->A -+100 70\n  A>B 30+30 30\n");
  EXPECT_EQ(Build("1 - A 0 100\n2 1 A 10 2\n3 2 B 11 3\n").tree, "->A -+100 97\n  A>B -+3 3\n");
  // Not within its time, two children, or the service's own entry: no half.
  EXPECT_EQ(Build("1 - A 0 100\n2 1 A 10 30\n3 2 B 12 31\n").tree, "->A -+100 69\n  A>B -+31 31\n");
  EXPECT_EQ(Build("1 - A 0 100\n2 1 A 10 30\n3 2 B 12 5\n4 2 C 20 6\n").tree,
            "->A -+100 89\n  A>B -+5 5\n  A>C -+6 6\n");
  EXPECT_EQ(Build("1 - A 0 100\n3 1 B 12 29\n").tree, "->A -+100 71\n  A>B -+29 29\n");
}

TEST(SpanCalls, SelfTimeIsWithoutTheUnionOfRemoteCallsBelowInTheService) {
  // Internal spans 2 and 3; remote calls 10..40 and 30..60 below them, a message that is not waited
  // for.
  const Built built = Build(
      "1 - A 0 100 s\n2 1 A 5 90 - internal\n3 2 A 8 60 - internal\n"
      "4 2 A 10 30 c rpc\n5 4 B 11 28 s rpc\n6 3 A 30 30 c rpc\n7 6 C 31 28 s rpc\n"
      "8 3 A 62 20 c message q\n");
  EXPECT_EQ(built.tree, "->A -+100 50\n  A>B 30+28 28\n  A>C 30+28 28\n  A>q 20+- 20\n");
  EXPECT_EQ(built.repairs.folded, 2u);
  for (const Node& node : built.nodes) EXPECT_LE(node.in_degree, 1u);
}

TEST(SpanCalls, ARemoteCallToItselfIsACall) {
  EXPECT_EQ(Build("1 - A 0 100 s\n2 1 A 10 30 c\n3 2 A 11 20 s\n4 1 A 50 20 s\n").tree,
            "->A -+100 50\n  A>A 30+20 20\n  A>A -+20 20\n");
}

TEST(SpanCalls, OfClientsWithinClientsOneIsTheCall) {
  // The inner reached a server.
  EXPECT_EQ(Build("1 - A 0 100 s\n2 1 A 10 40 c rpc X\n3 2 A 11 30 c\n4 3 B 12 20 s\n").tree,
            "->A -+100 70\n  A>B 30+20 20\n");
  // None did: the outermost, once.
  EXPECT_EQ(
      Build("1 - A 0 100 s\n2 1 A 10 40 c database X\n3 2 A 11 30 c http Y\n4 3 A 12 2 c\n").tree,
      "->A -+100 60\n  A>X 40+- 40\n");
  // Two attempts below one client: each reached a server.
  EXPECT_EQ(Build("1 - A 0 100 s\n2 1 A 10 40 c\n3 2 A 11 10 c\n4 3 B 12 8 s\n5 2 A 30 10 c\n"
                  "6 5 B 31 8 s\n")
                .tree,
            "->A -+100 80\n  A>B 10+8 8\n  A>B 10+8 8\n");
}

TEST(SpanCalls, OneClientTwoServers) {
  EXPECT_EQ(Build("1 - A 0 100 s\n2 1 A 10 40 c\n3 2 B 12 10 s\n4 2 B 30 10 s\n").tree,
            "->A -+100 60\n  A>B 40+10 10\n  A>B -+10 10\n");
}

TEST(SpanCalls, RootsOfClients) {
  EXPECT_EQ(Build("1 - L 0 100 c\n2 1 A 10 40 s\n").tree, "L>A 100+40 40\n");
  EXPECT_EQ(Build("1 - L 0 100 c\n2 1 A 10 40 s\n3 1 B 60 10 s\n").tree,
            "->L -+100 50\n  L>A -+40 40\n  L>B -+10 10\n");
  EXPECT_EQ(Build("1 - L 0 100 c\n2 1 L 10 40 - internal\n3 2 A 12 20 s\n").tree,
            "->L -+100 80\n  L>A -+20 20\n");
  EXPECT_EQ(Build("1 - L 0 100 c http X\n2 1 L 10 40 - internal\n").tree, "L>X 100+- 100\n");
}

TEST(SpanCalls, ACalleeWithoutASpanOfItsOwn) {
  const Built built = Build("1 - A 0 100 s\n2 1 A 10 40 c\n3 2 B 15 5 c cache mc\n");
  EXPECT_EQ(built.tree, "->A -+100 60\n  A>B 40+- 35\n    B>mc 5+- 5\n");
  // ... whose client's span is folded, since it reached a server through work of its own.
  EXPECT_EQ(
      Build("1 - A 0 100 s\n2 1 A 10 40 c\n3 2 B 15 9 c\n4 3 B 16 7 - internal\n5 4 C 17 5 s\n")
          .tree,
      "->A -+100 60\n  A>B 40+- 35\n    B>C -+5 5\n");
}

TEST(SpanCalls, SeveralEntries) {
  const Built built = Build("1 - A 0 10 s\n2 - B 20 10 s\n3 2 C 22 4 s\n");
  EXPECT_TRUE(built.undamaged);
  EXPECT_EQ(built.tree, "->A -+10 10\n->B -+10 6\n  B>C -+4 4\n");
  EXPECT_EQ(built.paths, (std::vector<std::string>{"0", "1", "1.1"}));
}

TEST(SpanCalls, MissingParents) {
  const char* text = "1 - A 0 100 s\n2 9 B 10 20 s\n3 9 C 40 20 s\n4 8 D 70 5 s\n";
  Built built = Build(text);
  EXPECT_FALSE(built.undamaged);
  EXPECT_EQ(built.damage.Count(Damage::kMissingParent), 3u);
  EXPECT_EQ(built.damaged_rows, 3u);
  // Two orphans of one span share it; own time of the entry cannot be told.
  EXPECT_EQ(built.tree,
            "->A -+100 -\n  A>- -+- - !8\n    ->B -+20 20 !1\n    ->C -+20 20 !1\n"
            "  A>- -+- - !8\n    ->D -+5 5 !1\n");
  EXPECT_EQ(built.repairs.inserted, 2u);
  EXPECT_TRUE(built.fates[1].parent_inserted);
  built = Build(text, RepairMode::kNone);
  EXPECT_EQ(built.tree, "->A -+100 100\n->B -+20 20\n->C -+20 20\n->D -+5 5\n");
  EXPECT_FALSE(Build(text, RepairMode::kAccurate).kept);
  EXPECT_EQ(Build(text, RepairMode::kPartial).tree, "->A -+100 100\n");
  EXPECT_EQ(Build(text, RepairMode::kPartial).repairs.rows_unplaced, 3u);
}

TEST(SpanCalls, ALostSpanOfTheEntrysServiceIsNoCall) {
  // The lost span is of the clients' service, which is the entry's: work inside it.
  const Built built = Build("1 - A 0 100 s\n2 9 A 10 20 c\n3 2 B 12 15 s\n");
  EXPECT_EQ(built.damage.Count(Damage::kMissingParent), 1u);
  EXPECT_EQ(built.tree, "->A -+100 80\n  A>B 20+15 15 !1\n");
  EXPECT_EQ(built.repairs.inserted, 0u);
}

TEST(SpanCalls, MissingRoot) {
  // Alone it is the entry, wherever its parent id leads: behind a proxy.
  EXPECT_TRUE(Build("2 1 A 0 10 s\n3 2 B 2 5 s\n").undamaged);
  const Built built = Build("2 1 A 0 10 s rpc A0\n3 1 B 20 5 s\n");
  EXPECT_EQ(built.damage.Count(Damage::kMissingParent), 2u);
  EXPECT_EQ(built.tree, "->A0 -+- - !8\n  A0>A -+10 10 !1\n  A0>B -+5 5 !1\n");
}

TEST(SpanCalls, SharedIds) {
  const char* text = "1 - A 0 100 s\n2 1 B 10 20 s\n2 1 C 40 20 s\n3 2 D 45 5 s\n4 3 E 46 2 s\n";
  Built built = Build(text);
  EXPECT_EQ(built.damage.Count(Damage::kPropagation), 1u);
  EXPECT_EQ(built.tree,
            "->A -+100 60\n  A>B -+20 20 !16\n  A>C -+20 15 !16\n    C>D -+5 3 !1\n"
            "      D>E -+2 2\n");
  EXPECT_EQ(built.repairs.split, 2u);
  built = Build(text, RepairMode::kNone);
  EXPECT_EQ(built.tree,
            "->A -+100 60\n  A>B -+20 20\n    B>D -+5 3\n      D>E -+2 2\n  A>C -+20 20\n");
  EXPECT_EQ(Build(text, RepairMode::kPartial).calls.size(), 3u);
}

TEST(SpanCalls, RepeatsAreJoined) {
  const Built built = Build("1 - A 0 100 s\n2 1 B 10 20 s\n2 1 B 10 20 s\n1 - A 0 100 s\n");
  EXPECT_TRUE(built.undamaged);
  EXPECT_EQ(built.damage.Count(Damage::kDuplicate), 2u);
  EXPECT_EQ(built.tree, "->A -+100 80\n  A>B -+20 20\n");
  EXPECT_EQ(built.joined_rows, 2u);
}

TEST(SpanCalls, CirclesAreOpenedAtTheEarliest) {
  Built built = Build("1 - A 0 100 s\n2 4 B 10 20 s\n3 2 C 11 10 s\n4 3 D 12 5 s\n");
  EXPECT_EQ(built.damage.Count(Damage::kCircle), 1u);
  EXPECT_EQ(built.tree, "->A -+100 100\n->B -+20 10\n  B>C -+10 5\n    C>D -+5 5\n");
  EXPECT_EQ(Build("1 1 A 0 100 s\n2 1 B 5 10 s\n").tree, "->A -+100 90\n  A>B -+10 10\n");
}

TEST(SpanCalls, Names) {
  Built built = Build("1 - A 0 100 s\n2 1 B 10 20 s rpc X\n3 1 - 40 20 s\n");
  EXPECT_EQ(built.damage.Count(Damage::kConflictingCaller), 1u);
  EXPECT_EQ(built.damage.Count(Damage::kUnknownName), 1u);
  EXPECT_EQ(built.tree, "->A -+100 60\n  A>B -+20 20 !2\n  A>- -+20 20\n");
  built = Build("1 - A 0 100 s\n2 1 B 10 20 s rpc X\n", RepairMode::kNone);
  EXPECT_EQ(built.tree, "->A -+100 80\n  X>B -+20 20\n");
}

// frontend and checkout as a mesh without kinds records them: each service's own spans, a client's
// span around every call (made-up ids and times).
TEST(SpanCalls, AShopWithoutKinds) {
  SpanRows rows(
      "10 - front 0 200 - unknown - /cart\n"
      "11 10 front 5 150 - unknown - Sent.Checkout/Place\n"
      "20 11 checkout 7 140 - unknown - Recv.Checkout/Place\n"
      "21 20 checkout 10 20 - unknown - Sent.Cart/Get\n"
      "30 21 cart 12 15 - unknown - Recv.Cart/Get\n"
      "22 20 checkout 40 90 - unknown - prepare\n"
      "23 22 checkout 45 40 - unknown - Sent.Product/Get\n"
      "40 23 product 46 35 - unknown - Recv.Product/Get\n");
  const Built built = Build(rows);
  EXPECT_TRUE(built.undamaged);
  EXPECT_EQ(built.tree,
            "->front -+200 50\n  front>checkout 150+140 80\n    checkout>cart 20+15 15\n"
            "    checkout>product 40+35 35\n");
  EXPECT_EQ(built.repairs.folded, 1u);
  EXPECT_EQ(built.repairs.sides_inferred, 3u);
}

TEST(SpanCalls, RowsWithPathsGoByPathBesideThem) {
  SpanRows rows("1 - A 0 100 s\n2 1 B 10 20 s\n9 8 C 50 5 s\n");
  std::string codes[2];
  model::EncodePath("0", codes[0]);
  model::EncodePath("0.1", codes[1]);
  model::Call entry;
  entry.callee = rows.names.Service("P");
  entry.side = model::Side::kServer;
  entry.start_ns = 500'000'000;
  entry.duration_ns = 9'000'000;
  model::Call below = entry;
  below.caller = entry.callee;
  below.callee = rows.names.Service("Q");
  below.duration_ns = 2'000'000;
  below.span = 1;  // with a path: not asked
  rows.rows.insert(rows.rows.begin(), {&below, codes[1]});
  rows.rows.push_back({&entry, codes[0]});
  const Built built = Build(rows, RepairMode::kNone);
  EXPECT_EQ(built.tree, "->A -+100 80\n  A>B -+20 20\n->C -+5 5\n->P -+9 7\n  P>Q -+2 2\n");
  EXPECT_EQ(built.fates[0].parent_row, 4u);
  EXPECT_EQ(built.fates[2].parent_row, 1u);
  EXPECT_EQ(Build(rows).damage.Count(Damage::kMissingParent), 1u);
  EXPECT_EQ(built.joined_rows, 5u);
}

enum Form { kChain, kStar, kInternalChain, kOneId, kOrphans, kCircle, kForms };

// A trace of one form.
void MakeLarge(int form, uint64_t size, SpanRows& rows) {
  const model::ServiceId names[] = {rows.names.Service("A"), rows.names.Service("B")};
  const auto id = [](uint64_t s) { return s * 0x9E3779B97F4A7C15ull | 1; };
  for (uint64_t s = 1; s <= size; ++s) {
    model::Call call;
    call.span = id(s);
    call.parent_span = s == 1 ? 0 : id(s - 1);
    call.start_ns = static_cast<int64_t>(s);
    call.duration_ns = static_cast<int64_t>(2 * (size - s) + 1);
    call.callee = names[s % 2];
    if (form == kStar || form == kOneId) {
      call.parent_span = s == 1 ? 0 : id(1);
      call.start_ns = static_cast<int64_t>(s * 7919 % size);
    }
    if (form == kInternalChain) call.callee = names[s == 1 ? 0 : 1];
    if (form == kOneId && s % 2 == 0) call.span = id(1);
    if (form == kOrphans && s % 3 == 0) call.parent_span = s << 20;
    if (form == kCircle && s == 1) call.parent_span = id(size);
    rows.Add(call);
  }
}

// CPU seconds of building it in every mode of `modes`.
double Seconds(int form, uint64_t size, std::span<const RepairMode> modes) {
  SpanRows rows;
  MakeLarge(form, size, rows);
  TraceBuilder builder(rows.names);
  model::DamageCounts damage;
  const std::clock_t begin = std::clock();
  builder.Load({}, rows.rows, damage);
  for (const RepairMode mode : modes) {
    CallGraph graph;
    if (builder.Build(mode, graph)) {
      EXPECT_GT(graph.calls.size(), 0u);
    }
  }
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

// Sixteen times the spans may take no more than some sixty times as long (caches): quadratic would
// be 256 times.
TEST(SpanCalls, LargeTracesOfAnyFormAreLinear) {
  for (int form = 0; form < kForms; ++form) {
    const double few = Seconds(form, 6'250, kModes);
    const double many = Seconds(form, 100'000, kModes);
    EXPECT_LT(many, 60 * few + 0.2) << form << ": " << few;
  }
}

TEST(SpanCalls, AMillionSpansInAChainOrBelowOne) {
  for (const int form : {kChain, kStar}) {
    const double seconds = Seconds(form, 1'000'000, std::span(kModes).last(1));
    EXPECT_LT(seconds, 20) << form;
  }
}

}  // namespace
}  // namespace plumbago::graph
