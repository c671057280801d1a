#include "base/progress.h"

#include <gtest/gtest.h>

#include "base/clock.h"

namespace plumbago {
namespace {

TEST(Progress, TellsWhatIsKnown) {
  EXPECT_EQ(ProgressText("reading", 1200000000, 4500000000, 3, Progress::Unit::kBytes),
            "reading  1.20 GB of 4.50 GB  27 %  400 MB/s  8 s left");
  EXPECT_EQ(ProgressText("reading", 5000, 0, 2, Progress::Unit::kBytes),
            "reading  5.00 kB  2.50 kB/s");
  EXPECT_EQ(ProgressText("reading", 0, 10, 2, Progress::Unit::kBytes), "reading  0 B of 10 B  0 %");
  EXPECT_EQ(ProgressText("walking", 1000, 1000, 1, Progress::Unit::kItems),
            "walking  1.00 k of 1.00 k  100 %  1.00 k/s");
}

TEST(Progress, WritesThreeDigits) {
  EXPECT_EQ(BytesText(0), "0 B");
  EXPECT_EQ(BytesText(999), "999 B");
  EXPECT_EQ(BytesText(1000), "1.00 kB");
  EXPECT_EQ(BytesText(9996), "10.0 kB");
  EXPECT_EQ(BytesText(99960), "100 kB");
  EXPECT_EQ(BytesText(999999), "1.00 MB");
  EXPECT_EQ(SecondsText(59.4), "59 s");
  EXPECT_EQ(SecondsText(59.6), "1 min 0 s");
  EXPECT_EQ(SecondsText(7500), "2 h 5 min");
}

TEST(Clock, GoesOnAndKnowsTheMemory) {
  const double before = MonotonicSeconds();
  EXPECT_GE(MonotonicSeconds(), before);
  EXPECT_GT(PeakResidentBytes(), 100u << 10);
}

}  // namespace
}  // namespace plumbago
