#include "model/minute_series.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace plumbago::model {
namespace {

std::map<uint32_t, uint64_t> MapOf(const MinuteSeries& series) {
  std::map<uint32_t, uint64_t> map;
  series.ForEach([&](uint32_t minute, uint64_t count) { map[minute] = count; });
  return map;
}

TEST(MinuteSeries, ComesBackAsItWasAppended) {
  std::mt19937_64 engine(1);
  for (int trial = 0; trial < 200; ++trial) {
    std::map<uint32_t, uint64_t> map;
    for (uint64_t i = engine() % 40; i > 0; --i)
      map[static_cast<uint32_t>(engine() >> (44 + engine() % 20))] =
          1 + (engine() >> (engine() % 64));
    MinuteSeries series;
    uint64_t total = 0;
    for (const auto& [minute, count] : map) {
      series.Append(minute, count);
      total += count;
    }
    EXPECT_EQ(MapOf(series), map);
    EXPECT_EQ(series.total(), total);
    EXPECT_EQ(series.active_minutes(), map.size());
  }
}

TEST(MinuteSeries, ALaterOneIsAppendedAsItsMinutesAre) {
  std::mt19937 engine(3);
  for (int trial = 0; trial < 200; ++trial) {
    MinuteSeries whole, first, later;
    for (uint32_t minute = 0; minute < 60; ++minute) {
      if (engine() % 3 != 0) continue;
      const uint64_t count = 1 + engine() % 500;
      whole.Append(minute, count);
      (minute < 30 ? first : later).Append(minute, count);
    }
    first.Append(later);
    EXPECT_EQ(first, whole);
  }
}

TEST(MinuteSeries, SumIsThatOfMaps) {
  std::mt19937 engine(2);
  for (int trial = 0; trial < 200; ++trial) {
    std::map<uint32_t, uint64_t> sum;
    MinuteSeries parts[2];
    for (MinuteSeries& part : parts) {
      for (uint32_t minute = 0; minute < 30; ++minute) {
        if (engine() % 3 != 0) continue;
        const uint64_t count = 1 + engine() % 500;
        part.Append(minute, count);
        sum[minute] += count;
      }
    }
    EXPECT_EQ(MapOf(MinuteSeries::Sum(parts[0], parts[1])), sum);
    EXPECT_EQ(MinuteSeries::Sum(parts[0], parts[1]), MinuteSeries::Sum(parts[1], parts[0]));
  }
}

TEST(MinuteSeries, MostMinutesTakeTwoBytes) {
  MinuteSeries series;
  for (uint32_t minute = 0; minute < 1000; ++minute) series.Append(minute, 1 + minute % 100);
  EXPECT_EQ(series.bytes(), 2000u);
}

}  // namespace
}  // namespace plumbago::model
