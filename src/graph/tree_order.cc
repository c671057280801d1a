#include "graph/tree_order.h"

#include <algorithm>

namespace plumbago::graph {
namespace {

constexpr size_t kInsertionCalls = 32;

}  // namespace

void TreeOrder::Order(const std::vector<DraftCall>& drafts, const std::vector<uint8_t>& kept,
                      std::vector<uint32_t>& preorder) {
  preorder.clear();
  by_start_.clear();
  for (uint32_t i = 0; i < drafts.size(); ++i) {
    if (kept.empty() || kept[i]) by_start_.emplace_back(drafts[i].start_ns, i);
  }
  if (by_start_.size() > kInsertionCalls) {
    std::sort(by_start_.begin(), by_start_.end());
  } else {
    for (size_t i = 1; i < by_start_.size(); ++i) {
      const auto key = by_start_[i];
      size_t at = i;
      for (; at > 0 && key < by_start_[at - 1]; --at) by_start_[at] = by_start_[at - 1];
      by_start_[at] = key;
    }
  }

  links_.assign(drafts.size(), {});
  uint32_t root = kNone;
  for (size_t i = by_start_.size(); i-- > 0;) {
    const uint32_t d = by_start_[i].second;
    uint32_t& first = drafts[d].parent == kNone ? root : links_[drafts[d].parent].first_child;
    links_[d].next_sibling = first;
    first = d;
  }
  for (uint32_t d = root; d != kNone;) {
    preorder.push_back(d);
    if (links_[d].first_child != kNone) {
      d = links_[d].first_child;
      continue;
    }
    while (d != kNone && links_[d].next_sibling == kNone) d = drafts[d].parent;
    if (d != kNone) d = links_[d].next_sibling;
  }
}

}  // namespace plumbago::graph
