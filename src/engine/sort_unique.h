// Sorted, and each value once.
#pragma once

#include <algorithm>
#include <vector>

namespace plumbago::engine {

template <class T>
void SortUnique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace plumbago::engine
