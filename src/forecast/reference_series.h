// Published series that forecasts are tested on, as R's package `datasets` has them.
#pragma once

#include <vector>

namespace plumbago::forecast {

struct ReferenceSeries {
  const char* name;
  const char* source;
  std::vector<double> values;
};

const std::vector<ReferenceSeries>& AllReferenceSeries();

}  // namespace plumbago::forecast
