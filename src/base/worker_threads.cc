#include "base/worker_threads.h"

#include <sched.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

namespace plumbago {

unsigned AvailableCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
  return std::max(1u, std::thread::hardware_concurrency());
}

Result<void> RunFallibleOnThreads(unsigned threads,
                                  const std::function<Result<void>(unsigned)>& work) {
  std::mutex mutex;
  std::optional<Error> first;
  const auto keep = [&](Error error) {
    const std::lock_guard lock(mutex);
    if (!first) first = std::move(error);
  };
  const auto run = [&](unsigned thread) {
    try {
      Result<void> done = work(thread);
      if (!done) keep(std::move(done.error()));
    } catch (const std::bad_alloc&) {
      keep({ErrorKind::kResource, "out of memory"});
    } catch (const std::length_error&) {
      keep({ErrorKind::kResource, "out of memory"});
    }
  };
  if (threads <= 1) {
    run(0);
  } else {
    std::vector<std::jthread> workers;
    workers.reserve(threads);
    for (unsigned i = 0; i < threads; ++i) {
      try {
        workers.emplace_back(run, i);
      } catch (const std::system_error&) {
        keep({ErrorKind::kResource, "cannot start a thread"});
        break;
      }
    }
  }
  if (first) return tl::unexpected(std::move(*first));
  return {};
}

}  // namespace plumbago
