#include "serverless/policy.h"

#include "serverless/each_index.h"

namespace plumbago::serverless {

std::vector<Outcome> PolicyByApp::Replay(const std::vector<AppArrivals>& apps,
                                         unsigned threads) const {
  std::vector<Outcome> outcomes(apps.size());
  ForEachIndex(apps.size(), threads, [&](size_t i) { outcomes[i] = ReplayApp(apps[i]); });
  return outcomes;
}

}  // namespace plumbago::serverless
