#include "document/document.h"

#include <gtest/gtest.h>

namespace plumbago::document {
namespace {

TEST(Names, AreThoseOfTheSchema) {
  EXPECT_STREQ(UnitName(Unit::kNone), "");
  EXPECT_STREQ(UnitName(Unit::kCount), "count");
  EXPECT_STREQ(UnitName(Unit::kShare), "share");
  EXPECT_STREQ(UnitName(Unit::kNanoseconds), "ns");
  EXPECT_STREQ(UnitName(Unit::kBytes), "bytes");
  EXPECT_STREQ(UnitName(Unit::kPerSecond), "per_second");
  EXPECT_STREQ(UnitName(Unit::kRatio), "ratio");
  EXPECT_STREQ(FigureKindName(FigureKind::kBars), "bars");
  EXPECT_STREQ(FigureKindName(FigureKind::kCdf), "cdf");
  EXPECT_STREQ(FigureKindName(FigureKind::kCcdf), "ccdf");
  EXPECT_STREQ(FigureKindName(FigureKind::kHistogram), "histogram");
  EXPECT_STREQ(FigureKindName(FigureKind::kLine), "line");
  EXPECT_STREQ(VerdictName(Verdict::kSupported), "supported");
  EXPECT_STREQ(VerdictName(Verdict::kContradicted), "contradicted");
  EXPECT_STREQ(VerdictName(Verdict::kCannotSay), "cannot-say");
}

}  // namespace
}  // namespace plumbago::document
