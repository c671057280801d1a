#include "analysis/faster.h"

#include <gtest/gtest.h>

namespace plumbago::analysis {
namespace {

TEST(Faster, ReadsNamesAndPercentages) {
  EXPECT_EQ(ParseFaster("geo=20%")->name, "geo");
  EXPECT_EQ(ParseFaster("geo=20%")->left, 8000u);
  EXPECT_EQ(ParseFaster("geo/Nearby=12.5")->left, 8750u);
  EXPECT_EQ(ParseFaster("a=b=100%")->name, "a=b");
  EXPECT_EQ(ParseFaster("a=b=100%")->left, 0u);
  EXPECT_EQ(ParseFaster("geo/Nearby=12.5")->Text(), "geo/Nearby=12.5%");
  for (const char* wrong :
       {"geo", "=5%", "geo=", "geo=x", "geo=101%", "geo=-1", "geo=5%%", "geo=nan"}) {
    const auto parsed = ParseFaster(wrong);
    ASSERT_FALSE(parsed) << wrong;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kUsage);
  }
}

TEST(Faster, MeansAServiceOrTheEndOfAnOperation) {
  const auto means = [](const char* name, const char* service, const char* operation) {
    Faster faster;
    faster.name = name;
    return Means(faster, service, operation);
  };
  EXPECT_TRUE(means("geo", "geo", "/geo.Geo/Nearby"));
  EXPECT_TRUE(means("geo", "geo", ""));
  EXPECT_FALSE(means("geo", "geography", "x"));
  EXPECT_FALSE(means("geography", "geo", "x"));
  EXPECT_TRUE(means("geo/Nearby", "geo", "/geo.Geo/Nearby"));
  EXPECT_TRUE(means("geo/Geo/Nearby", "geo", "/geo.Geo/Nearby"));
  EXPECT_TRUE(means("geo//geo.Geo/Nearby", "geo", "/geo.Geo/Nearby"));
  EXPECT_FALSE(means("geo/arby", "geo", "/geo.Geo/Nearby"));
  EXPECT_FALSE(means("geo/Nearby", "search", "/geo.Geo/Nearby"));
  EXPECT_FALSE(means("geo/", "geo", "x"));
  EXPECT_TRUE(means("a/b/c", "a/b", "c"));
  EXPECT_TRUE(means("web/hotels", "web", "HTTP GET /hotels"));
  EXPECT_FALSE(means("", "", ""));
}

}  // namespace
}  // namespace plumbago::analysis
