#include "graph/row_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <string>
#include <tuple>

namespace plumbago::graph {
namespace {

struct Made {
  model::Names names;
  std::deque<model::Call> calls;
  std::deque<std::string> paths;
  std::vector<Row> rows;
};

// Paths of 0 to 40 bytes, many of which begin alike, of few different bytes; few times.
void Make(std::mt19937& random, size_t size, Made& made) {
  const size_t longest = 1 + random() % 40;
  const size_t bytes = 1 + random() % 3;
  for (size_t i = 0; i < size; ++i) {
    std::string& path = made.paths.emplace_back();
    const size_t end = random() % longest;
    while (path.size() < end) path += static_cast<char>(random() % 8 == 0 ? random() % bytes : 0);
    model::Call& call = made.calls.emplace_back();
    call.start_ns = static_cast<int64_t>(random() % 4);
    call.duration_ns = static_cast<int64_t>(random() % 3);
    call.side = static_cast<model::Side>(random() % 3);
    call.origin.line = static_cast<uint32_t>(i);
    made.rows.push_back({&call, path});
  }
}

auto Content(const Row& row) {
  return std::tuple(row.path, row.call->start_ns, row.call->side, row.call->duration_ns,
                    row.call->origin.line);
}

TEST(RowOrder, IsThatOfTheContentHoweverRowsCome) {
  std::mt19937 random(1);
  for (int round = 0; round < 1500; ++round) {
    Made made;
    Make(random, random() % (round % 10 == 0 ? 400 : 30), made);
    std::vector<Row> sorted = made.rows;
    std::sort(sorted.begin(), sorted.end(),
              [](const Row& a, const Row& b) { return Content(a) < Content(b); });
    // Nearly sorted, or as they came, or from the last to the first.
    if (round % 3 == 0) {
      made.rows = sorted;
      for (size_t i = 0; i < sorted.size() / 8; ++i)
        std::swap(made.rows[random() % sorted.size()], made.rows[random() % sorted.size()]);
    } else if (round % 3 == 1) {
      made.rows.assign(sorted.rbegin(), sorted.rend());
    }
    std::vector<RowKey> order;
    SortRows(made.rows, made.names, order);
    ASSERT_EQ(order.size(), sorted.size());
    for (size_t i = 0; i < order.size(); ++i)
      ASSERT_EQ(made.rows[order[i].row].call, sorted[i].call) << "round " << round << ", " << i;
  }
}

TEST(RowOrder, KeysTellPathsApart) {
  std::mt19937 random(2);
  for (int round = 0; round < 300; ++round) {
    Made made;
    Make(random, 30, made);
    std::vector<RowKey> order;
    SortRows(made.rows, made.names, order);
    for (const RowKey& a : order) {
      for (const RowKey& b : order) {
        const model::PathView x = made.rows[a.row].path;
        const model::PathView y = made.rows[b.row].path;
        ASSERT_EQ(SamePath(made.rows, a, b), x == y);
        ASSERT_EQ(IsAncestor(made.rows, a, b), model::IsAncestor(x, y));
      }
    }
  }
}

}  // namespace
}  // namespace plumbago::graph
