// Row groups of a Parquet file as chunks of vectors, read by ourselves: the columns that are wanted
// and nothing else, each page decompressed once and its values put where they belong at once.
//
// Of the encodings and codecs there are, those that writers of traces use; CanRead says whether a
// file has others, and then DuckDB (query.h) gives the same vectors, at a tenth of the speed
// where lists nest (docs/design/0017-parquet-pages.md). A chunk has so many rows that its vectors
// stay in the cache; none reaches over two row groups.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "store/pages/leaf_reader.h"
#include "store/pages/list_entries.h"

namespace plumbago::store {

// What the parts of a file are; immutable, used by many threads.
struct PagedFile {
  Footer footer;
  SchemaTree schema;

  // Errors: as ReadFooter and MakeSchemaTree.
  static Result<PagedFile> Open(const BytesAt& file);
  // The file's columns, nested, without data.
  std::vector<Column> Columns() const;
};

// True for the path of a leaf ("rs.ss.Spans.Name"; elements of lists have no name) that is to be
// read.
using Wanted = std::function<bool(std::string_view)>;

// "" if RowGroupRows can read the wanted leaves of all row groups; else what it cannot.
std::string CannotRead(const PagedFile& file, const Wanted& wanted);

class RowGroupRows final : public Chunks {
 public:
  static constexpr uint64_t kMostBytes = 2048ull << 20;

  // Row groups [first, behind). `bytes` and `file` outlive it; CannotRead said "". `most_bytes`: of
  // memory for the pages and vectors of a chunk, about; a row that needs more is an error.
  RowGroupRows(const BytesAt& bytes, const PagedFile& file, const Wanted& wanted, size_t first,
               size_t behind, uint64_t most_bytes = kMostBytes);

  const std::vector<Column>& columns() const override { return columns_; }
  // Errors: kBadInput and kResource; the text says row group, column, page.
  Result<bool> Next() override;
  uint64_t rows() const override { return rows_; }
  // The rest of a row group.
  uint64_t LeaveOut() override;

 private:
  struct Node {
    const SchemaNode* schema = nullptr;
    std::vector<Node> children;
    size_t reader = 0;    // of a leaf; of a list: one below it, in as few lists as can be
    ListEntries entries;  // of a list
  };

  bool Choose(const SchemaNode& schema, const std::string& path, const Wanted& wanted, Node& node,
              Column& column);
  Result<void> ReadLeaves(size_t rows);
  // Fills what `node` gives to the vector of `slots` that it is in.
  Result<void> Bind(Node& node, size_t slots, Column& column);
  Result<void> At(size_t reader, Result<void> done) const;

  const BytesAt& bytes_;
  const PagedFile& file_;
  size_t group_;  // at hand
  const size_t behind_;
  const uint64_t most_bytes_;
  uint64_t left_ = 0;  // rows of it
  bool begun_ = false;
  size_t target_;  // rows of the next chunk
  uint64_t rows_ = 0;
  std::vector<LeafReader> readers_;
  std::vector<std::string> paths_;  // of the readers
  std::vector<Node> nodes_;
  std::vector<Column> columns_;
  Decompressor decompressor_;
};

}  // namespace plumbago::store
