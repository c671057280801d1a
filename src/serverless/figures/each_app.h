// Work for each application on several threads, its results in the order of applications.
#pragma once

#include <atomic>
#include <cstddef>
#include <vector>

#include "base/worker_threads.h"

namespace plumbago::serverless {

// f(index), for each index below `count`, in any order; each index once.
template <class F>
void ForEachIndex(size_t count, unsigned threads, F&& f) {
  std::atomic<size_t> next{0};
  constexpr size_t kBlock = 32;
  const auto work = [&](unsigned) {
    while (true) {
      const size_t from = next.fetch_add(kBlock);
      if (from >= count) return;
      for (size_t i = from; i < from + kBlock && i < count; ++i) f(i);
    }
  };
  // Where threads cannot be started or memory ran out in one, the caller's own does what is left.
  if (!RunOnThreads(threads, work)) work(0);
}

}  // namespace plumbago::serverless
