// The curve in analysis/reference_fan_out.cc, computed again from the published files; here, since
// this room may read files.
#include "analysis/reference_fan_out.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "formats/testing/plain_csv.h"
#include "formats/testing/sample_data.h"

namespace plumbago::engine {
namespace {

using formats::testing::PlainCsvRows;

TEST(ReferenceFanOut, IsWhatTheFilesSay) {
  PLUMBAGO_SAMPLE_OR_SKIP(children_text, "erms-depthDistribution.csv.zst");
  PLUMBAGO_SAMPLE_OR_SKIP(leaf_text, "erms-leafDistribution.csv.zst");
  PLUMBAGO_SAMPLE_OR_SKIP(node_text, "erms-nodeDistribution.csv.zst");
  std::map<int, std::map<int, double>> children;  // depth of the callees, how many: share
  for (const auto& f : PlainCsvRows(children_text)) {
    children[std::stoi(f[1])][std::stoi(f[2])] = std::stod(f[3]);
  }
  std::map<int, double> stateless, expanding;  // by depth: nodes, share that calls
  for (const auto& f : PlainCsvRows(leaf_text)) {
    stateless[std::stoi(f[2])] = std::stod(f[3]) - std::stod(f[1]);
  }
  for (const auto& f : PlainCsvRows(node_text)) expanding[std::stoi(f[1])] = std::stod(f[4]);
  constexpr int kDepths = 14;  // callers at depth 0 to 13
  double nodes = 0;
  for (int depth = 0; depth < kDepths; ++depth) nodes += stateless[depth];
  ASSERT_EQ(analysis::ErmsChildren().size(), 11u);
  for (const document::Point& point : analysis::ErmsChildren()) {
    double with = 0;
    for (int depth = 0; depth < kDepths; ++depth) {
      double all = 0, so_many = 0;
      for (const auto& [number, share] : children[depth + 1]) {
        all += share;
        so_many += number >= static_cast<int>(point.x) ? share : 0;
      }
      with += stateless[depth] * expanding[depth] * so_many / all;
    }
    EXPECT_NEAR(point.y, with / nodes, 0.0003) << point.x;
  }
}

}  // namespace
}  // namespace plumbago::engine
