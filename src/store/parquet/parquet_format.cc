#include "store/parquet/parquet_format.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/interrupt.h"
#include "store/parquet/flat_encoder.h"
#include "store/parquet/layout.h"
#include "store/query.h"

namespace plumbago::store {
namespace {

using formats::Block;
using formats::DecodeContext;
using formats::spans::SpanBatch;

// Bytes of a piece at least, uncompressed: opening the file again costs about 5 ms.
constexpr uint64_t kPieceBytes = 16u << 20;
constexpr size_t kMostGroups = 1'000'000;  // sums of their sizes do not wrap
constexpr size_t kMostPieces = 120;        // a block index has room for 128 of each of many files

struct Piece {
  uint64_t begin = 0;  // rows
  uint64_t end = 0;
};

class ParquetDecoder final : public formats::Decoder {
 public:
  ParquetDecoder(std::string path, std::unique_ptr<Layout> layout, std::vector<Piece> pieces)
      : path_(std::move(path)), layout_(std::move(layout)), pieces_(std::move(pieces)) {}

  uint32_t pieces() const override { return static_cast<uint32_t>(pieces_.size()); }

  void Decode(const Block& block, DecodeContext& context) const override {
    SpanBatch batch(block, context);
    const Piece piece = pieces_[block.piece];
    if (block.piece == 0) {
      const std::string complaint = layout_->Complaint(pieces_.back().end);
      if (!complaint.empty()) batch.Malformed(0, 0, complaint);
    }
    const uint64_t read = Read(piece, batch, context);
    context.lines = read;
    batch.Flush();
  }

 private:
  uint64_t Read(const Piece& piece, SpanBatch& batch, const DecodeContext& context) const {
    std::string from = fmt::format("SELECT {} FROM read_parquet({}, hive_partitioning=false",
                                   layout_->Select(context.details), QuotedPath(path_));
    if (pieces_.size() == 1) {
      from += ')';
    } else {
      from += fmt::format(
          ", file_row_number=true) WHERE file_row_number >= {} AND file_row_number < {}",
          piece.begin, piece.end);
    }
    const auto damaged = [&](uint64_t row, const Error& error) {
      batch.Malformed(
          static_cast<uint32_t>(row), 0,
          fmt::format("rows from {} on cannot be read: {}", piece.begin + row + 1, error.message));
    };
    auto query = Query::Run(from);
    if (!query) {
      damaged(0, query.error());
      return 0;
    }
    const std::unique_ptr<SpanRows> rows = layout_->Rows(**query, context.details);
    uint64_t line = 0;
    while (!Interrupted()) {
      const Result<bool> more = (*query)->Next();
      if (!more) damaged(line, more.error());
      if (!more || !*more) break;
      rows->Read(**query, static_cast<uint32_t>(line), batch);
      line += (*query)->rows();
    }
    return line;
  }

  const std::string path_;
  const std::unique_ptr<Layout> layout_;
  const std::vector<Piece> pieces_;
};

// Neighbouring row groups, so many to a piece that it is worth opening the file for.
Result<std::vector<Piece>> PiecesOf(const std::string& path) {
  ASSIGN_OR_RETURN(const auto query,
                   Query::Run(fmt::format("SELECT max(row_group_num_rows)::BIGINT, "
                                          "sum(total_uncompressed_size)::BIGINT FROM "
                                          "parquet_metadata({}) GROUP BY row_group_id "
                                          "ORDER BY row_group_id",
                                          QuotedPath(path))));
  struct Group {
    uint64_t rows = 0, bytes = 0;
  };
  std::vector<Group> groups;
  uint64_t bytes = 0;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query->Next());
    if (!more) break;
    for (uint64_t i = 0; i < query->rows(); ++i) {
      const int64_t rows = query->columns()[0].Integer(i);
      const int64_t size = query->columns()[1].Integer(i);
      if (rows < 0 || rows > INT32_MAX || size < 0 || size > INT64_MAX / INT32_MAX)
        return Fail(ErrorKind::kBadInput, "a row group of an impossible size", {path});
      if (groups.size() >= kMostGroups)
        return Fail(ErrorKind::kBadInput, "more than a million row groups", {path});
      groups.push_back({static_cast<uint64_t>(rows), static_cast<uint64_t>(size)});
      bytes += groups.back().bytes;
    }
  }
  const uint64_t least = std::max(kPieceBytes, bytes / kMostPieces);
  std::vector<Piece> pieces(1);
  uint64_t size = 0;
  for (const Group& group : groups) {
    if (size >= least && pieces.size() < kMostPieces) {
      pieces.push_back({pieces.back().end, pieces.back().end});
      size = 0;
    }
    pieces.back().end += group.rows;
    size += group.bytes;
  }
  return pieces;
}

}  // namespace

formats::Match ParquetFormat::Sniff(std::string_view head, std::string_view) const {
  return head.starts_with("PAR1") ? formats::Match::kYes : formats::Match::kNo;
}

Result<std::unique_ptr<formats::Decoder>> ParquetFormat::Open(std::string_view,
                                                              std::string_view path) const {
  std::string file(path);
  const auto at_file = [&](Error error) {
    if (error.where.file.empty()) error.where.file = file;
    return tl::unexpected(std::move(error));
  };
  const auto columns = Query::Run(fmt::format(
      "SELECT * FROM read_parquet({}, hive_partitioning=false) LIMIT 0", QuotedPath(file)));
  if (!columns) return at_file(columns.error());
  ASSIGN_OR_RETURN(auto layout, LayoutOf((*columns)->columns(), file));
  auto pieces = PiecesOf(file);
  if (!pieces) return at_file(pieces.error());
  return std::make_unique<ParquetDecoder>(std::move(file), std::move(layout), std::move(*pieces));
}

Result<std::unique_ptr<formats::Encoder>> ParquetFormat::Write() const {
  if (const auto api = DuckDbApi(); !api) return tl::unexpected(api.error());
  return std::make_unique<FlatEncoder>();
}

}  // namespace plumbago::store
