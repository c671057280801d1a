#include "analysis/percent_text.h"

#include <gtest/gtest.h>

namespace plumbago::analysis {
namespace {

TEST(PercentText, RareIsNotNever) {
  EXPECT_EQ(PercentText(0), "0 %");
  EXPECT_EQ(PercentText(1), "100 %");
  EXPECT_EQ(PercentText(0.1234), "12.3 %");
  EXPECT_EQ(PercentText(0.0123), "1.2 %");
  EXPECT_EQ(PercentText(0.00946), "0.95 %");
  EXPECT_EQ(PercentText(0.0000357), "0.0036 %");
  EXPECT_EQ(PercentText(0.99962), "99.962 %");
  EXPECT_EQ(PercentText(0.99999962), "99.999962 %");
  EXPECT_EQ(PercentText(1.5), "150.0 %");
}

}  // namespace
}  // namespace plumbago::analysis
