#include "render/quantity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace plumbago::render {
namespace {

using document::Unit;

TEST(Quantity, ThreeDigitsAndAUnit) {
  struct Case {
    double value;
    Unit unit;
    const char* text;
  };
  const Case cases[] = {
      {1234, Unit::kCount, "1,234"},
      {0, Unit::kCount, "0"},
      {2.5612, Unit::kCount, "2.56"},
      {9.996, Unit::kCount, "10.0"},
      {0.9996, Unit::kCount, "1.00"},
      {99.96, Unit::kCount, "100"},
      {999.6, Unit::kCount, "1,000"},
      {31415.9, Unit::kCount, "31,416"},
      {-1234, Unit::kCount, "−1,234"},
      {2e18, Unit::kCount, "2.00e+18"},
      {0.00012345, Unit::kNone, "0.000123"},
      {0.123, Unit::kShare, "12.3 %"},
      {1, Unit::kShare, "100 %"},
      {0, Unit::kShare, "0 %"},
      {0.9997, Unit::kShare, "99.97 %"},
      {0.9999999, Unit::kShare, ">99.99 %"},
      {0.0000001, Unit::kShare, "0.0000100 %"},
      {4.83e6, Unit::kNanoseconds, "4.83 ms"},
      {132e3, Unit::kNanoseconds, "132 µs"},
      {999.7e3, Unit::kNanoseconds, "1.00 ms"},
      {17, Unit::kNanoseconds, "17 ns"},
      {90e9, Unit::kNanoseconds, "90.0 s"},
      {125e9, Unit::kNanoseconds, "2.08 min"},
      {43200e9, Unit::kNanoseconds, "12.0 h"},
      {1123200e9, Unit::kNanoseconds, "13.0 d"},
      {0, Unit::kNanoseconds, "0 ms"},
      {512, Unit::kBytes, "512 B"},
      {10500, Unit::kBytes, "10.5 kB"},
      {1.07e9, Unit::kBytes, "1.07 GB"},
      {132e3, Unit::kPerSecond, "132 k/s"},
      {1.2, Unit::kPerSecond, "1.20/s"},
      {1.234, Unit::kRatio, "1.23×"},
      {std::nan(""), Unit::kCount, "cannot say"},
      {std::numeric_limits<double>::infinity(), Unit::kRatio, "∞"},
  };
  for (const Case& c : cases) EXPECT_EQ(Quantity(c.value, c.unit), c.text) << c.value;
}

TEST(Quantity, CellsAndNothing) {
  EXPECT_EQ(Quantity(document::Cell(), Unit::kCount), "cannot say");
  EXPECT_EQ(Quantity(document::Cell(std::string("a\x1b")), Unit::kCount), "a\uFFFD");
  EXPECT_EQ(Quantity(document::Cell(std::numeric_limits<int64_t>::min()), Unit::kCount),
            "−9,223,372,036,854,775,808");
  EXPECT_EQ(Quantity(std::optional<double>(), Unit::kShare), "cannot say");
}

TEST(Quantity, ChangesAndRanges) {
  EXPECT_EQ(Change(-0.3), "−30.0 %");
  EXPECT_EQ(Change(2.5), "+250 %");
  EXPECT_EQ(Range(0.079, 0.096, Unit::kShare), "7.90 – 9.60 %");
  EXPECT_EQ(Range(9e5, 2e6, Unit::kNanoseconds), "900 µs – 2.00 ms");
  EXPECT_EQ(Range(2, 3, Unit::kCount), "2 – 3");
  EXPECT_EQ(Range(2, 2, Unit::kCount), "2");
  EXPECT_EQ(Range({}, 3, Unit::kCount), "at most 3");
  EXPECT_EQ(Range(3, {}, Unit::kCount), "at least 3");
}

}  // namespace
}  // namespace plumbago::render
