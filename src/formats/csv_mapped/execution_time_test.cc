#include "formats/csv_mapped/execution_time.h"

#include <gtest/gtest.h>

namespace plumbago::formats {
namespace {

TEST(ExecutionTime, UnitsBySizeLeaveNoDoubt) {
  // 2026-11-26T12:00:00Z in each unit.
  EXPECT_EQ(UnitBySize("1795694400"), 9);
  EXPECT_EQ(UnitBySize("1795694400.25"), 9);
  EXPECT_EQ(UnitBySize("1795694400000"), 6);
  EXPECT_EQ(UnitBySize("1795694400000000"), 3);
  EXPECT_EQ(UnitBySize("1795694400000000000"), 0);
  for (const char* none : {"", "0", "12.5", "999999999", "5000000000", "500000000000", "5e12",
                           "-1795694400", "1e30", "nan", "12s"})
    EXPECT_EQ(UnitBySize(none), std::nullopt) << none;
}

TEST(ExecutionTime, NamesEndWithUnits) {
  EXPECT_EQ(UnitOfName("start_ms"), 6);
  EXPECT_EQ(UnitOfName("duration_s"), 9);
  EXPECT_EQ(UnitOfName("duration_seconds"), 9);
  EXPECT_EQ(UnitOfName("x.took_us"), 3);
  EXPECT_EQ(UnitOfName("t_ns"), 0);
  EXPECT_EQ(UnitOfName("duration"), std::nullopt);
  EXPECT_EQ(UnitOfName("items"), std::nullopt);
}

TEST(ExecutionTime, WrittenDurations) {
  const auto ns = [](std::string_view text) {
    int64_t value = 0;
    return ParseWrittenDuration(text, value) ? value : -1;
  };
  EXPECT_EQ(ns("0.123s"), 123'000'000);
  EXPECT_EQ(ns("12ms"), 12'000'000);
  EXPECT_EQ(ns("1m2.5s"), 62'500'000'000);
  EXPECT_EQ(ns("1.5h"), 5'400'000'000'000);
  EXPECT_EQ(ns("80µs"), 80'000);
  EXPECT_EQ(ns("7ns"), 7);
  int64_t negative = 0;
  EXPECT_TRUE(ParseWrittenDuration("-5ms", negative));
  EXPECT_EQ(negative, -5'000'000);
  for (const char* none : {"", "-", "12", "s", "1x", "1s2", "1..2s", "99999999999h", "1 s", "--1s"})
    EXPECT_EQ(ns(none), -1) << none;
}

TEST(ExecutionTime, MemoryWithAndWithoutUnits) {
  const auto mb = [](std::string_view text, std::string_view name = "memory") {
    double value = 0;
    return ParseAnyAmount(text, name, value) ? value : -1;
  };
  EXPECT_EQ(mb("128"), 128);
  EXPECT_EQ(mb("134217728"), 128);
  EXPECT_EQ(mb("2048", "memory_bytes"), 2048.0 / 1048576);
  EXPECT_EQ(mb("200000", "memory_mb"), 200000);
  EXPECT_EQ(mb("2048", "memory_kb"), 2);
  EXPECT_EQ(mb("128Mi"), 128);
  EXPECT_EQ(mb("1.5GB"), 1536);
  EXPECT_EQ(mb("131072 KiB"), 128);
  for (const char* none : {"", "-5", "many", "5 apples", "nan", "inf", "1e300"})
    EXPECT_EQ(mb(none), -1) << none;
}

}  // namespace
}  // namespace plumbago::formats
