// Where instances lie, said once a block (docs/design/0014-placement.md): most rows of an instance
// would say the same.
#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "base/strong_id.h"
#include "model/sample.h"

namespace plumbago::formats {

class SaidPlaces {
 public:
  // Appends to `samples` that `instance` lies in `cluster`, unless it was said before.
  void Say(model::InstanceId instance, model::InstanceId cluster, const model::Origin& origin,
           std::vector<model::Sample>& samples) {
    if (!said_.insert(uint64_t{Index(instance)} << 32 | Index(cluster)).second) return;
    model::Sample& place = samples.emplace_back();
    place.measure = model::Measure::kCluster;
    place.instance = instance;
    place.host = cluster;
    place.origin = origin;
  }

 private:
  std::unordered_set<uint64_t> said_;
};

}  // namespace plumbago::formats
