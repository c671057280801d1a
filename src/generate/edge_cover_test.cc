#include "generate/edge_cover.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "generate/testing/plain_encoder.h"

namespace plumbago::generate {
namespace {

struct Made {
  std::string text;
  std::set<std::pair<std::string, std::string>> edges;  // in the rows
  uint64_t truth = 0;
};

Result<Made> Make(uint64_t rows, uint64_t edges, const Shape& shape, uint32_t services = 0,
                  Order order = Order::kTime, unsigned threads = 2) {
  TraceOptions options;
  options.rows = rows;
  options.seed = 3;
  options.edges = edges;
  options.services = services > 0 ? services : ServicesFor(edges);
  options.order = order;
  options.threads = threads;
  Made made;
  const testing::PlainEncoder encoder;
  ASSIGN_OR_RETURN(
      const GeneratedTraces generated,
      GenerateTraces(options, shape, encoder, [&](std::string_view text) -> Result<void> {
        made.text += text;
        return {};
      }));
  made.truth = generated.truth.EdgesUsed();
  EXPECT_EQ(generated.truth.counts().rows, rows);
  size_t begin = made.text.find('\n') + 1;
  for (size_t end; (end = made.text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const auto fields = testing::Split(std::string_view(made.text).substr(begin, end - begin));
    if (!fields[4].empty()) made.edges.emplace(fields[4], fields[5]);
  }
  return made;
}

TEST(EdgeCover, RowsHoldExactlySoManyEdges) {
  for (const Shape& shape : {Shape2021(), Shape2022()}) {
    for (const auto& [rows, edges] : {std::pair<uint64_t, uint64_t>{1000, 500},
                                      {20'000, 1},
                                      {20'000, 7},
                                      {20'000, 100},
                                      {30'000, 9'000},
                                      {100'000, 70'000}}) {
      const auto made = Make(rows, edges, shape);
      ASSERT_TRUE(made) << made.error().Text();
      EXPECT_EQ(made->edges.size(), edges) << rows;
      EXPECT_EQ(made->truth, edges) << rows;
    }
  }
}

TEST(EdgeCover, NothingDependsOnThreads) {
  const auto one = Make(60'000, 40'000, Shape2021(), 0, Order::kTime, 1);
  const auto five = Make(60'000, 40'000, Shape2021(), 0, Order::kTime, 5);
  ASSERT_TRUE(one && five);
  EXPECT_EQ(one->text, five->text);
  const auto by_trace = Make(60'000, 40'000, Shape2021(), 0, Order::kTrace);
  ASSERT_TRUE(by_trace);
  EXPECT_EQ(by_trace->edges, one->edges);
}

TEST(EdgeCover, SaysWhatCanBeReached) {
  const auto rows = Make(1000, 5000, Shape2021());
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind, ErrorKind::kUsage);
  EXPECT_NE(rows.error().Text().find("--rows 1000 about"), std::string::npos)
      << rows.error().Text();
  const auto services = Make(100'000, 95, Shape2021(), 10);
  ASSERT_FALSE(services);
  EXPECT_NE(services.error().Text().find("10 services hold at most"), std::string::npos)
      << services.error().Text();
}

}  // namespace
}  // namespace plumbago::generate
