#include <gtest/gtest.h>

#include "store/parquet/parquet_format.h"
#include "store/testing/clickhouse_oracle.h"

namespace plumbago::store {
namespace {

void ExpectBlockOne(const std::string& file) {
  model::Names names;
  const auto decoded = testing::Decode(ParquetFormat(), testing::TracePath(file), names);
  ASSERT_TRUE(decoded) << decoded.error().Text();
  testing::ExpectBlockOneAsTexts(decoded->spans);
  EXPECT_EQ(decoded->damage.Count(model::Damage::kWrongTime), 1u);
  EXPECT_EQ(decoded->damage.Count(model::Damage::kMalformed), 0u);
}

TEST(ClickHouseLayout, TableOfTheExporter) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  PLUMBAGO_TRACES_OR_SKIP("clickhouse");
  ExpectBlockOne("clickhouse/otel_traces.parquet");
}

TEST(ClickHouseLayout, TextsAsBytes) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  PLUMBAGO_TRACES_OR_SKIP("clickhouse");
  ExpectBlockOne("clickhouse/otel_traces-binary-lz4.parquet");
}

}  // namespace
}  // namespace plumbago::store
