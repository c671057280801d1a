#include "formats/csv/row_writer.h"

#include <gtest/gtest.h>

namespace plumbago::formats::csv {
namespace {

template <class Fill>
std::string Written(Fill fill) {
  std::string out;
  {
    RowWriter writer(out);
    writer.Begin(1000);
    fill(writer);
  }
  return out;
}

TEST(RowWriter, QuotesOnlyWhereNeeded) {
  EXPECT_EQ(Written([](RowWriter& w) {
              w.Text("a"), w.Comma(), w.Text("b,\"c\""), w.Comma(), w.Text("two\nlines"), w.Comma(),
                  w.Text("\r"), w.End();
            }),
            "a,\"b,\"\"c\"\"\",\"two lines\",\"\r\"\n");
}

TEST(RowWriter, Milliseconds) {
  EXPECT_EQ(Written([](RowWriter& w) { w.Milliseconds(5'000'000); }), "5");
  EXPECT_EQ(Written([](RowWriter& w) { w.Milliseconds(-5'000'000); }), "-5");
  EXPECT_EQ(Written([](RowWriter& w) { w.Milliseconds(2'000'000, 1); }), "2.0");
  EXPECT_EQ(Written([](RowWriter& w) { w.Milliseconds(2'500'000, 1); }), "2.5");
  EXPECT_EQ(Written([](RowWriter& w) { w.Milliseconds(-1); }), "-0.000001");
  EXPECT_EQ(Written([](RowWriter& w) { w.Milliseconds(-1'020'000); }), "-1.02");
}

TEST(RowWriter, RowsLargerThanItsBuffer) {
  const std::string name(100'000, ',');
  std::string out;
  {
    RowWriter writer(out);
    for (int i = 0; i < 3; ++i) {
      writer.Begin(TextBound(name) + 1);
      writer.Text(name), writer.End();
    }
  }
  EXPECT_EQ(out, ("\"" + name + "\"\n") + ("\"" + name + "\"\n") + ("\"" + name + "\"\n"));
}

}  // namespace
}  // namespace plumbago::formats::csv
