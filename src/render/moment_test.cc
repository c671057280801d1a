#include "render/moment.h"

#include <gtest/gtest.h>

namespace plumbago::render {
namespace {

TEST(Moment, AsManyDigitsAsSaySomething) {
  EXPECT_EQ(Moment(0), "1970-01-01 00:00:00 UTC");
  EXPECT_EQ(Moment(1'655'759'368'183'644'000), "2022-06-20 21:09:28.183644 UTC");
  EXPECT_EQ(Moment(1'655'759'368'183'000'000), "2022-06-20 21:09:28.183 UTC");
  EXPECT_EQ(Moment(1'655'759'368'000'000'001), "2022-06-20 21:09:28.000000001 UTC");
  EXPECT_EQ(Moment(-1'000'000), "1969-12-31 23:59:59.999 UTC");
}

}  // namespace
}  // namespace plumbago::render
