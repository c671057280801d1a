#include "render/csv.h"

#include <gtest/gtest.h>

#include <cmath>

namespace plumbago::render {
namespace {

TEST(Csv, QuotesWhatItMustAndKeepsNumbersExact) {
  document::Table table;
  table.columns = {{"name", "the name", document::Unit::kNone, ""},
                   {"p99", "", document::Unit::kNanoseconds, ""}};
  table.rows = {{std::string("a,b"), int64_t{41200000}},
                {std::string("say \"hi\"\n"), 0.1},
                {std::string(), document::Cell()},
                {std::string(" x"), std::nan("")},
                {document::Cell()}};
  EXPECT_EQ(RenderTableCsv(table),
            "name,p99\n\"a,b\",41200000\n\"say \"\"hi\"\"\n\",0.1\n\"\",\n\" x\",\n,\n");
}

}  // namespace
}  // namespace plumbago::render
