// Rows of stores that deliver a span more than once (Call::from_store).
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <random>

#include "graph/span_tree.h"
#include "graph/testing/span_rows.h"

namespace plumbago::graph {
namespace {

using model::Damage;
using testing::SpanRows;

struct Loaded {
  uint64_t copies = 0;
  uint64_t duplicates = 0;
  std::vector<std::pair<uint64_t, int64_t>> nodes;  // id, duration in ms
  std::vector<uint8_t> rows;                        // of each node
  std::vector<int64_t> of_row;                      // duration of the node of each row
};

Loaded Load(SpanRows& text, bool from_store = true) {
  for (const Row& row : text.rows) const_cast<model::Call*>(row.call)->from_store = from_store;
  SpanTree tree(text.names);
  tree.Load(text.rows);
  tree.Link(SpanTree::Reading::kRebuilt);
  model::DamageCounts counts;
  tree.FindDamage(0, counts);
  Loaded loaded{counts.Count(Damage::kCopy), counts.Count(Damage::kDuplicate), {}, {}, {}};
  for (const SpanNode& node : tree.nodes()) {
    if (node.call == nullptr) continue;
    loaded.nodes.emplace_back(node.span, node.call->duration_ns / 1'000'000);
    loaded.rows.push_back(node.rows);
  }
  for (uint32_t row = 0; row < text.rows.size(); ++row) {
    loaded.of_row.push_back(tree.nodes()[tree.node_of_row(row)].call->duration_ns / 1'000'000);
  }
  return loaded;
}

using Nodes = std::vector<std::pair<uint64_t, int64_t>>;

// Two blocks of a store: the second has all of the first's spans, one of them longer.
constexpr const char* kCopies =
    "1 - A 0 100 s http - op1 a1\n"
    "2 1 A 10 30 c rpc B get a1\n"
    "3 2 B 12 25 s rpc - /get b1\n"
    "1 - A 0 100 s http - op1 a1\n"
    "2 1 A 10 40 c rpc B get a1\n"
    "3 2 B 12 25 s rpc - /get b1\n"
    "3 2 B 11 25 s rpc - /get b1\n";

TEST(SpanCopies, TheLongestStays) {
  SpanRows text(kCopies);
  const Loaded loaded = Load(text);
  EXPECT_EQ(loaded.nodes, (Nodes{{1, 100}, {2, 40}, {3, 25}}));
  EXPECT_EQ(loaded.copies, 4u);
  EXPECT_EQ(loaded.duplicates, 0u);
  EXPECT_EQ(loaded.rows, (std::vector<uint8_t>{2, 2, 3}));
  EXPECT_EQ(loaded.of_row, (std::vector<int64_t>{100, 40, 25, 100, 40, 25, 25}));
}

// Elsewhere rows that differ are different spans under one id.
TEST(SpanCopies, OnlyOfStores) {
  SpanRows text(kCopies);
  const Loaded loaded = Load(text, false);
  EXPECT_EQ(loaded.nodes.size(), 5u);
  EXPECT_EQ(loaded.copies, 0u);
  EXPECT_EQ(loaded.duplicates, 2u);
}

// Zipkin's halves of a call have one id: they are no copies, nor are spans of other names.
TEST(SpanCopies, HalvesAndOtherNamesStay) {
  SpanRows text(
      "1 - A 0 100 s http - op1 a1\n"
      "2 1 A 10 30 c rpc B get a1\n"
      "2 1 B 12 25 s rpc - get b1\n"
      "2 1 B 12 25 s rpc - put b1\n"
      "2 1 B 12 25 s rpc - put b1\n");
  const Loaded loaded = Load(text);
  EXPECT_EQ(loaded.nodes.size(), 4u);
  EXPECT_EQ(loaded.copies, 1u);
}

// Against the rule read word by word, for any order of rows.
TEST(SpanCopies, SameAsBruteForceInAnyOrder) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 500; ++round) {
    std::vector<std::string> lines;
    const size_t size = 1 + random() % 10;
    for (size_t i = 0; i < size; ++i) {
      lines.push_back(fmt::format("{} - {} {} {} {} rpc - {} x\n", 1 + random() % 3,
                                  random() % 2 == 0 ? "A" : "B", random() % 3, 1 + random() % 4,
                                  random() % 2 == 0 ? "s" : "c", random() % 2 == 0 ? "f" : "g"));
    }
    Nodes first;
    for (int order = 0; order < 3; ++order) {
      std::string all;
      for (const std::string& line : lines) all += line;
      SpanRows text(all.c_str());
      Loaded loaded = Load(text);
      // Key of a row, and the longest of each.
      std::map<std::string, int64_t> longest;
      std::vector<std::string> keys;
      for (const Row& row : text.rows) {
        const model::Call& c = *row.call;
        keys.push_back(fmt::format("{} {} {} {} {}", c.span, static_cast<int>(c.side),
                                   Index(c.caller), Index(c.callee), Index(c.operation)));
        int64_t& most = longest.try_emplace(keys.back(), 0).first->second;
        most = std::max(most, c.duration_ns / 1'000'000);
      }
      ASSERT_EQ(loaded.nodes.size(), longest.size()) << all;
      ASSERT_EQ(loaded.copies, lines.size() - longest.size()) << all;
      for (size_t row = 0; row < keys.size(); ++row)
        ASSERT_EQ(loaded.of_row[row], longest[keys[row]]) << all;
      if (order == 0) first = loaded.nodes;
      ASSERT_EQ(loaded.nodes, first) << all;
      std::shuffle(lines.begin(), lines.end(), random);
    }
  }
}

}  // namespace
}  // namespace plumbago::graph
