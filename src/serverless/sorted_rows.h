// Rows of all collectors in the order of owner, application, function, day, and place in the input.
#pragma once

#include <algorithm>
#include <tuple>
#include <vector>

#include "base/strong_id.h"
#include "formats/block_source.h"
#include "serverless/function_collector.h"

namespace plumbago::serverless {

// `rows` gives a collector's rows. The pointers hold until those are cleared.
template <class Row>
std::vector<const Row*> SortedRows(std::vector<FunctionCollector>& collectors,
                                   std::vector<Row>& (FunctionCollector::*rows)()) {
  std::vector<const Row*> sorted;
  for (FunctionCollector& collector : collectors) {
    for (const Row& row : (collector.*rows)()) sorted.push_back(&row);
  }
  const auto key = [](const Row& row) {
    return std::tuple(Index(row.owner), Index(row.app), Index(row.function), row.day,
                      row.origin.block, row.origin.line);
  };
  std::sort(sorted.begin(), sorted.end(),
            [&](const Row* a, const Row* b) { return key(*a) < key(*b); });
  return sorted;
}

}  // namespace plumbago::serverless
