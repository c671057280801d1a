// Our own reader of Parquet against DuckDB's: the same vectors, the same spans.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/byte_stream.h"
#include "store/pages/row_group_rows.h"
#include "store/parquet/parquet_format.h"
#include "store/query.h"
#include "store/testing/decoded_spans.h"

namespace plumbago::store {
namespace {

using testing::Decode;
using testing::Decoded;
using Through = ParquetFormat::Through;

class AgreeFolder {
 public:
  AgreeFolder() {
    std::string name = ::testing::TempDir() + "/plumbago-agree-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~AgreeFolder() { std::filesystem::remove_all(path_); }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// Spans in the order of the file, with all they tell.
std::vector<std::string> InOrder(const Decoded& decoded, const model::Names& names) {
  std::vector<std::string> spans;
  formats::spans::RestoredSpan restored;
  for (const model::CallBatch& batch : decoded.batches) {
    for (const model::Call& call : batch.calls) {
      std::string text = fmt::format("{} ", call.origin.line);
      if (restored.Restore(call, batch.Details(call), names)) AppendDetails(restored.span(), text);
      text += fmt::format(" {} {} {} {} {} {} {}", call.span, call.parent_span, call.start_ns,
                          call.duration_ns, static_cast<unsigned>(call.operation),
                          static_cast<unsigned>(call.callee), static_cast<unsigned>(call.caller));
      text += fmt::format(" {} {} {} {}", static_cast<int>(call.kind), static_cast<int>(call.side),
                          static_cast<int>(call.status), call.weight);
      spans.push_back(std::move(text));
    }
    for (const model::SpanLink& link : batch.links) {
      std::string text = "link ";
      formats::spans::AppendTraceId(link.target, text);
      text +=
          fmt::format(" {:016x} {:016x} {}", link.target_span, link.from_span, link.origin.line);
      spans.push_back(std::move(text));
    }
    std::string attributes = "attributes";
    for (const model::AttributeId id : batch.attributes)
      attributes += fmt::format(" {}", static_cast<unsigned>(id));
    spans.push_back(std::move(attributes));
  }
  return spans;
}

void ExpectSameDecoded(const std::string& path) {
  SCOPED_TRACE(path);
  for (const bool details : {true, false}) {
    model::Names names;
    const auto theirs = Decode(ParquetFormat(Through::kDuckDb), path, names, details);
    const auto ours = Decode(ParquetFormat(Through::kPages), path, names, details);
    ASSERT_TRUE(theirs) << theirs.error().Text();
    ASSERT_TRUE(ours) << ours.error().Text();
    EXPECT_EQ(ours->lines, theirs->lines);
    const auto a = InOrder(*ours, names), b = InOrder(*theirs, names);
    ASSERT_EQ(a.size(), b.size());
    for (size_t i = 0; i < a.size(); ++i) ASSERT_EQ(a[i], b[i]) << i;
    for (size_t d = 0; d < model::kDamages; ++d) {
      const auto damage = static_cast<model::Damage>(d);
      EXPECT_EQ(ours->damage.Count(damage), theirs->damage.Count(damage)) << d;
    }
  }
}

TEST(ReadersAgree, OnEveryFileOfTheSamples) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  PLUMBAGO_TRACES_OR_SKIP("tempo-made");
  size_t read = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(testing::TracePath(""))) {
    if (entry.path().extension() != ".parquet") continue;
    const auto ours = ParquetFormat(Through::kPages).Open("PAR1", entry.path().string());
    if (!ours) {  // times of ClickHouse
      EXPECT_NE(entry.path().string().find("clickhouse"), std::string::npos) << ours.error().Text();
      continue;
    }
    ExpectSameDecoded(entry.path().string());
    ++read;
  }
  EXPECT_GE(read, 6u);
}

// What a row of a vector holds. Where a list is null it is empty.
std::string Cell(const Column& column, uint64_t row) {
  using duckdb::TypeId;
  if (column.is_list()) {
    std::string text = "[";
    const duckdb::ListEntry entry = column.At(row);
    for (uint64_t i = entry.offset; i < entry.offset + entry.length; ++i) {
      for (const Column& child : column.children) text += Cell(child, i) + ",";
    }
    return text + "]";
  }
  if (column.type == TypeId::kStruct) {
    std::string text = "{";
    for (const Column& child : column.children) text += child.name + ":" + Cell(child, row) + ",";
    return text + "}";
  }
  if (column.IsNull(row)) return "null";
  if (column.is_text()) return fmt::format("'{}'", column.Text(row));
  if (column.is_real()) return fmt::format("{}", column.Real(row));
  return fmt::format("{}", column.Integer(row));
}

Result<std::vector<std::string>> Rows(Chunks& chunks) {
  std::vector<std::string> rows;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, chunks.Next());
    if (!more) return rows;
    for (uint64_t row = 0; row < chunks.rows(); ++row) {
      std::string text;
      for (const Column& column : chunks.columns())
        text += column.name + "=" + Cell(column, row) + " ";
      rows.push_back(std::move(text));
    }
  }
}

void ExpectSameRows(const std::string& path, const Wanted& wanted, const std::string& columns) {
  SCOPED_TRACE(path);
  const auto query =
      Query::Run("SELECT " + columns + " FROM read_parquet(" + QuotedPath(path) + ")");
  ASSERT_TRUE(query) << query.error().Text();
  const auto theirs = Rows(**query);
  ASSERT_TRUE(theirs) << theirs.error().Text();
  const auto stream = FileStream::Open(path);
  ASSERT_TRUE(stream);
  const auto file = PagedFile::Open(**stream);
  ASSERT_TRUE(file) << file.error().Text();
  ASSERT_EQ(CannotRead(*file, wanted), "");
  RowGroupRows chunks(**stream, *file, wanted, 0, file->footer.groups.size());
  const auto ours = Rows(chunks);
  ASSERT_TRUE(ours) << ours.error().Text();
  ASSERT_EQ(ours->size(), theirs->size());
  for (size_t i = 0; i < ours->size(); ++i) ASSERT_EQ((*ours)[i], (*theirs)[i]) << i;
}

// Lists of lists, maps, structs; nulls and empties at every level; texts short and long, in
// dictionaries and too many for one. Content is a function of the row's number.
constexpr const char* kNested =
    "SELECT i, CASE WHEN h % 5 = 0 THEN NULL ELSE i * h END AS b, "
    "(h % 1000)::INTEGER AS c, (h % 7)::UINTEGER AS d, h::DOUBLE / 7 AS e, (h % 3)::FLOAT AS f, "
    "CASE h % 3 WHEN 0 THEN NULL WHEN 1 THEN true ELSE false END AS g, "
    "repeat(chr((65 + h % 26)::INTEGER), (h % 40)::INTEGER) AS t, "
    "CASE WHEN h % 4 = 0 THEN NULL ELSE md5(h::VARCHAR)::BLOB END AS blob, "
    "CASE WHEN h % 6 = 0 THEN NULL ELSE [CASE WHEN j % 4 = 0 THEN NULL ELSE j END "
    "FOR j IN range((h % 9)::BIGINT)] END AS l, "
    "CASE WHEN h % 5 = 1 THEN NULL ELSE [{'a': j + h, 'm': MAP {'k' || j: 'v' || h}, "
    "'n': [['x' || k FOR k IN range((h % 3)::BIGINT)] FOR q IN range(((h + j) % 4)::BIGINT)], "
    "'z': CASE WHEN j % 2 = 0 THEN NULL ELSE {'y': j, 'w': NULL::VARCHAR} END} "
    "FOR j IN range((h % 4)::BIGINT)] END AS s, "
    "CASE WHEN h % 3 = 0 THEN MAP {} ELSE MAP {'one': [h], 'two': NULL} END AS m "
    "FROM (SELECT i, hash(i) % 100000 AS h FROM range(20000) r(i))";

TEST(ReadersAgree, OnNestedTablesOfEveryVersionAndCodec) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  const AgreeFolder folder;
  const Wanted all = [](std::string_view) { return true; };
  for (const char* version : {"v1", "v2"}) {
    for (const char* codec : {"uncompressed", "snappy", "zstd"}) {
      const std::string path = folder.File(fmt::format("{}-{}.parquet", version, codec));
      const auto made =
          Query::Do(fmt::format("COPY ({}) TO {} (FORMAT parquet, COMPRESSION {}, PARQUET_VERSION "
                                "{}, ROW_GROUP_SIZE 6144)",
                                kNested, Quoted(path), codec, version));
      ASSERT_TRUE(made) << made.error().Text();
      ExpectSameRows(path, all, "*");
    }
  }
}

TEST(ReadersAgree, OnSomeColumns) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  const AgreeFolder folder;
  const std::string path = folder.File("some.parquet");
  ASSERT_TRUE(Query::Do(fmt::format("COPY ({}) TO {} (FORMAT parquet)", kNested, Quoted(path))));
  ExpectSameRows(
      path,
      [](std::string_view name) {
        return name == "i" || name == "s.n" || name == "m.key" || name == "m.value";
      },
      "i, CASE WHEN s IS NULL THEN NULL ELSE [{'n': x.n} FOR x IN s] END AS s, m");
}

// Whatever we cannot read, DuckDB reads.
TEST(ReadersAgree, OthersGoToDuckDb) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  const AgreeFolder folder;
  const std::string path = folder.File("gzip.parquet");
  ASSERT_TRUE(
      Query::Do("COPY (SELECT '\\x01'::BLOB AS trace_id, unhex(printf('%016x', i + 1)) AS span_id, "
                "'n' AS name, i AS start_ns FROM range(3000) r(i)) TO " +
                Quoted(path) + " (FORMAT parquet, COMPRESSION gzip)"));
  const auto ours = ParquetFormat(Through::kPages).Open("PAR1", path);
  ASSERT_FALSE(ours);
  EXPECT_EQ(ours.error().kind, ErrorKind::kUnsupported);
  EXPECT_NE(ours.error().message.find("codec 2"), std::string::npos) << ours.error().message;
  model::Names names;
  const auto decoded = Decode(ParquetFormat(), path, names, false);
  ASSERT_TRUE(decoded) << decoded.error().Text();
  EXPECT_EQ(decoded->lines, 3000u);
}

// A byte changed: what we read is told as damage, with its place, or does not show; never more rows
// than there are.
TEST(ReadersAgree, DamageHasItsPlace) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  const AgreeFolder folder;
  const std::string path = folder.File("whole.parquet");
  ASSERT_TRUE(Query::Do(fmt::format("COPY ({}) TO {} (FORMAT parquet, ROW_GROUP_SIZE 2048)",
                                    "SELECT * FROM (" + std::string(kNested) + ") LIMIT 5000",
                                    Quoted(path))));
  std::ifstream in(path, std::ios::binary);
  const std::string whole(std::istreambuf_iterator<char>(in), {});
  const Wanted all = [](std::string_view) { return true; };
  size_t placed = 0;
  for (size_t at = 4; at < whole.size() - 9; at += 977) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    std::ofstream(folder.File("changed.parquet"), std::ios::binary) << changed;
    const auto stream = FileStream::Open(folder.File("changed.parquet"));
    const auto file = PagedFile::Open(**stream);
    if (!file || !CannotRead(*file, all).empty()) continue;
    RowGroupRows chunks(**stream, *file, all, 0, file->footer.groups.size());
    uint64_t rows = 0;
    while (true) {
      const auto more = chunks.Next();
      if (!more) {
        EXPECT_TRUE(more.error().message.starts_with("row group ")) << more.error().message;
        EXPECT_NE(more.error().message.find(", column "), std::string::npos);
        ++placed;
      }
      if (!more || !*more) break;
      for (uint64_t row = 0; row < chunks.rows(); ++row) {
        for (const Column& column : chunks.columns()) EXPECT_FALSE(Cell(column, row).empty());
      }
      rows += chunks.rows();
    }
    EXPECT_LE(rows, 5000u);
  }
  EXPECT_GT(placed, 20u);
}

// A row group that cannot be read costs no other; lines go on behind it.
TEST(ReadersAgree, OneDamagedRowGroupCostsNoOther) {
  PLUMBAGO_DUCKDB_OR_SKIP();
  const AgreeFolder folder;
  const std::string path = folder.File("groups.parquet");
  ASSERT_TRUE(
      Query::Do("COPY (SELECT '\\x01'::BLOB AS trace_id, unhex(printf('%016x', i + 1)) AS span_id, "
                "'n' || i AS name, i AS start_ns FROM range(6144) r(i)) TO " +
                Quoted(path) + " (FORMAT parquet, ROW_GROUP_SIZE 2048, COMPRESSION snappy)"));
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  const auto stream = FileStream::Open(path);
  const auto paged = PagedFile::Open(**stream);
  ASSERT_TRUE(paged);
  ASSERT_EQ(paged->footer.groups.size(), 3u);
  file.seekp(static_cast<std::streamoff>(paged->footer.groups[1].columns[2].begin));
  file << "damaged";
  file.close();
  model::Names names;
  const auto decoded = Decode(ParquetFormat(Through::kPages), path, names, false);
  ASSERT_TRUE(decoded) << decoded.error().Text();
  EXPECT_EQ(decoded->lines, 6144u);
  EXPECT_EQ(decoded->damage.Count(model::Damage::kMalformed), 1u);
  const model::Example* const example = decoded->damage.First(model::Damage::kMalformed);
  ASSERT_NE(example, nullptr);
  EXPECT_TRUE(example->text.starts_with(
      "rows from 2049 on cannot be read: row group 2, column name: page 1: "))
      << example->text;
  std::vector<uint64_t> ids;
  for (const model::CallBatch& batch : decoded->batches) {
    for (const model::Call& call : batch.calls) {
      ids.push_back(call.span);
      EXPECT_EQ(call.origin.line + 1, call.span);
    }
  }
  EXPECT_EQ(ids.size(), 4096u);
}

}  // namespace
}  // namespace plumbago::store
