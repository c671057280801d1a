#include "generate/shape.h"

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
  shape.loop_cache = shape.loop_database = shape.loop_stateless = 0;
  // An interface that several callers share would carry its plants to all of them.
  shape.reuse_interface = 0;
  return shape;
}

}  // namespace plumbago::generate
