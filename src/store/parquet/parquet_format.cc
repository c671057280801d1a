#include "store/parquet/parquet_format.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/interrupt.h"
#include "store/pages/row_group_rows.h"
#include "store/parquet/flat_encoder.h"
#include "store/parquet/layout.h"
#include "store/query.h"

namespace plumbago::store {
namespace {

using formats::Block;
using formats::DecodeContext;
using formats::spans::SpanBatch;

// Bytes of a piece at least, uncompressed: threads share small ones evenly; opening the file again
// costs DuckDB about 5 ms.
constexpr uint64_t kPieceBytes = 2u << 20;
constexpr uint64_t kDuckDbPieceBytes = 16u << 20;
constexpr size_t kMostGroups = 1'000'000;  // sums of their sizes do not wrap
constexpr size_t kMostPieces = 120;        // a block index has room for 128 of each of many files

struct Piece {
  uint64_t begin = 0;  // rows
  uint64_t end = 0;
  size_t first_group = 0;
  size_t behind_group = 0;
};

// One file; what is told of its pieces is the same whoever reads them.
class ParquetDecoder : public formats::Decoder {
 public:
  ParquetDecoder(std::unique_ptr<Layout> layout, std::vector<Piece> pieces)
      : layout_(std::move(layout)), pieces_(std::move(pieces)) {}

  uint32_t pieces() const override { return static_cast<uint32_t>(pieces_.size()); }

  void Decode(const Block& block, DecodeContext& context) const override {
    SpanBatch batch(block, context);
    const Piece piece = pieces_[block.piece];
    if (block.piece == 0) {
      const std::string complaint = layout_->Complaint(pieces_.back().end);
      if (!complaint.empty()) batch.Malformed(0, 0, complaint);
    }
    context.lines = Read(piece, batch, context);
    batch.Flush();
  }

 protected:
  virtual Result<std::unique_ptr<Chunks>> ChunksOf(const Piece& piece, bool details) const = 0;
  const Layout& layout() const { return *layout_; }
  bool one_piece() const { return pieces_.size() == 1; }

 private:
  uint64_t Read(const Piece& piece, SpanBatch& batch, const DecodeContext& context) const {
    const auto damaged = [&](uint64_t row, const Error& error) {
      batch.Malformed(
          static_cast<uint32_t>(row), 0,
          fmt::format("rows from {} on cannot be read: {}", piece.begin + row + 1, error.message));
    };
    auto chunks = ChunksOf(piece, context.details);
    if (!chunks) {
      damaged(0, chunks.error());
      return 0;
    }
    const std::unique_ptr<SpanRows> rows = layout_->Rows(**chunks, context.details);
    uint64_t line = 0;
    while (!Interrupted()) {
      const Result<bool> more = (*chunks)->Next();
      if (!more) {
        damaged(line, more.error());
        const uint64_t left_out = (*chunks)->LeaveOut();
        if (left_out == 0) break;
        line += left_out;
        continue;
      }
      if (!*more) break;
      rows->Read(**chunks, static_cast<uint32_t>(line), batch);
      line += (*chunks)->rows();
    }
    return line;
  }

  const std::unique_ptr<Layout> layout_;
  const std::vector<Piece> pieces_;
};

class DuckDbDecoder final : public ParquetDecoder {
 public:
  DuckDbDecoder(std::string path, std::unique_ptr<Layout> layout, std::vector<Piece> pieces)
      : ParquetDecoder(std::move(layout), std::move(pieces)), path_(std::move(path)) {}

 private:
  Result<std::unique_ptr<Chunks>> ChunksOf(const Piece& piece, bool details) const override {
    std::string from = fmt::format("SELECT {} FROM read_parquet({}, hive_partitioning=false",
                                   layout().Select(details), QuotedPath(path_));
    if (one_piece()) {
      from += ')';
    } else {
      from += fmt::format(
          ", file_row_number=true) WHERE file_row_number >= {} AND file_row_number < {}",
          piece.begin, piece.end);
    }
    ASSIGN_OR_RETURN(std::unique_ptr<Chunks> query, Query::Run(from));
    return query;
  }

  const std::string path_;
};

class PagesDecoder final : public ParquetDecoder {
 public:
  PagesDecoder(std::unique_ptr<FileStream> stream, PagedFile file, std::unique_ptr<Layout> layout,
               std::vector<Piece> pieces)
      : ParquetDecoder(std::move(layout), std::move(pieces)),
        stream_(std::move(stream)),
        file_(std::move(file)) {}

 private:
  Result<std::unique_ptr<Chunks>> ChunksOf(const Piece& piece, bool details) const override {
    const Wanted wanted = [&](std::string_view path) { return layout().Wants(path, details); };
    return std::make_unique<RowGroupRows>(*stream_, file_, wanted, piece.first_group,
                                          piece.behind_group);
  }

  const std::unique_ptr<FileStream> stream_;
  const PagedFile file_;
};

struct GroupSize {
  uint64_t rows = 0, bytes = 0;
};

// Neighbouring row groups, so many to a piece that it is worth opening the file for.
Result<std::vector<Piece>> PiecesOf(const std::vector<GroupSize>& groups, uint64_t piece_bytes) {
  uint64_t bytes = 0;
  if (groups.size() > kMostGroups)
    return Fail(ErrorKind::kBadInput, "more than a million row groups");
  for (const GroupSize& group : groups) {
    if (group.rows > INT32_MAX || group.bytes > INT64_MAX / INT32_MAX)
      return Fail(ErrorKind::kBadInput, "a row group of an impossible size");
    bytes += group.bytes;
  }
  const uint64_t least = std::max(piece_bytes, bytes / kMostPieces);
  std::vector<Piece> pieces(1);
  uint64_t size = 0;
  for (size_t g = 0; g < groups.size(); ++g) {
    if (size >= least && pieces.size() < kMostPieces) {
      pieces.push_back({pieces.back().end, pieces.back().end, g, g});
      size = 0;
    }
    pieces.back().end += groups[g].rows;
    pieces.back().behind_group = g + 1;
    size += groups[g].bytes;
  }
  return pieces;
}

Result<std::vector<GroupSize>> GroupsByDuckDb(const std::string& path) {
  ASSIGN_OR_RETURN(const auto query,
                   Query::Run(fmt::format("SELECT max(row_group_num_rows)::BIGINT, "
                                          "sum(total_uncompressed_size)::BIGINT FROM "
                                          "parquet_metadata({}) GROUP BY row_group_id "
                                          "ORDER BY row_group_id",
                                          QuotedPath(path))));
  std::vector<GroupSize> groups;
  while (groups.size() <= kMostGroups) {
    ASSIGN_OR_RETURN(const bool more, query->Next());
    if (!more) break;
    for (uint64_t i = 0; i < query->rows(); ++i) {
      // What is negative becomes more than can be.
      groups.push_back({static_cast<uint64_t>(query->columns()[0].Integer(i)),
                        static_cast<uint64_t>(query->columns()[1].Integer(i))});
    }
  }
  return groups;
}

Result<std::unique_ptr<formats::Decoder>> OpenByDuckDb(const std::string& path) {
  ASSIGN_OR_RETURN(
      const auto query,
      Query::Run(fmt::format("SELECT * FROM read_parquet({}, hive_partitioning=false) LIMIT 0",
                             QuotedPath(path))));
  ASSIGN_OR_RETURN(auto layout, LayoutOf(query->columns(), path));
  ASSIGN_OR_RETURN(const auto groups, GroupsByDuckDb(path));
  ASSIGN_OR_RETURN(auto pieces, PiecesOf(groups, kDuckDbPieceBytes));
  return std::make_unique<DuckDbDecoder>(path, std::move(layout), std::move(pieces));
}

Result<std::unique_ptr<formats::Decoder>> OpenPages(const std::string& path) {
  ASSIGN_OR_RETURN(auto stream, FileStream::Open(path));
  ASSIGN_OR_RETURN(PagedFile file, PagedFile::Open(*stream));
  ASSIGN_OR_RETURN(auto layout, LayoutOf(file.Columns(), path));
  const std::string cannot =
      CannotRead(file, [&](std::string_view leaf) { return layout->Wants(leaf, true); });
  if (!cannot.empty()) return Fail(ErrorKind::kUnsupported, cannot);
  std::vector<GroupSize> groups;
  for (const RowGroup& group : file.footer.groups) {
    // As DuckDB sums them up: of all columns.
    uint64_t bytes = 0;
    for (const ColumnChunk& chunk : group.columns) {
      if (__builtin_add_overflow(bytes, chunk.uncompressed, &bytes)) bytes = UINT64_MAX;
    }
    groups.push_back({group.rows, bytes});
  }
  ASSIGN_OR_RETURN(auto pieces, PiecesOf(groups, kPieceBytes));
  return std::make_unique<PagesDecoder>(std::move(stream), std::move(file), std::move(layout),
                                        std::move(pieces));
}

}  // namespace

formats::Match ParquetFormat::Sniff(std::string_view head, std::string_view) const {
  return head.starts_with("PAR1") ? formats::Match::kYes : formats::Match::kNo;
}

Result<std::unique_ptr<formats::Decoder>> ParquetFormat::Open(std::string_view,
                                                              std::string_view path) const {
  const std::string file(path);
  const auto at_file = [&](Error error) {
    if (error.where.file.empty()) error.where.file = file;
    return tl::unexpected(std::move(error));
  };
  if (through_ != Through::kDuckDb) {
    auto pages = OpenPages(file);
    if (pages) return pages;
    if (through_ == Through::kPages) return at_file(pages.error());
    // DuckDB may know what we do not; what is wrong with the file it tells as well.
    if (!DuckDbApi() && pages.error().kind != ErrorKind::kUnsupported)
      return at_file(pages.error());
  }
  auto opened = OpenByDuckDb(file);
  if (!opened) return at_file(opened.error());
  return opened;
}

Result<std::unique_ptr<formats::Encoder>> ParquetFormat::Write() const {
  if (const auto api = DuckDbApi(); !api) return tl::unexpected(api.error());
  return std::make_unique<FlatEncoder>();
}

}  // namespace plumbago::store
