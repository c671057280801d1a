// Laws that hold for any data: merging is commutative and associative to the byte, saving and
// loading is the identity, any bytes are loaded or refused, and a sketch's answer is within its
// bound.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "statistics/cardinality_sketch.h"
#include "statistics/count_histogram.h"
#include "statistics/distribution_fit.h"
#include "statistics/moments.h"
#include "statistics/quantile_sketch.h"
#include "statistics/random.h"
#include "statistics/resampling.h"

namespace plumbago::statistics {
namespace {

// Values of every size: as many of three digits as of eighteen, some repeated, zeros among them.
std::vector<int64_t> Values(size_t most = 300) {
  const auto seed = *rc::gen::arbitrary<uint64_t>();
  const auto n = *rc::gen::inRange<size_t>(0, most);
  const auto bits = *rc::gen::inRange<uint64_t>(1, 63);
  Random random(seed);
  std::vector<int64_t> values(n);
  for (int64_t& value : values) {
    value = static_cast<int64_t>(random.Next() >> (64 - 1 - random.Below(bits)) >> 1);
  }
  return values;
}

struct Feed {
  static void Into(QuantileSketch& state, int64_t v) { state.Add(v, 1 + (v % 5 == 0) * 70'000u); }
  static void Into(CountHistogram& state, int64_t v) {
    state.Add(static_cast<uint64_t>(v), 1 + v % 3);
  }
  static void Into(CardinalitySketch& state, int64_t v) {
    state.Add(Random(static_cast<uint64_t>(v)).Next());
  }
  static void Into(Moments& state, int64_t v) { state.Add(v / 1'000'000 - 1000); }
  static void Into(BucketedRatio& state, int64_t v) {
    state.Add(Random(static_cast<uint64_t>(v)).Next(), v >> 20, -(v >> 22));
  }
};

template <class State>
State Of(const std::vector<int64_t>& values) {
  State state;
  for (const int64_t value : values) Feed::Into(state, value);
  return state;
}

template <class State>
std::string Bytes(const State& state) {
  std::string bytes;
  state.Save(bytes);
  return bytes;
}

template <class State>
State Merged(State a, const State& b) {
  a.Merge(b);
  return a;
}

template <class State>
class MergeableState : public testing::Test {};
using States =
    testing::Types<QuantileSketch, CountHistogram, CardinalitySketch, Moments, BucketedRatio>;
TYPED_TEST_SUITE(MergeableState, States);

TYPED_TEST(MergeableState, MergesInAnyOrderToTheSameBytes) {
  EXPECT_TRUE(rc::check([] {
    const auto x = Values(), y = Values(), z = Values(20);
    const auto a = Of<TypeParam>(x), b = Of<TypeParam>(y), c = Of<TypeParam>(z);
    std::vector<int64_t> all = x;
    all.insert(all.end(), y.begin(), y.end());
    all.insert(all.end(), z.begin(), z.end());
    std::reverse(all.begin(), all.end());
    const std::string whole = Bytes(Of<TypeParam>(all));
    RC_ASSERT(Bytes(Merged(Merged(a, b), c)) == whole);
    RC_ASSERT(Bytes(Merged(a, Merged(b, c))) == whole);
    RC_ASSERT(Bytes(Merged(Merged(c, b), a)) == whole);
    RC_ASSERT(Bytes(Merged(TypeParam(), a)) == Bytes(a));
    RC_ASSERT(Bytes(Merged(a, TypeParam())) == Bytes(a));
  }));
}

TYPED_TEST(MergeableState, LoadsWhatItSaved) {
  EXPECT_TRUE(rc::check([] {
    const auto state = Of<TypeParam>(Values());
    const std::string bytes = "before" + Bytes(state) + Bytes(Of<TypeParam>({1, 2, 3}));
    StateReader in(std::string_view(bytes).substr(6));
    TypeParam loaded = Of<TypeParam>({7, 8});
    RC_ASSERT(loaded.Load(in));
    RC_ASSERT(loaded == state);
    RC_ASSERT(Bytes(loaded) == Bytes(state));
    TypeParam next;
    RC_ASSERT(next.Load(in));
    RC_ASSERT(next == Of<TypeParam>({1, 2, 3}));
    RC_ASSERT(in.remaining() == 0u);
    // And it goes on as the original would.
    RC_ASSERT(Merged(loaded, next) == Merged(state, next));
  }));
}

TYPED_TEST(MergeableState, RefusesOrLoadsAnyBytes) {
  EXPECT_TRUE(rc::check([] {
    std::string bytes = Bytes(Of<TypeParam>(Values(40)));
    const auto flips = *rc::gen::inRange(1, 4);
    Random random(*rc::gen::arbitrary<uint64_t>());
    for (int i = 0; i < flips; ++i)
      bytes[random.Below(bytes.size())] = static_cast<char>(random.Next());
    StateReader in(bytes);
    TypeParam loaded;
    if (!loaded.Load(in)) {
      RC_ASSERT(!in.ok());
      RC_ASSERT(loaded == TypeParam());
      return;
    }
    // What is taken is canonical: it is written as it was read.
    RC_ASSERT(Bytes(loaded) == bytes.substr(0, bytes.size() - in.remaining()));
  }));
}

TEST(Properties, QuantilesAreWithinOnePercent) {
  EXPECT_TRUE(rc::check([] {
    auto values = Values(500);
    RC_PRE(!values.empty());
    QuantileSketch sketch;
    for (const int64_t value : values) sketch.Add(value);
    std::sort(values.begin(), values.end());
    for (size_t rank = 0; rank < values.size(); ++rank) {
      const double q = (static_cast<double>(rank) + 0.5) / static_cast<double>(values.size());
      const auto exact = static_cast<double>(values[rank]);
      RC_ASSERT(std::abs(*sketch.Quantile(q) - exact) <= QuantileSketch::kRelativeError * exact);
      // Ranks: none is missed, and what is too many lies in the value's bucket.
      const auto at_most = static_cast<uint64_t>(
          std::upper_bound(values.begin(), values.end(), values[rank]) - values.begin());
      const auto near = static_cast<uint64_t>(
          std::upper_bound(values.begin(), values.end(),
                           static_cast<int64_t>(std::min(exact * 1.0202, 9.2e18))) -
          values.begin());
      RC_ASSERT(sketch.CountAtMost(values[rank]) >= at_most);
      RC_ASSERT(sketch.CountAtMost(values[rank]) <= std::max(near, at_most));
    }
    uint64_t counted = 0;
    for (const auto& bucket : sketch.Buckets()) {
      RC_ASSERT(bucket.lower <= bucket.upper);
      counted += bucket.count;
    }
    RC_ASSERT(counted == values.size());
  }));
}

TEST(Properties, HistogramEqualsSortedValues) {
  EXPECT_TRUE(rc::check([] {
    auto values = Values(200);
    RC_PRE(!values.empty());
    CountHistogram histogram;
    for (const int64_t value : values) histogram.Add(static_cast<uint64_t>(value));
    std::sort(values.begin(), values.end());
    const double q = *rc::gen::inRange(0, 1001) / 1000.0;
    // The smallest value that a share q of all do not exceed, found by trying.
    size_t rank = 0;
    while (static_cast<double>(rank + 1) < q * static_cast<double>(values.size()) - 1e-9) ++rank;
    RC_ASSERT(*histogram.Quantile(q) == static_cast<uint64_t>(values[rank]));
    RC_ASSERT(histogram.CountAbove(static_cast<uint64_t>(values[rank])) ==
              static_cast<uint64_t>(values.end() -
                                    std::upper_bound(values.begin(), values.end(), values[rank])));
    RC_ASSERT(*histogram.Max() == static_cast<uint64_t>(values.back()));
  }));
}

TEST(Properties, FitsFindPlantedLogNormal) {
  EXPECT_TRUE(rc::check([] {
    const Distribution planted{Family::kLogNormal, *rc::gen::inRange(5, 60) / 10.0,
                               *rc::gen::inRange(3, 20) / 10.0};
    Random random(*rc::gen::arbitrary<uint64_t>());
    CountHistogram histogram;
    for (int i = 0; i < 4000; ++i) {
      histogram.Add(static_cast<uint64_t>(std::lround(planted.Quantile(random.Unit()))));
    }
    const auto groups = GroupIntegers(histogram);
    const Fit fit = *FitDistribution(Family::kLogNormal, groups);
    RC_ASSERT(std::abs(fit.distribution.location - planted.location) <
              6 * planted.shape / 63 + 0.05);
    RC_ASSERT(std::abs(fit.distribution.shape / planted.shape - 1) < 0.15);
    RC_ASSERT(fit.log_likelihood >= LogLikelihood(planted, groups) - 1e-6);
  }));
}

}  // namespace
}  // namespace plumbago::statistics
