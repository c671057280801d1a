#include "store/parquet/nested_set.h"

#include <algorithm>

namespace plumbago::store {
namespace {

constexpr uint32_t kNone = UINT32_MAX;

}  // namespace

std::vector<NestedSet> NestedSetsOf(std::span<const model::Call> calls) {
  const auto size = static_cast<uint32_t>(calls.size());
  std::vector<uint32_t> by_id(size);
  for (uint32_t i = 0; i < size; ++i) by_id[i] = i;
  // The last of an id is whom children hang below: servers stand behind clients.
  const auto rank = [&](uint32_t i) {
    return std::pair(calls[i].side == model::Side::kClient ? 0 : 1, i);
  };
  std::sort(by_id.begin(), by_id.end(), [&](uint32_t a, uint32_t b) {
    return calls[a].span != calls[b].span ? calls[a].span < calls[b].span : rank(a) < rank(b);
  });
  const auto end_of = [&](uint64_t id) {
    return std::upper_bound(by_id.begin(), by_id.end(), id,
                            [&](uint64_t wanted, uint32_t i) { return wanted < calls[i].span; });
  };
  std::vector<uint32_t> parent(size, kNone), first(size, kNone), next(size, kNone);
  for (uint32_t i = 0; i < size; ++i) {
    const bool server = calls[i].side == model::Side::kServer;
    uint64_t above = calls[i].parent_span;
    if (server && calls[i].span != 0) {
      const auto own =
          std::lower_bound(by_id.begin(), by_id.end(), calls[i].span,
                           [&](uint32_t k, uint64_t wanted) { return calls[k].span < wanted; });
      if (calls[*own].side == model::Side::kClient) {
        parent[i] = *own;
        continue;
      }
    }
    if (above == 0) continue;
    const auto found = end_of(above);
    if (found == by_id.begin() || calls[*(found - 1)].span != above || *(found - 1) == i) continue;
    parent[i] = *(found - 1);
  }
  // Circles: what cannot be reached from a root begins one at its first span.
  std::vector<uint32_t> seen(size, 0);
  for (uint32_t i = 0; i < size; ++i) {
    uint32_t at = i;
    while (at != kNone && seen[at] == 0) {
      seen[at] = i + 1;
      at = parent[at];
    }
    if (at != kNone && seen[at] == i + 1) parent[at] = kNone;
  }
  for (uint32_t i = size; i-- > 0;) {
    if (parent[i] == kNone) continue;
    next[i] = first[parent[i]];
    first[parent[i]] = i;
  }
  std::vector<NestedSet> sets(size);
  int32_t number = 0;
  for (uint32_t root = 0; root < size; ++root) {
    if (parent[root] != kNone) continue;
    int32_t depth = 0;
    for (uint32_t at = root;;) {
      sets[at].left = ++number;
      sets[at].depth = depth;
      if (first[at] != kNone) {
        at = first[at];
        ++depth;
        continue;
      }
      sets[at].right = ++number;
      while (at != root && next[at] == kNone) {
        at = parent[at];
        --depth;
        sets[at].right = ++number;
      }
      if (at == root) break;
      at = next[at];
    }
  }
  return sets;
}

}  // namespace plumbago::store
