#include "graph/tree_order.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace plumbago::graph {
namespace {

// Siblings that may be passed while linking, on average.
constexpr size_t kSteps = 8;

}  // namespace

bool TreeOrder::AsTheyStand(const std::vector<DraftCall>& drafts, std::vector<uint32_t>& preorder) {
  const auto size = static_cast<uint32_t>(drafts.size());
  if (last_start_.size() < size) last_start_.resize(size);
  int64_t last_root = std::numeric_limits<int64_t>::min();
  for (uint32_t d = 0; d < size; ++d) {
    const DraftCall& draft = drafts[d];
    // Its caller must be the call before it or above that one, and no later sibling before it.
    if (draft.parent != kNone) {
      uint32_t above = d - 1;
      if (draft.parent >= d) return false;
      while (above != draft.parent) {
        above = drafts[above].parent;
        if (above == kNone) return false;
      }
    }
    int64_t& last = draft.parent == kNone ? last_root : last_start_[draft.parent];
    if (draft.start_ns < last) return false;
    last = draft.start_ns;
    last_start_[d] = std::numeric_limits<int64_t>::min();
  }
  preorder.resize(size);
  std::iota(preorder.begin(), preorder.end(), 0u);
  return true;
}

bool TreeOrder::LinkInOrder(const std::vector<DraftCall>& drafts, const std::vector<uint8_t>& kept,
                            uint32_t& root) {
  links_.assign(drafts.size(), {});
  Links entries;
  size_t steps = kSteps * drafts.size();
  for (uint32_t d = 0; d < drafts.size(); ++d) {
    if (!kept.empty() && !kept[d]) continue;
    Links& above = drafts[d].parent == kNone ? entries : links_[drafts[d].parent];
    const int64_t start = drafts[d].start_ns;
    if (above.last_child == kNone) {
      above.first_child = above.last_child = d;
    } else if (start >= drafts[above.last_child].start_ns) {
      links_[above.last_child].next_sibling = d;
      above.last_child = d;
    } else {
      uint32_t* next = &above.first_child;
      for (; drafts[*next].start_ns <= start; next = &links_[*next].next_sibling) {
        if (steps-- == 0) return false;
      }
      links_[d].next_sibling = *next;
      *next = d;
    }
  }
  root = entries.first_child;
  return true;
}

uint32_t TreeOrder::LinkSorted(const std::vector<DraftCall>& drafts,
                               const std::vector<uint8_t>& kept) {
  by_start_.clear();
  for (uint32_t i = 0; i < drafts.size(); ++i) {
    if (kept.empty() || kept[i]) by_start_.emplace_back(drafts[i].start_ns, i);
  }
  std::sort(by_start_.begin(), by_start_.end());
  links_.assign(drafts.size(), {});
  uint32_t root = kNone;
  for (size_t i = by_start_.size(); i-- > 0;) {
    const uint32_t d = by_start_[i].second;
    uint32_t& first = drafts[d].parent == kNone ? root : links_[drafts[d].parent].first_child;
    links_[d].next_sibling = first;
    first = d;
  }
  return root;
}

void TreeOrder::Order(const std::vector<DraftCall>& drafts, const std::vector<uint8_t>& kept,
                      std::vector<uint32_t>& preorder) {
  if (kept.empty() && AsTheyStand(drafts, preorder)) return;
  uint32_t root = kNone;
  if (!LinkInOrder(drafts, kept, root)) root = LinkSorted(drafts, kept);
  preorder.clear();
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
