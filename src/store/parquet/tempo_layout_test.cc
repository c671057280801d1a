#include <gtest/gtest.h>

#include <set>

#include "store/parquet/parquet_format.h"
#include "store/testing/decoded_spans.h"

namespace plumbago::store {
namespace {

using testing::Decode;
using testing::Decoded;
using testing::TracePath;

Decoded Read(const std::string& block, model::Names& names) {
  auto decoded = Decode(ParquetFormat(), TracePath(block + "/data.parquet"), names);
  EXPECT_TRUE(decoded) << (decoded ? "" : decoded.error().Text());
  return decoded ? std::move(*decoded) : Decoded();
}

void ExpectBlockOne(const std::string& block) {
  model::Names names;
  const Decoded decoded = Read(block, names);
  testing::ExpectSameSpans(
      decoded.spans, testing::OracleSpans(testing::ReadTraces("tempo-made-block1.otlp.jsonl.zst")));
  EXPECT_EQ(decoded.lines, 65u);
  EXPECT_EQ(decoded.damage.Count(model::Damage::kMalformed), 0u);
  EXPECT_EQ(decoded.damage.Count(model::Damage::kWrongTime), 1u);  // made so
  for (const model::CallBatch& batch : decoded.batches) {
    for (const model::Call& call : batch.calls) EXPECT_TRUE(call.from_store);
  }
}

TEST(TempoLayout, FourthVersionGivesEveryFieldOfEverySpan) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  PLUMBAGO_TRACES_OR_SKIP("tempo-made");
  ExpectBlockOne("tempo-made/vParquet4/made/4a000000-0000-4000-8000-000000000001");
}

TEST(TempoLayout, FifthVersionGivesEveryFieldOfEverySpan) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  PLUMBAGO_TRACES_OR_SKIP("tempo-made");
  ExpectBlockOne("tempo-made/vParquet5/made/5a000000-0000-4000-8000-000000000001");
}

TEST(TempoLayout, BlocksTogetherAreTheUnion) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  PLUMBAGO_TRACES_OR_SKIP("tempo-made");
  model::Names names;
  std::set<std::string> distinct;
  size_t read = 0;
  for (const char* block : {"1", "2"}) {
    const Decoded decoded =
        Read(std::string("tempo-made/vParquet5/made/5a000000-0000-4000-8000-00000000000") + block,
             names);
    read += decoded.spans.size();
    distinct.insert(decoded.spans.begin(), decoded.spans.end());
  }
  EXPECT_EQ(read, 956u);
  testing::ExpectSameSpans(
      {distinct.begin(), distinct.end()},
      testing::OracleSpans(testing::ReadTraces("tempo-made-union.otlp.jsonl.zst")));
}

// Columns of before the final form: types of values as numbers, unsupported ones as dropped.
TEST(TempoLayout, UpstreamBlocksOfDevelopment) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  PLUMBAGO_TRACES_OR_SKIP("tempo-blocks");
  const struct {
    const char* version;
    size_t spans, attributes, resource_attributes;
  } blocks[] = {{"vParquet4", 570, 3506, 1710}, {"vParquet5", 566, 3484, 1698}};
  for (const auto& block : blocks) {
    SCOPED_TRACE(block.version);
    model::Names names;
    const Decoded decoded = Read(std::string("tempo-blocks/") + block.version +
                                     "/single-tenant/b27b0e53-66a0-4505-afd6-434ae3cd4a10",
                                 names);
    EXPECT_EQ(decoded.spans.size(), block.spans);
    size_t attributes = 0, resource_attributes = 0, errors = 0;
    std::set<std::string> services;
    for (const std::string& text : decoded.spans) {
      const testing::json span = testing::json::parse(text);
      attributes += span["attributes"].size();
      resource_attributes += span["resource"].size();
      services.insert(span["resource"]["service.name"]["stringValue"].get<std::string>());
      errors += span["status"] == 2 ? 1 : 0;
    }
    EXPECT_EQ(attributes, block.attributes);
    EXPECT_EQ(resource_attributes - decoded.spans.size(), block.resource_attributes);
    EXPECT_EQ(services.size(), 10u);
    EXPECT_EQ(errors, 3u);
  }
}

TEST(TempoLayout, RunningTempo) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  PLUMBAGO_TRACES_OR_SKIP("tempo-run");
  model::Names names;
  const Decoded decoded =
      Read("tempo-run/single-tenant/a385878a-abe0-4f63-8c71-8c1f20531959", names);
  EXPECT_EQ(decoded.spans.size(), 786u);
  EXPECT_EQ(decoded.lines, 75u);
}

}  // namespace
}  // namespace plumbago::store
