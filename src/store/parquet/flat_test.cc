#include <gtest/gtest.h>

#include <fstream>

#include "base/output_file.h"
#include "formats/spans/span_batch.h"
#include "store/parquet/flat_encoder.h"
#include "store/parquet/parquet_format.h"
#include "store/query.h"
#include "store/testing/decoded_spans.h"

namespace plumbago::store {
namespace {

using formats::spans::Attribute;
using formats::spans::Span;
using formats::spans::Value;
using testing::Decode;
using testing::Decoded;

// A folder that goes away with the test.
class TestFolder {
 public:
  TestFolder() {
    std::string name = ::testing::TempDir() + "/plumbago-store-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// What `batches` are as a file of our schema.
void WriteFlat(const std::vector<model::CallBatch>& batches, const model::Names& names,
               const std::string& path) {
  const FlatEncoder encoder;
  auto out = OutputFile::Open(path);
  ASSERT_TRUE(out);
  auto stage = encoder.Stage();
  ASSERT_TRUE(stage) << stage.error().Text();
  (*out)->Through(std::move(*stage));
  for (const model::CallBatch& batch : batches) {
    std::string text;
    encoder.Encode(batch, names, text);
    // In two parts: a span may be cut anywhere.
    const size_t cut = text.size() / 3;
    ASSERT_TRUE((*out)->Write(text.substr(0, cut)));
    ASSERT_TRUE((*out)->Write(text.substr(cut)));
  }
  const auto committed = (*out)->Commit();
  ASSERT_TRUE(committed) << committed.error().Text();
}

TEST(FlatSchema, BlockOfTempoComesBackWhole) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  PLUMBAGO_TRACES_OR_SKIP("tempo-made");
  const TestFolder folder;
  model::Names names;
  const auto first =
      Decode(ParquetFormat(),
             testing::TracePath(
                 "tempo-made/vParquet5/made/5a000000-0000-4000-8000-000000000001/data.parquet"),
             names);
  ASSERT_TRUE(first);
  WriteFlat(first->batches, names, folder.File("a.parquet"));
  const auto again = Decode(ParquetFormat(), folder.File("a.parquet"), names);
  ASSERT_TRUE(again) << again.error().Text();
  testing::ExpectSameSpans(again->spans, first->spans);
  EXPECT_EQ(again->lines, 676u);
  EXPECT_EQ(again->damage.Count(model::Damage::kWrongTime), 1u);
  for (const model::CallBatch& batch : again->batches) {
    for (const model::Call& call : batch.calls) EXPECT_TRUE(call.from_store);
  }
}

// A span with everything that can be told, `n` of them with ids from 1 on.
std::vector<model::CallBatch> FullSpans(model::Names& names, uint64_t n) {
  std::vector<model::CallBatch> batches;
  testing::KeepBatches sink(batches);
  model::NameCaches caches(names);
  model::DamageCounts damage;
  formats::DecodeContext context{caches, damage, sink, true};
  const formats::Block block;
  formats::spans::SpanBatch batch(block, context);
  const std::string bytes("\x00\xFF\x80", 3);
  const Attribute inner[] = {{"k", Value::Int(-1)}};
  const Attribute attributes[] = {
      {"text", Value::Text("a 'quoted' text\nand more of it than fits inline")},
      {"empty", Value::Text("")},
      {"yes", Value::Bool(true)},
      {"least", Value::Int(INT64_MIN)},
      {"tenth", Value::Double(0.1)},
      {"huge", Value::Double(-1.7976931348623157e308)},
      {"bytes", {Value::Type::kBytes, bytes, 0, 0}},
      {"json", {Value::Type::kJson, R"({"arrayValue":{"values":[{"intValue":"1"}]}})", 0, 0}},
      {"text", Value::Text("the same key again")}};
  formats::spans::Resource resource;
  resource.service = "cart";
  resource.attributes = std::span(attributes).subspan(2, 2);
  resource.dropped_attributes = 7;
  const formats::spans::Scope scope{"scope", "1.2", inner, 3};
  const formats::spans::Event events[] = {{-5, "early", attributes, 1}, {10, "", {}, 0}};
  const formats::spans::Link links[] = {
      {formats::spans::MakeTraceId(1, 2), 3, "a=b", inner, 4, 5, true},
      {formats::spans::MakeTraceId(9, 9), 4, {}, {}, 0, 0, false}};
  for (uint64_t i = 1; i <= n; ++i) {
    Span span;
    span.trace = formats::spans::MakeTraceId(0xFEDCBA9876543210, i);
    span.id = i;
    span.parent = i % 2 == 0 ? i - 1 : 0;
    span.start_ns = static_cast<int64_t>(i) * 1000 + 1;
    span.duration_ns = static_cast<int64_t>(i);
    span.name = i % 3 == 0 ? "GET /" : "";
    span.kind = static_cast<formats::spans::SpanKind>(i % 6);
    span.status = static_cast<model::Status>(i % 3);
    span.follows_from = i % 2 == 0;
    span.shared = i % 5 == 0;
    span.flags = 0x80000001;
    span.status_message = "bad \xFF byte is mended";
    span.trace_state = "ot=th:8";
    span.resource = &resource;
    if (i % 4 != 0) span.scope = &scope;
    span.attributes = attributes;
    span.events = std::span(events).first(i % 3);
    span.links = std::span(links).first(i % 3);
    span.dropped_attributes = 1;
    span.dropped_events = 2;
    span.dropped_links = 3;
    batch.Add(span, static_cast<uint32_t>(i));
  }
  batch.Flush();
  return batches;
}

TEST(FlatSchema, EveryFieldOverManyChunks) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  const TestFolder folder;
  model::Names names;
  const std::vector<model::CallBatch> batches = FullSpans(names, 5000);
  WriteFlat(batches, names, folder.File("full.parquet"));
  const auto again = Decode(ParquetFormat(), folder.File("full.parquet"), names);
  ASSERT_TRUE(again) << again.error().Text();
  formats::spans::RestoredSpan a, b;
  std::vector<std::pair<const model::CallBatch*, const model::Call*>> written, read;
  for (const auto& batch : batches) {
    for (const auto& call : batch.calls) written.emplace_back(&batch, &call);
  }
  for (const auto& batch : again->batches) {
    for (const auto& call : batch.calls) read.emplace_back(&batch, &call);
  }
  ASSERT_EQ(read.size(), written.size());
  for (size_t i = 0; i < read.size(); ++i) {  // in the order in which they were written
    ASSERT_TRUE(
        a.Restore(*written[i].second, written[i].first->Details(*written[i].second), names));
    ASSERT_TRUE(b.Restore(*read[i].second, read[i].first->Details(*read[i].second), names));
    std::string x, y;
    formats::spans::Span mended = a.span();
    mended.status_message = "bad \xEF\xBF\xBD byte is mended";
    AppendDetails(mended, x);
    AppendDetails(b.span(), y);
    ASSERT_EQ(x, y) << i;
    ASSERT_EQ(testing::SpanJson(mended).dump(), testing::SpanJson(b.span()).dump());
    EXPECT_EQ(written[i].second->weight, read[i].second->weight);
    EXPECT_EQ(read[i].second->origin.line, i % 122880);
  }
}

// The same input gives the same bytes.
TEST(FlatSchema, SameBytes) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  const TestFolder folder;
  model::Names names;
  const std::vector<model::CallBatch> batches = FullSpans(names, 3000);
  std::string texts[2];
  for (std::string& text : texts) {
    WriteFlat(batches, names, folder.File("b.parquet"));
    std::ifstream file(folder.File("b.parquet"), std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  EXPECT_GT(texts[0].size(), 1000u);
  EXPECT_EQ(texts[0], texts[1]);
}

// A row alone, as `analyze` wants it, is the same row.
TEST(FlatSchema, RowsWithoutDetailsAreTheSame) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  const TestFolder folder;
  model::Names names;
  WriteFlat(FullSpans(names, 100), names, folder.File("c.parquet"));
  const auto with = Decode(ParquetFormat(), folder.File("c.parquet"), names, true);
  const auto without = Decode(ParquetFormat(), folder.File("c.parquet"), names, false);
  ASSERT_TRUE(with && without);
  ASSERT_EQ(with->batches.size(), without->batches.size());
  for (size_t b = 0; b < with->batches.size(); ++b) {
    ASSERT_EQ(with->batches[b].calls.size(), without->batches[b].calls.size());
    for (size_t i = 0; i < with->batches[b].calls.size(); ++i) {
      const model::Call &x = with->batches[b].calls[i], &y = without->batches[b].calls[i];
      EXPECT_EQ(x.trace, y.trace);
      EXPECT_EQ(std::tie(x.span, x.parent_span, x.start_ns, x.duration_ns, x.operation, x.callee,
                         x.caller, x.kind, x.side, x.status, x.weight),
                std::tie(y.span, y.parent_span, y.start_ns, y.duration_ns, y.operation, y.callee,
                         y.caller, y.kind, y.side, y.status, y.weight));
      EXPECT_EQ(y.details_size, 0u);
    }
  }
}

// Several pieces give each row once.
TEST(ParquetFormat, PiecesOfManyRowGroups) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  const TestFolder folder;
  const std::string path = folder.File("many[1]*.parquet");  // signs of patterns in a name
  const auto copied = Query::Do(
      "COPY (SELECT '\\x01'::BLOB AS trace_id, unhex(printf('%016x', i + 1)) AS span_id, "
      "md5(i::VARCHAR) || md5(i::VARCHAR) AS name, i AS start_ns FROM range(300000) r(i)) TO " +
      Quoted(path) + " (FORMAT parquet, ROW_GROUP_SIZE 20480)");
  ASSERT_TRUE(copied) << copied.error().Text();
  const auto decoder = ParquetFormat().Open("PAR1", path);
  ASSERT_TRUE(decoder) << decoder.error().Text();
  EXPECT_GT((*decoder)->pieces(), 1u);
  EXPECT_LT((*decoder)->pieces(), 15u);  // several of the 15 row groups each
  model::Names names;
  const auto decoded = Decode(ParquetFormat(), path, names, false);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->lines, 300000u);
  uint64_t next = 0;
  for (const model::CallBatch& batch : decoded->batches) {
    for (const model::Call& call : batch.calls) {
      EXPECT_EQ(call.start_ns, static_cast<int64_t>(next));
      EXPECT_EQ(call.span, ++next);
    }
  }
  EXPECT_EQ(next, 300000u);
}

TEST(ParquetFormat, OtherColumnsAreToldWithWhatWasExpected) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  const TestFolder folder;
  ASSERT_TRUE(Query::Do("COPY (SELECT 1 AS a, 2 AS b) TO " + Quoted(folder.File("x.parquet")) +
                        " (FORMAT parquet)"));
  const auto opened = ParquetFormat().Open("PAR1", folder.File("x.parquet"));
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("found a, b"), std::string::npos) << opened.error().message;
  EXPECT_NE(opened.error().message.find("TraceID and rs"), std::string::npos);
}

// Damaged files give an error or counted damage, never a crash.
TEST(ParquetFormat, DamagedFiles) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  const TestFolder folder;
  model::Names names;
  WriteFlat(FullSpans(names, 50), names, folder.File("whole.parquet"));
  std::ifstream file(folder.File("whole.parquet"), std::ios::binary);
  const std::string whole(std::istreambuf_iterator<char>(file), {});
  size_t refused = 0, damaged = 0, unharmed = 0;
  const auto read = [&](const std::string& bytes) {
    const std::string path = folder.File("damaged.parquet");
    std::ofstream(path, std::ios::binary) << bytes;
    const auto decoded = Decode(ParquetFormat(), path, names);
    if (!decoded) {
      EXPECT_FALSE(decoded.error().message.empty());
      ++refused;
    } else if (decoded->damage.Count(model::Damage::kMalformed) > 0) {
      ++damaged;
    } else {
      ++unharmed;
    }
  };
  for (size_t size = 4; size < whole.size(); size += whole.size() / 20 + 1)
    read(whole.substr(0, size));
  EXPECT_EQ(damaged + unharmed, 0u);  // without its foot a file is none
  for (size_t at = 4; at < whole.size(); at += whole.size() / 150 + 1) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x55);
    read(changed);
  }
  EXPECT_GT(damaged, 0u);
}

}  // namespace
}  // namespace plumbago::store
