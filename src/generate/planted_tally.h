// What came of the plants, by call site: how many runs used it, how many calls they made there, how
// many of those failed.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "generate/system.h"

namespace plumbago::generate {

// A run of an interface that used a call site where something was planted.
struct PlantedRun {
  uint32_t site = 0;
  uint32_t calls = 0;
  uint32_t failed = 0;  // of them
};

class PlantedTally {
 public:
  struct Site {
    uint64_t runs = 0;
    uint64_t calls = 0;
    uint64_t failed = 0;
  };

  void Add(const std::vector<PlantedRun>& runs);
  void Merge(const PlantedTally& other);
  // By number of the site in the system.
  const std::map<uint32_t, Site>& sites() const { return sites_; }

 private:
  std::map<uint32_t, Site> sites_;
};

}  // namespace plumbago::generate
