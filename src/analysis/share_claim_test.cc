#include "analysis/share_claim.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace plumbago::analysis {
namespace {

using document::Verdict;

// So many hits of 100 in each of `groups` groups of traces.
statistics::BucketedRatio Share(int64_t hits, uint64_t groups) {
  statistics::BucketedRatio ratio;
  for (uint64_t group = 0; group < groups; ++group) ratio.Add(group << 58, hits, 100);
  return ratio;
}

document::Finding Found(int64_t hits, bool below, uint64_t groups = 64) {
  return Decide({.id = "id",
                 .whole = "of all, on average,",
                 .verb = "are so",
                 .sentence = "Yes",
                 .otherwise = "No",
                 .border = 0.05,
                 .below = below,
                 .source = "",
                 .published = ""},
                Share(hits, groups));
}

TEST(ShareClaim, TheIntervalMustLieOnOneSide) {
  EXPECT_EQ(Found(7, false).verdict, Verdict::kSupported);
  EXPECT_EQ(Found(7, false).claim, "Yes: 7.0 % of all, on average, are so");
  EXPECT_EQ(Found(5, false).verdict, Verdict::kContradicted);  // not more than the border
  EXPECT_EQ(Found(2, false).claim, "No: 2.0 % of all, on average, are so");
  EXPECT_EQ(Found(7, true).verdict, Verdict::kContradicted);
  EXPECT_EQ(Found(7, true).claim, "No: 7.0 % of all, on average, are so");
  EXPECT_EQ(Found(5, true).verdict, Verdict::kSupported);
  EXPECT_EQ(Found(5, true).effect.name, "share of all, on average");
}

TEST(ShareClaim, CannotSayWithoutGroupsOrWithTheBorderWithin) {
  EXPECT_EQ(Found(7, false, 3).verdict, Verdict::kCannotSay);
  statistics::BucketedRatio mixed;
  for (uint64_t group = 0; group < 64; ++group)
    mixed.Add(group << 58, group % 2 == 0 ? 0 : 10, 100);
  const document::Finding finding = Decide({.id = "id",
                                            .whole = "of all",
                                            .verb = "are so",
                                            .sentence = "Yes",
                                            .otherwise = "No",
                                            .border = 0.05,
                                            .source = "",
                                            .published = ""},
                                           mixed);
  EXPECT_EQ(finding.verdict, Verdict::kCannotSay);
  EXPECT_EQ(finding.reason, "the interval holds the border, 5 %");
}

TEST(ShareClaim, SaysByWhichEndItJudged) {
  EXPECT_EQ(Found(7, false).method,
            "Supported above 5 % (lower end of the interval), contradicted at or below it (upper "
            "end).");
  EXPECT_EQ(Found(7, true).method,
            "Contradicted above 5 % (lower end of the interval), supported at or below it (upper "
            "end).");
}

// Groups differ, so the ends do: the lower one alone decides what lies above the border.
TEST(ShareClaim, TheIntervalIsTheRatios) {
  statistics::BucketedRatio ratio;
  for (uint64_t group = 0; group < 64; ++group) {
    ratio.Add(group << 58, 20 + static_cast<int64_t>(group % 8), 100);
  }
  const auto bounds = ratio.Interval();
  ASSERT_TRUE(bounds);
  ASSERT_LT(bounds->low, bounds->high);
  const auto decided = [&](double border) {
    return Decide({.id = "id",
                   .whole = "of all",
                   .verb = "are so",
                   .sentence = "Yes",
                   .otherwise = "No",
                   .border = border,
                   .source = "",
                   .published = ""},
                  ratio);
  };
  EXPECT_EQ(decided(0.1).effect.low, bounds->low);
  EXPECT_EQ(decided(0.1).effect.high, bounds->high);
  EXPECT_EQ(decided(bounds->low - 1e-9).verdict, Verdict::kSupported);
  EXPECT_EQ(decided(bounds->low).verdict, Verdict::kCannotSay);
  EXPECT_EQ(decided((bounds->low + *ratio.Ratio()) / 2).verdict, Verdict::kCannotSay);
  EXPECT_EQ(decided(bounds->high - 1e-9).verdict, Verdict::kCannotSay);
  EXPECT_EQ(decided(bounds->high).verdict, Verdict::kContradicted);
}

}  // namespace
}  // namespace plumbago::analysis
