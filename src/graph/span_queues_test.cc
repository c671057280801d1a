// Consumers of queues among spans (docs/design/0016-links.md): who their caller is.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>

#include "graph/testing/span_rows.h"
#include "graph/trace_builder.h"

namespace plumbago::graph {
namespace {

struct Built {
  bool undamaged = false;
  std::string tree;  // a line a call: "caller>callee", two blanks a level
  Repairs repairs;
};

Built Build(const char* text, RepairMode mode = RepairMode::kRebuild) {
  const testing::SpanRows rows(text);
  TraceBuilder builder(rows.names);
  model::DamageCounts damage;
  Built built;
  built.undamaged = builder.Load({}, rows.rows, damage);
  CallGraph graph;
  if (!builder.Build(mode, graph)) return built;
  const auto name = [&](model::ServiceId service) {
    return service == model::kNoService ? std::string("-") : std::string(rows.names.Text(service));
  };
  for (const TraceCall& call : graph.calls) {
    built.tree +=
        fmt::format("{:{}}{}>{}\n", "", 2 * call.depth, name(call.caller), name(call.callee));
  }
  built.repairs = graph.repairs;
  return built;
}

constexpr RepairMode kModes[] = {RepairMode::kNone, RepairMode::kAccurate, RepairMode::kRpcid,
                                 RepairMode::kPartial, RepairMode::kRebuild};

TEST(SpanQueues, TheQueueMadeTheCallOfATraceThatItsConsumerBegins) {
  for (const RepairMode mode : kModes) {
    for (const char* root : {"1 - A 0 100 s message Q op1\n", "1 77 A 0 100 s message Q op1\n"}) {
      const Built built =
          Build((root + std::string("2 1 A 10 5 c database db sel\n")).c_str(), mode);
      EXPECT_TRUE(built.undamaged);
      EXPECT_EQ(built.tree, "Q>A\n  A>db\n");
      EXPECT_EQ(built.repairs.from_queues, 1u);
    }
  }
  EXPECT_EQ(Build("1 - A 0 100 s message - op1\n").tree, "->A\n");  // it names none
  EXPECT_EQ(Build("1 - A 0 100 s message - op1\n").repairs.from_queues, 0u);
}

TEST(SpanQueues, AProducerInTheTraceMadeTheCall) {
  for (const RepairMode mode : kModes) {
    const Built built = Build(
        "1 - P 0 100 s http - in\n"
        "2 1 P 10 2 c message Q send\n"
        "3 2 A 50 30 s message Q take\n"
        "4 2 B 55 30 s message Q take\n",  // a second one of the same message
        mode);
    EXPECT_TRUE(built.undamaged);  // that another name than the parent's is told is no conflict
    EXPECT_EQ(built.tree, "->P\n  P>A\n  P>B\n");
    EXPECT_EQ(built.repairs.from_queues, 0u);
  }
  // Nobody took it: the producer's span says where it went.
  EXPECT_EQ(Build("1 - P 0 100 s http\n2 1 P 10 2 c message Q send\n").tree, "->P\n  P>Q\n");
}

TEST(SpanQueues, OfTheConsumersWithoutAProducerTheQueueIsTheCaller) {
  const char* const text =
      "1 - P 0 100 s http - in\n"
      "3 9 A 50 30 s message Q take\n";  // 9 is lost
  EXPECT_EQ(Build(text, RepairMode::kNone).tree, "->P\nQ>A\n");
  EXPECT_EQ(Build(text, RepairMode::kNone).repairs.from_queues, 1u);
  // The lost span sent it: the call of the queue is what is put in.
  const Built rebuilt = Build(text);
  EXPECT_FALSE(rebuilt.undamaged);
  EXPECT_EQ(rebuilt.tree, "->P\n  P>Q\n    Q>A\n");
}

TEST(SpanQueues, APollBelowOwnWorkAndWhatIsDoneWithTheMessage) {
  for (const RepairMode mode : kModes) {
    const Built built = Build(
        "1 - A 0 100 - internal - loop\n"
        "2 1 A 10 50 s message Q receive\n"
        "3 2 A 20 30 s message Q process\n"
        "4 3 A 25 5 c rpc B get\n",
        mode);
    EXPECT_TRUE(built.undamaged);
    EXPECT_EQ(built.tree, "->A\n  Q>A\n    A>B\n");  // taken once, though two spans tell
    EXPECT_EQ(built.repairs.folded, 1u);
    EXPECT_EQ(built.repairs.from_queues, 1u);
  }
}

}  // namespace
}  // namespace plumbago::graph
