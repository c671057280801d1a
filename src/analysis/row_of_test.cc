#include "analysis/row_of.h"

#include <gtest/gtest.h>

#include <optional>

namespace plumbago::analysis {
namespace {

using document::Cell;

TEST(RowOf, TakesValuesAsTheyCome) {
  const std::optional<double> share = 0.5;
  const std::optional<uint64_t> count = 7;
  EXPECT_EQ(
      RowOf("text", std::string("string"), std::string_view("view"), uint64_t{5}, -3, 2.0, share,
            count, Cell(std::string("cell"))),
      (std::vector<Cell>{std::string("text"), std::string("string"), std::string("view"),
                         int64_t{5}, int64_t{-3}, 2.0, 0.5, int64_t{7}, std::string("cell")}));
}

TEST(RowOf, WhatIsNotKnownIsAnEmptyCell) {
  EXPECT_EQ(RowOf(std::optional<double>(), std::optional<uint64_t>(), Cell()),
            std::vector<Cell>(3));
}

}  // namespace
}  // namespace plumbago::analysis
