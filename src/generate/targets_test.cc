#include "generate/targets.h"

#include <gtest/gtest.h>

namespace plumbago::generate {
namespace {

document::Document Report(uint64_t traces) {
  document::Document d;
  d.traces.read = d.traces.complete = traces;
  d.input.rows = traces * 10;
  document::Section size;
  size.id = "graph-size";
  size.AddHeadline("services_p50", "", document::Unit::kCount, 4);
  size.AddHeadline("services_p90", "", document::Unit::kCount, 20);
  size.AddHeadline("services_p99", "", document::Unit::kCount, 91);
  size.AddHeadline("services_max", "", document::Unit::kCount, 381);
  document::Figure tail;
  tail.id = "services_tail";
  tail.series.push_back({"traces",
                         {{1, 1},
                          {4, 0.6},
                          {5, 0.45},
                          {20, 0.11},
                          {21, 0.09},
                          {381, 1.0 / static_cast<double>(traces)}},
                         false});
  size.figures.push_back(tail);
  d.sections.push_back(size);
  return d;
}

TEST(Targets, RareValuesAreLeftOut) {
  const Targets few = TargetsOf(Report(120));
  EXPECT_TRUE(few.Find("graph-size", "services_p50"));
  EXPECT_TRUE(few.Find("graph-size", "services_p90"));
  EXPECT_FALSE(few.Find("graph-size", "services_p99"));  // of 120 traces: one
  ASSERT_EQ(few.tails.size(), 1u);
  EXPECT_EQ(few.tails[0].points.back().x, 21);  // 10.8 traces; the single one of 381 is not there
  EXPECT_TRUE(TargetsOf(Report(1000)).Find("graph-size", "services_p99"));
}

TEST(Targets, TheLargestIsRounded) {
  const Targets targets = TargetsOf(Report(1000));
  EXPECT_NE(targets.largest.services, 381);
  EXPECT_NEAR(targets.largest.services, 381, 0.011 * 381);
  EXPECT_EQ(targets.Find("graph-size", "services_max"), targets.largest.services);
}

TEST(Targets, QuantilesAreFencedFromBothSides) {
  bool above = false, at = false;
  for (const Constraint& c : ConstraintsOf(TargetsOf(Report(1000)))) {
    if (c.form != Constraint::kAtLeast) continue;
    at = at || (c.from == 4 && c.target > 0.5);
    above = above || (c.from == 5 && c.target < 0.5);
  }
  EXPECT_TRUE(at && above);
}

TEST(Targets, ErrorOfAHeadline) {
  EXPECT_NEAR((HeadlineMatch{"", "", {}, 100, 104, false}.Error()), 0.04, 1e-12);
  EXPECT_EQ((HeadlineMatch{"", "", {}, 0, 0, false}.Error()), 0);
  EXPECT_EQ((HeadlineMatch{"", "", {}, 0, 0.1, false}.Error()), 1);
  EXPECT_EQ((HeadlineMatch{"", "", {}, {}, {}, false}.Error()), 0);
  EXPECT_EQ((HeadlineMatch{"", "", {}, 1, {}, false}.Error()), 1);
}

}  // namespace
}  // namespace plumbago::generate
