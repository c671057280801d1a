#include "graph/tree_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

namespace plumbago::graph {
namespace {

// By definition: the callees of a call sorted by start, then by index; each followed by its own.
void Below(const std::vector<DraftCall>& drafts, const std::vector<uint8_t>& kept, uint32_t parent,
           std::vector<uint32_t>& out) {
  std::vector<uint32_t> callees;
  for (uint32_t d = 0; d < drafts.size(); ++d) {
    if (drafts[d].parent == parent && (kept.empty() || kept[d])) callees.push_back(d);
  }
  std::stable_sort(callees.begin(), callees.end(),
                   [&](uint32_t a, uint32_t b) { return drafts[a].start_ns < drafts[b].start_ns; });
  for (const uint32_t d : callees) {
    out.push_back(d);
    Below(drafts, kept, d, out);
  }
}

TEST(TreeOrder, IsWhatTheDefinitionSays) {
  std::mt19937 random(1);
  const auto below = [&random](size_t bound) { return static_cast<uint32_t>(random() % bound); };
  TreeOrder tree;
  for (int round = 0; round < 3000; ++round) {
    const uint32_t size = 1 + below(round % 11 == 0 ? 300 : 12);
    // Parents stand before their callees in the order of `places`, wherever that puts them.
    std::vector<uint32_t> places(size);
    std::iota(places.begin(), places.end(), 0u);
    if (round % 3 == 0) std::shuffle(places.begin(), places.end(), random);
    std::vector<DraftCall> drafts(size);
    const bool wide = round % 4 == 0;
    for (uint32_t i = 0; i < size; ++i) {
      DraftCall& draft = drafts[places[i]];
      if (i > 0 && below(8) != 0) draft.parent = places[wide ? 0 : i - 1 - below(std::min(i, 4u))];
      // Mostly in order, or backwards, or with ties, or all before the first, or without a time.
      draft.start_ns = round % 5 == 1   ? size - i
                       : round % 5 == 2 ? below(3)
                       : round % 5 == 3 ? (i == 1 ? size : i)
                       : below(16) == 0 ? model::kNoTime
                                        : static_cast<int64_t>(places[i]);
    }
    std::vector<uint8_t> kept;
    if (round % 7 == 0) {
      kept.assign(size, 1);
      for (uint32_t i = 0; i < size; ++i) {
        const uint32_t parent = drafts[places[i]].parent;
        kept[places[i]] = below(6) != 0 && (parent == kNone || kept[parent]);
      }
    }
    std::vector<uint32_t> expected;
    Below(drafts, kept, kNone, expected);
    std::vector<uint32_t> preorder{7, 7, 7};
    tree.Order(drafts, kept, preorder);
    ASSERT_EQ(preorder, expected) << "round " << round;
  }
}

}  // namespace
}  // namespace plumbago::graph
