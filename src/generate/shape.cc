#include "generate/shape.h"

#include <algorithm>

namespace plumbago::generate {

Shape Shape2021() {
  Shape shape;
  shape.epoch_ms =
      1'591'923'600'000;  // 12 June 2020 01:00 UTC: what ids minus timestamps give in the release
  return shape;
}

Shape Shape2022() {
  Shape shape;
  shape.traces_per_second = 4370;
  shape.traces_per_block = 3072;
  shape.rows_per_trace = 17;
  shape.epoch_ms = 0;
  shape.size_median = 6.5;
  shape.size_sigma = 1.3;
  shape.work_median = 450;
  shape.work_sigma = 1.4;
  shape.cache_median = 250;
  shape.root_is_zero = 0.6;
  shape.instances = true;
  return shape;
}

Shape ShapeOf(std::string_view format) {
  return format == "alibaba-2022" ? Shape2022() : Shape2021();
}

Shape WithPlants(Shape shape, const Plants& plants) {
  if (!plants.any()) return shape;
  shape.planted = true;
  shape.lanes = plants.parallel;
  shape.scatter = 0;
  shape.independent = plants.independent;
  shape.n_plus_1 = plants.n_plus_1;
  shape.retry = plants.retry;
  shape.cycles = plants.cycles;
  shape.cpu = plants.cpu;
  shape.clusters = plants.clusters;
  shape.loop_cache = shape.loop_database = shape.loop_stateless = 0;
  // An interface that several callers share would carry its plants to all of them.
  shape.reuse_interface = 0;
  return shape;
}

Shape ShapeFor(const TraceOptions& options) {
  const std::string_view format = options.format == nullptr ? "" : options.format->name();
  Shape shape = WithPlants(ShapeOf(format), options.plants);
  shape.placed = options.resources || options.plants.clusters > 0;
  if (shape.placed && format != "alibaba-2021") shape.instances = true;
  if (options.resources) {
    // An hour, as of traces that were sampled: loads change within it, and calls see it.
    const double traces = static_cast<double>(options.rows) / shape.rows_per_trace;
    shape.traces_per_second = std::clamp(traces / 3600, 1.0, shape.traces_per_second);
  }
  return shape;
}

}  // namespace plumbago::generate
