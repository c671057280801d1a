#include "generate/planted_tally.h"

namespace plumbago::generate {

void PlantedTally::Add(const std::vector<PlantedRun>& runs) {
  for (const PlantedRun& run : runs) {
    Site& site = sites_[run.site];
    ++site.runs;
    site.calls += run.calls;
    site.failed += run.failed;
  }
}

void PlantedTally::Merge(const PlantedTally& other) {
  for (const auto& [number, more] : other.sites_) {
    Site& site = sites_[number];
    site.runs += more.runs;
    site.calls += more.calls;
    site.failed += more.failed;
  }
}

}  // namespace plumbago::generate
