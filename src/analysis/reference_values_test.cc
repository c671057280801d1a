// Published values that stand in the sources as they stand here.
#include <gtest/gtest.h>

#include "analysis/reference_fan_out.h"
#include "analysis/reference_http_latency.h"
#include "analysis/reference_roles.h"

namespace plumbago::analysis {
namespace {

TEST(ReferenceRoles, AreAsThePaperRoundsThem) {
  EXPECT_NEAR(kEntryServices, 0.13, 0.005);
  EXPECT_NEAR(kLeafServices, 0.39, 0.005);
  EXPECT_NEAR(kMiddleServices, 0.48, 0.005);
}

TEST(ReferenceHttpLatency, IsMedianP95AndP99InMilliseconds) {
  const auto points = AlibabaHttpLatency();
  ASSERT_EQ(points.size(), 3u);
  EXPECT_EQ(points[0].x / 1e6, 21);
  EXPECT_EQ(points[1].x / 1e6, 442);
  EXPECT_EQ(points[2].x / 1e6, 663);
  EXPECT_NEAR(points[0].y, 1 - 0.5, 1e-12);
  EXPECT_NEAR(points[1].y, 1 - 0.95, 1e-12);
  EXPECT_NEAR(points[2].y, 1 - 0.99, 1e-12);
}

}  // namespace
}  // namespace plumbago::analysis
