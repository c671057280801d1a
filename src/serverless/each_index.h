// Work for each of many things (applications, owners, functions) on several threads, where each
// leaves its result in its own place: the same for any number of threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <type_traits>

#include "base/worker_threads.h"

namespace plumbago::serverless {

// f(index) or f(index, thread), for each index below `count`, each once, in any order; `thread` is
// below max(threads, 1). Where threads cannot be started the caller's own does what is left.
template <class F>
void ForEachIndex(size_t count, unsigned threads, F&& f) {
  constexpr size_t kAtOnce = 16;
  std::atomic<size_t> next{0};
  const auto work = [&](unsigned thread) {
    for (size_t begin; (begin = next.fetch_add(kAtOnce)) < count;) {
      for (size_t i = begin; i < std::min(begin + kAtOnce, count); ++i) {
        if constexpr (std::is_invocable_v<F&, size_t, unsigned>) {
          f(i, thread);
        } else {
          f(i);
        }
      }
    }
  };
  RunOnThreads(std::max(1u, threads), work);
  work(0);
}

}  // namespace plumbago::serverless
