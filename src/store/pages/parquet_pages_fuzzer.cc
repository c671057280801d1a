// Any bytes as a Parquet file, read by our own reader: every leaf that it can read is looked at,
// and spans are made where the columns are a layout's.
#include <cstdint>
#include <string>

#include "base/bytes_at.h"
#include "model/names.h"
#include "store/pages/row_group_rows.h"
#include "store/parquet/layout.h"

namespace {

using namespace plumbago;
using namespace plumbago::store;

constexpr uint64_t kMostRows = 20'000;  // few bytes may say two thousand million
constexpr uint64_t kMostCells = 200'000;
constexpr uint64_t kMostBytes = 64u << 20;

class Nothing final : public formats::BatchSink {
 public:
  void Accept(model::CallBatch&) override {}
};

// Looks at all that belongs to a row, within what a chunk may hold.
uint64_t Look(const Column& column, uint64_t row, uint64_t& left) {
  if (left == 0) return 0;
  --left;
  if (column.is_list()) {
    uint64_t sum = 0;
    const duckdb::ListEntry entry = column.At(row);
    for (uint64_t i = entry.offset; i < entry.offset + entry.length && left > 0; ++i) {
      for (const Column& child : column.children) sum += Look(child, i, left);
    }
    return sum;
  }
  if (column.type == duckdb::TypeId::kStruct) {
    uint64_t sum = 0;
    for (const Column& child : column.children) sum += Look(child, row, left);
    return sum;
  }
  if (column.IsNull(row)) return 0;
  uint64_t sum = static_cast<uint64_t>(column.Integer(row));
  if (column.is_text()) {
    for (const char c : column.Text(row)) sum = sum * 31 + static_cast<uint8_t>(c);
  }
  return sum;
}

uint64_t ReadAll(const MemoryAt& bytes, const PagedFile& file) {
  // A leaf that cannot be read keeps none of the others from being read.
  const Wanted wanted = [&](std::string_view path) {
    return CannotRead(file, [&](std::string_view other) { return other == path; }).empty();
  };
  RowGroupRows chunks(bytes, file, wanted, 0, file.footer.groups.size(), kMostBytes);
  uint64_t rows = 0, sum = 0;
  while (rows < kMostRows) {
    const auto more = chunks.Next();
    if (!more || !*more) break;
    uint64_t left = kMostCells;
    for (uint64_t row = 0; row < chunks.rows(); ++row) {
      for (const Column& column : chunks.columns()) sum += Look(column, row, left);
    }
    rows += chunks.rows();
  }
  return sum;
}

void ReadSpans(const MemoryAt& bytes, const PagedFile& file, bool details) {
  const auto layout = LayoutOf(file.Columns(), "no-such-folder/data.parquet");
  if (!layout) return;
  const Wanted wanted = [&](std::string_view path) { return (*layout)->Wants(path, details); };
  if (!CannotRead(file, wanted).empty()) return;
  RowGroupRows chunks(bytes, file, wanted, 0, file.footer.groups.size(), kMostBytes);
  model::Names names;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  Nothing sink;
  formats::DecodeContext context{caches, damage, sink, details};
  const formats::Block block;
  formats::spans::SpanBatch batch(block, context);
  const auto rows = (*layout)->Rows(chunks, details);
  uint64_t line = 0;
  while (line < kMostRows) {
    const auto more = chunks.Next();
    if (!more || !*more) break;
    rows->Read(chunks, static_cast<uint32_t>(line), batch);
    line += chunks.rows();
  }
  batch.Flush();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const MemoryAt bytes({reinterpret_cast<const char*>(data), size});
  const auto file = PagedFile::Open(bytes);
  if (!file) return 0;
  ReadAll(bytes, *file);
  ReadSpans(bytes, *file, true);
  ReadSpans(bytes, *file, false);
  return 0;
}
