// The table in reference_erms.cc, computed again from the published files.
#include "generate/reference_erms.h"

#include <gtest/gtest.h>

#include <charconv>
#include <map>
#include <string>

#include "formats/testing/plain_csv.h"
#include "formats/testing/sample_data.h"

namespace plumbago::generate {
namespace {

using formats::testing::PlainCsvRows;

TEST(ReferenceErms, IsWhatTheFilesSay) {
  PLUMBAGO_SAMPLE_OR_SKIP(children_text, "erms-depthDistribution.csv.zst");
  PLUMBAGO_SAMPLE_OR_SKIP(kinds_text, "erms-communicationParadigm.csv.zst");
  PLUMBAGO_SAMPLE_OR_SKIP(leaf_text, "erms-leafDistribution.csv.zst");
  PLUMBAGO_SAMPLE_OR_SKIP(node_text, "erms-nodeDistribution.csv.zst");

  std::map<int, std::map<int, double>> children;  // depth, callees: share
  for (const auto& f : PlainCsvRows(children_text)) children[std::stoi(f[1])][std::stoi(f[2])] = std::stod(f[3]);
  std::map<int, std::map<std::string, double>> kinds;  // depth, way: callees
  for (const auto& f : PlainCsvRows(kinds_text)) {
    const int depth = std::stoi(f[1]), number = std::stoi(f[2]);
    const auto share = children[depth].find(number);
    if (share == children[depth].end()) continue;
    kinds[depth][f[3]] += share->second * number * std::stod(f[4]);
  }
  std::map<int, double> stateful, nodes, expanding;
  for (const auto& f : PlainCsvRows(leaf_text)) {
    nodes[std::stoi(f[2])] = std::stod(f[3]);
    stateful[std::stoi(f[2])] = std::stod(f[1]) / std::stod(f[3]);
  }
  for (const auto& f : PlainCsvRows(node_text)) expanding[std::stoi(f[1])] = std::stod(f[4]);

  const auto table = ErmsByDepth();
  ASSERT_EQ(table.size(), 14u);
  for (size_t i = 0; i < table.size(); ++i) {
    const int depth = static_cast<int>(i) + 1;
    const ErmsDepth& row = table[i];
    double all = 0, mean = 0, over = 0, mean_over = 0;
    for (const auto& [number, share] : children[depth]) {
      all += share;
      mean += number * share;
      if (number > 10) {
        over += share;
        mean_over += number * share;
      }
    }
    EXPECT_NEAR(row.mean_children, mean / all, 0.001) << depth;
    for (int n = 1; n <= 10; ++n) {
      EXPECT_NEAR(row.children[static_cast<size_t>(n - 1)], children[depth][n] / all, 0.0001) << depth << ' ' << n;
    }
    EXPECT_NEAR(row.over_10, over / all, 0.0001);
    EXPECT_NEAR(row.mean_over_10, mean_over / over, 0.02);
    double ways = 0;
    for (const auto& [way, share] : kinds[depth]) ways += share;
    EXPECT_NEAR(row.kinds.cache, kinds[depth]["memcached"] / ways, 0.0001);
    EXPECT_NEAR(row.kinds.database, kinds[depth]["db"] / ways, 0.0001);
    EXPECT_NEAR(row.kinds.rpc, kinds[depth]["rpc"] / ways, 0.0001);
    EXPECT_NEAR(row.kinds.http, kinds[depth]["http"] / ways, 0.0001);
    EXPECT_NEAR(row.kinds.message, kinds[depth]["mq"] / ways, 0.0001);
    EXPECT_NEAR(row.stateful_callers, stateful[depth - 1], 0.0001);
    EXPECT_NEAR(row.expanding_callers, expanding[depth - 1], 0.0001);
    EXPECT_NEAR(row.callers_per_entry, nodes[depth - 1] / nodes[0], 0.0001);
  }
}

}  // namespace
}  // namespace plumbago::generate
