#include <gtest/gtest.h>

#include "store/parquet/parquet_format.h"
#include "store/query.h"
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

// Digits of what was no id stood there as the parent.
TEST(ClickHouseLayout, AnIdThatIsNoneIsNone) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  const std::string path = ::testing::TempDir() + "/plumbago-clickhouse-ids.parquet";
  const auto copied = Query::Do(
      "COPY (SELECT '2022-06-20 21:09:16' AS Timestamp, '1' AS TraceId, '2' AS SpanId, "
      "'12xy' AS ParentSpanId, 'f' AS SpanName, ['1'] AS \"Links.TraceId\", "
      "['12xy'] AS \"Links.SpanId\") TO " +
      Quoted(path) + " (FORMAT parquet)");
  ASSERT_TRUE(copied) << copied.error().Text();
  model::Names names;
  const auto decoded = testing::Decode(ParquetFormat(), path, names);
  std::filesystem::remove(path);
  ASSERT_TRUE(decoded) << decoded.error().Text();
  ASSERT_EQ(decoded->spans.size(), 1u);
  const testing::json span = testing::json::parse(decoded->spans[0]);
  EXPECT_EQ(span["parent"], "");
  EXPECT_EQ(span["links"].size(), 1u);
  EXPECT_EQ(span["links"][0]["span"], "");
}

TEST(ClickHouseLayout, TextsAsBytes) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  PLUMBAGO_TRACES_OR_SKIP("clickhouse");
  ExpectBlockOne("clickhouse/otel_traces-binary-lz4.parquet");
}

}  // namespace
}  // namespace plumbago::store
