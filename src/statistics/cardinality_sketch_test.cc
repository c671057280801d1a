#include "statistics/cardinality_sketch.h"

#include <gtest/gtest.h>

#include <cmath>

#include "statistics/random.h"

namespace plumbago::statistics {
namespace {

TEST(CardinalitySketch, ExactWhileSmall) {
  CardinalitySketch sketch;
  EXPECT_EQ(sketch.Estimate(), 0);
  for (int round = 0; round < 3; ++round) {
    for (uint64_t i = 0; i < 256; ++i) sketch.Add(Random(i).Next());
  }
  EXPECT_TRUE(sketch.exact());
  EXPECT_EQ(sketch.Estimate(), 256);
  sketch.Add(Random(999).Next());
  EXPECT_FALSE(sketch.exact());
  EXPECT_NEAR(sketch.Estimate(), 257, 10);
}

// The root mean square error over many sketches is the one that theory gives.
TEST(CardinalitySketch, ErrorIsAsStated) {
  for (const uint64_t n : {1000, 10'000, 100'000}) {
    double squares = 0;
    constexpr int kSketches = 60;
    for (uint64_t s = 0; s < kSketches; ++s) {
      CardinalitySketch sketch;
      Random random(MixSeed(s, n));
      for (uint64_t i = 0; i < n; ++i) sketch.Add(random.Next());
      const double error = sketch.Estimate() / static_cast<double>(n) - 1;
      squares += error * error;
    }
    EXPECT_LT(std::sqrt(squares / kSketches), 1.35 * CardinalitySketch::kStandardError) << n;
  }
}

TEST(CardinalitySketch, MergedEqualsAllInOne) {
  for (const uint64_t n : {100, 200, 300, 5000}) {
    CardinalitySketch even, odd, all;
    for (uint64_t i = 0; i < 2 * n; ++i) {
      (i % 2 == 0 ? even : odd).Add(Random(i).Next());
      all.Add(Random(i).Next());
    }
    CardinalitySketch one = even, other = odd;
    one.Merge(odd);
    other.Merge(even);
    EXPECT_EQ(one, all) << n;
    EXPECT_EQ(other, all) << n;
  }
}

TEST(CardinalitySketch, RefusesDamagedBytes) {
  for (const uint64_t n : {10, 5000}) {
    CardinalitySketch sketch;
    for (uint64_t i = 0; i < n; ++i) sketch.Add(Random(i).Next());
    std::string bytes;
    sketch.Save(bytes);
    for (size_t cut = 0; cut < bytes.size(); cut += 1 + cut / 10) {
      StateReader in(std::string_view(bytes).substr(0, cut));
      CardinalitySketch loaded;
      EXPECT_FALSE(loaded.Load(in));
      EXPECT_EQ(loaded, CardinalitySketch());
    }
  }
}

}  // namespace
}  // namespace plumbago::statistics
