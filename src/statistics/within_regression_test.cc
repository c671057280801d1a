#include "statistics/within_regression.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "statistics/cluster_jackknife.h"
#include "statistics/normal.h"
#include "statistics/random.h"
#include "statistics/random.h"
#include "statistics/student.h"
#include "statistics/within_curve.h"

namespace plumbago::statistics {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
using Units = std::vector<PanelUnit>;

// Figures of R's qt and pt (also in the tables of any textbook).
TEST(Student, KnownValues) {
  EXPECT_NEAR(StudentQuantile(0.975, 1), 12.706204736, 1e-8);
  EXPECT_NEAR(StudentQuantile(0.975, 2), 4.302652730, 1e-8);
  EXPECT_NEAR(StudentQuantile(0.975, 7), 2.364624252, 1e-8);
  EXPECT_NEAR(StudentQuantile(0.975, 30), 2.042272456, 1e-8);
  EXPECT_NEAR(StudentQuantile(0.025, 30), -2.042272456, 1e-8);
  EXPECT_NEAR(StudentQuantile(0.975, 1e6), 1.959966, 1e-5);
  EXPECT_NEAR(StudentCdf(1, 1), 0.75, 1e-12);
  EXPECT_NEAR(StudentCdf(0, 5), 0.5, 1e-12);
}

// Within each group y rises with x by a tenth of its mean a unit; a group that has more x has less
// y, so the pooled correlation is negative.
TEST(WithinRegression, SimpsonsParadoxByHand) {
  WithinRegression regression;
  const Units first = {{1, 1, 90, {}}, {1, 2, 100, {}}, {1, 3, 110, {}}};
  const Units second = {{1, 11, 9, {}}, {1, 12, 10, {}}, {1, 13, 11, {}}};
  regression.AddGroup(0, first);
  regression.AddGroup(1, second);
  EXPECT_NEAR(*regression.Slope(), 0.1, 1e-12);
  EXPECT_NEAR(*regression.WithinCorrelation(), 1, 1e-12);
  // Of (1,90) (2,100) (3,110) (11,9) (12,10) (13,11), by hand:
  // xx = 448 - 42^2/6 = 154, xy = 982 - 42 * 330 / 6 = -1328, yy = 30502 - 330^2/6 = 12352.
  EXPECT_NEAR(*regression.PooledCorrelation(), -1328 / std::sqrt(154.0 * 12352.0), 1e-12);
  EXPECT_NEAR(*regression.WithinDeviation(), 1, 1e-12);  // 4 squares of 1, 4 degrees of freedom
  EXPECT_NEAR(*regression.MeanX(), 7, 1e-12);
  EXPECT_EQ(regression.groups(), 2u);
  EXPECT_EQ(regression.clusters(), 2u);
  EXPECT_FALSE(regression.Interval());  // too few clusters
}

TEST(WithinRegression, WeightsCountAsSoManyUnits) {
  WithinRegression weighted, repeated;
  const Units few = {
      {3, 1, 5, {2, kUnknown}}, {1, 2, 9, {4, 1}}, {2, 4, 6, {3, 2}}, {1, 5, 8, {1, 1}}};
  Units many;
  for (const PanelUnit& unit : few) {
    for (int i = 0; i < unit.weight; ++i) {
      many.push_back(unit);
      many.back().weight = 1;
    }
  }
  for (int i = 0; i < 3; ++i) weighted.AddGroup(0, few), repeated.AddGroup(0, many);
  EXPECT_NEAR(*weighted.Slope(), *repeated.Slope(), 1e-12);
  EXPECT_NEAR(*weighted.PooledCorrelation(), *repeated.PooledCorrelation(), 1e-12);
  EXPECT_NEAR(*weighted.WithinCorrelation(), *repeated.WithinCorrelation(), 1e-12);
}

// y depends on a covariate that moves with x, and not on x.
TEST(WithinRegression, AdjustsForCovariates) {
  WithinRegression with, without;
  Units units, plain;
  for (int i = 0; i < 12; ++i) {
    const double rate = i, x = 2 * i + (i % 3), y = 100 + 5 * rate;
    units.push_back({1, x, y, {rate, kUnknown}});
    plain.push_back({1, x, y, {kUnknown, kUnknown}});
  }
  with.AddGroup(0, units);
  without.AddGroup(0, plain);
  EXPECT_NEAR(*with.Slope(), 0, 1e-12);
  EXPECT_GT(*without.Slope(), 0.01);
}

TEST(WithinRegression, WhatCannotBeSaid) {
  WithinRegression regression;
  EXPECT_FALSE(regression.Slope());
  EXPECT_FALSE(regression.WithinDeviation());
  EXPECT_FALSE(regression.PooledCorrelation());
  regression.AddGroup(0, Units{{1, 1, 1, {}}});                 // alone
  regression.AddGroup(0, Units{{1, 1, 0, {}}, {1, 2, 0, {}}});  // no time at all
  EXPECT_EQ(regression.groups(), 0u);
  EXPECT_FALSE(regression.Slope());
  for (int i = 0; i < 5; ++i) {
    regression.AddGroup(0, Units{{1, 3, 1, {}}, {1, 3, 2, {}}});  // x stays
  }
  EXPECT_FALSE(regression.Slope());
  EXPECT_NEAR(*regression.WithinDeviation(), 0, 1e-12);
  // x is the covariate and nothing else.
  WithinRegression same;
  Units units;
  for (int i = 0; i < 9; ++i) {
    units.push_back({1, static_cast<double>(i), 5.0 + (i * 7 % 5), {static_cast<double>(i), 0}});
  }
  same.AddGroup(0, units);
  EXPECT_FALSE(same.Slope());
}

double Gauss(Random& random) { return NormalQuantile(random.Unit()); }

// Hosts with a load of their own; instances whose level falls with the load of their host (so that
// pooling misleads); errors that all instances of a host share in an hour.
WithinRegression Planted(uint64_t seed, double effect, size_t hosts, bool by_host = true) {
  uint32_t groups = 0;
  Random random(seed);
  WithinRegression regression;
  for (uint32_t host = 0; host < hosts; ++host) {
    const double level = 0.2 + 0.5 * random.Unit();
    const double taste = 1 + 0.3 * Gauss(random);  // hosts differ in how they react
    for (int hour = 0; hour < 3; ++hour) {
      std::vector<double> load, shared;
      for (int minute = 0; minute < 12; ++minute) {
        load.push_back(level + 0.08 * Gauss(random));
        shared.push_back(0.1 * Gauss(random));
      }
      for (int instance = 0; instance < 4; ++instance) {
        const double base = 1000 * std::exp(-2 * level + 0.3 * Gauss(random));
        Units units;
        for (size_t minute = 0; minute < 12; ++minute) {
          const double rate = 10 + 20 * load[minute] + Gauss(random);
          const double relative = 1 + effect * taste * (load[minute] - level) + 0.02 * (rate - 20) +
                                  shared[minute] + 0.1 * Gauss(random);
          units.push_back({1, load[minute], base * relative, {rate, kUnknown}});
        }
        regression.AddGroup(by_host ? host : groups++, units);
      }
    }
  }
  return regression;
}

TEST(WithinRegression, IntervalHoldsThePlantedEffect) {
  for (const size_t hosts : {10, 40}) {
    for (const double effect : {0.0, 0.8}) {
      int held = 0, pooled_below = 0;
      double mean = 0;
      for (uint64_t seed = 1; seed <= 50; ++seed) {
        const WithinRegression regression = Planted(seed, effect, hosts);
        const auto interval = regression.Interval();
        ASSERT_TRUE(interval);
        held += interval->low <= effect && effect <= interval->high;
        pooled_below += *regression.PooledCorrelation() < 0;
        mean += *regression.Slope() / 50;
      }
      EXPECT_GE(held, 44) << hosts << " " << effect;  // 88 %
      EXPECT_NEAR(mean, effect, 0.1) << hosts;
      EXPECT_GE(pooled_below, 45) << hosts;  // the paradox is there
    }
  }
}

// Groups of a few calls of very unequal length: their own mean, which they are compared with, is as
// noisy as they are. Noise that is multiplied would hide up to a quarter of the effect, noise of
// counting (a clock that shows 0 or 1) nothing of it; with a scale both come out right.
TEST(WithinRegression, FewCallsInAGroupBiasNothing) {
  for (const bool counted : {false, true}) {
    for (const size_t calls : {2, 4, 12}) {
      double with = 0, without = 0;
      for (uint64_t seed = 1; seed <= 40; ++seed) {
        Random random(seed);
        std::vector<Units> groups(24'000 / calls);
        double sum = 0;
        for (Units& units : groups) {
          for (size_t i = 0; i < calls; ++i) {
            const double x = 0.4 + 0.08 * Gauss(random), level = std::exp(1.5 * (x - 0.4));
            const double y = counted ? (random.Unit() < 0.2 * level ? 1 : 0)
                                     : level * std::exp(0.8 * Gauss(random));
            units.push_back({1, x, y, {kUnknown, kUnknown}});
            sum += y;
          }
        }
        WithinRegression scaled, alone;
        for (size_t g = 0; g < groups.size(); ++g) {
          scaled.AddGroup(static_cast<uint32_t>(g % 20), groups[g], sum / 24'000);
          alone.AddGroup(static_cast<uint32_t>(g % 20), groups[g]);
        }
        with += *scaled.Slope() / 40;
        without += *alone.Slope() / 40;
      }
      EXPECT_NEAR(with, 1.5, 0.08) << calls << counted;
      if (!counted && calls == 2) {
        EXPECT_LT(without, 1.3);
      }
    }
  }
}

// Groups of one host depend on each other: as clusters of their own they pretend to know more.
TEST(WithinRegression, ClustersThatAreTooSmallAreTooSure) {
  double over_hosts = 0, over_groups = 0;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const auto wide = Planted(seed, 0.8, 40).Interval();
    const auto narrow = Planted(seed, 0.8, 40, false).Interval();
    ASSERT_TRUE(wide && narrow);
    over_hosts += wide->high - wide->low;
    over_groups += narrow->high - narrow->low;
  }
  EXPECT_LT(over_groups, 0.8 * over_hosts);
}

// Without a cluster: as if its groups had never been added.
TEST(WithinRegression, SlopeWithoutACluster) {
  Random random(5);
  std::vector<Units> groups(20);
  for (Units& units : groups) {
    for (int i = 0; i < 6; ++i) {
      units.push_back({1 + random.Unit(), Gauss(random), 3 + random.Unit(), {Gauss(random), 0}});
    }
  }
  WithinRegression all;
  for (uint32_t g = 0; g < groups.size(); ++g) all.AddGroup(g % 7, groups[g]);
  for (uint32_t left_out = 0; left_out < 7; ++left_out) {
    WithinRegression rest;
    for (uint32_t g = 0; g < groups.size(); ++g) {
      if (g % 7 != left_out) rest.AddGroup(g % 7, groups[g]);
    }
    EXPECT_NEAR(*all.SlopeWithout(left_out), *rest.Slope(), 1e-12);
  }
  EXPECT_EQ(all.SlopeWithout(7), all.Slope());
  double shares = 0;
  for (const double share : all.Shares()) shares += share;
  EXPECT_NEAR(shares, 1, 1e-12);
  WithinRegression one;
  one.AddGroup(3, groups[0]);
  EXPECT_TRUE(one.Slope());
  EXPECT_FALSE(one.SlopeWithout(3));
}

TEST(WithinCurve, LevelsOfGroupsDoNotShow) {
  WithinCurve curve;
  // y doubles from the bin at 0.15 to that at 0.35 and again to that at 0.55; groups reach two bins
  // each, and the group with the higher load is the faster one.
  curve.AddGroup(Units{{1, 0.15, 100, {}}, {1, 0.35, 200, {}}});
  curve.AddGroup(Units{{1, 0.35, 20, {}}, {1, 0.55, 40, {}}});
  curve.AddGroup(Units{{1, 0.95, 7, {}}, {1, 0.97, 9, {}}});  // linked to no other bin
  const auto within = curve.Within();
  EXPECT_EQ(within[1], 1);
  ASSERT_TRUE(within[3] && within[5]);
  EXPECT_GT(*within[3], 1.5);
  EXPECT_GT(*within[5], *within[3] + 0.5);
  EXPECT_FALSE(within[0]);
  EXPECT_FALSE(within[9]);
  const auto pooled = curve.Pooled();
  EXPECT_NEAR(*pooled[3], 1.1, 1e-12);  // (200 + 20) / 2 / 100
  EXPECT_NEAR(*pooled[5], 0.4, 1e-12);
  EXPECT_EQ(curve.units()[3], 2u);
}

TEST(WithinCurve, OneGroupByHand) {
  WithinCurve curve;
  curve.AddGroup(Units{{1, 0.05, 10, {}}, {2, 0.55, 15, {}}, {1, 1.5, 30, {}}});
  const auto within = curve.Within();
  EXPECT_NEAR(*within[0], 1, 1e-12);
  EXPECT_NEAR(*within[5], 1.5, 1e-12);
  EXPECT_NEAR(*within[9], 3, 1e-12);
  EXPECT_EQ(WithinCurve::BinOf(-1), 0u);
  EXPECT_EQ(WithinCurve::BinOf(0.3), 3u);
  EXPECT_EQ(WithinCurve::BinOf(0.29999), 2u);
}

}  // namespace
}  // namespace plumbago::statistics
