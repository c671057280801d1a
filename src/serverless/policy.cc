#include "serverless/policy.h"

#include <algorithm>
#include <atomic>

#include "base/worker_threads.h"

namespace plumbago::serverless {

std::vector<Outcome> PolicyByApp::Replay(const std::vector<AppArrivals>& apps,
                                         unsigned threads) const {
  constexpr size_t kAtOnce = 16;
  std::vector<Outcome> outcomes(apps.size());
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t begin; (begin = next.fetch_add(kAtOnce)) < apps.size();) {
      const size_t end = std::min(begin + kAtOnce, apps.size());
      for (size_t i = begin; i < end; ++i) outcomes[i] = ReplayApp(apps[i]);
    }
  };
  RunOnThreads(std::max(1u, threads), [&](unsigned) { work(); });
  work();  // what a thread that could not be started has left
  return outcomes;
}

}  // namespace plumbago::serverless
