// The first few of many, by an order, without keeping the others.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace plumbago::analysis {

// Keeps `value` if it is among the `most` first ones so far: a heap with the last of them in front,
// which std::sort_heap(..., before) puts in order. One that is not kept is not copied.
template <class T, class V, class Before>
void KeepFirst(std::vector<T>& kept, V&& value, size_t most, Before before) {
  if (kept.size() == most) {
    if (most == 0 || !before(value, kept.front())) return;
    std::pop_heap(kept.begin(), kept.end(), before);
    kept.pop_back();
  }
  kept.push_back(std::forward<V>(value));
  std::push_heap(kept.begin(), kept.end(), before);
}

}  // namespace plumbago::analysis
