#include "analysis/reference_google_rpc.h"

#include <gtest/gtest.h>

namespace plumbago::analysis {
namespace {

// As the paper gives them.
TEST(ReferenceGoogleRpc, IsAsPublished) {
  const auto popularity = GoogleMethodPopularity();
  ASSERT_EQ(popularity.size(), 2u);
  EXPECT_EQ(popularity[0].x, 10);
  EXPECT_EQ(popularity[0].y, 0.58);
  EXPECT_EQ(popularity[1].x, 100);
  EXPECT_EQ(popularity[1].y, 0.91);
  ASSERT_EQ(GoogleSlowestMethods().size(), 1u);
  EXPECT_EQ(GoogleSlowestMethods()[0].x, 0.011);
  EXPECT_EQ(GoogleSlowestMethods()[0].y, 0.89);
  EXPECT_EQ(kGoogleTaxShare, 0.02);
}

}  // namespace
}  // namespace plumbago::analysis
