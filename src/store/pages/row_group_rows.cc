#include "store/pages/row_group_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace plumbago::store {
namespace {

using duckdb::TypeId;

constexpr size_t kFirstRows = 64;
constexpr size_t kMostRows = 2048;
constexpr size_t kEntries = 8192;  // of the longest leaf in a chunk, about

Column Bare(const SchemaNode& node) {
  Column column;
  column.name = node.name;
  column.type = node.type;
  return column;
}

Column Whole(const SchemaNode& node) {
  Column column = Bare(node);
  for (const SchemaNode& child : node.children) column.children.push_back(Whole(child));
  return column;
}

// Elements of lists have no name in a path.
std::string PathOf(const std::string& of, const SchemaNode& parent, const SchemaNode& child) {
  return parent.type == TypeId::kList ? of : of + '.' + child.name;
}

void CheckLeaves(const PagedFile& file, const SchemaNode& node, const std::string& path,
                 const Wanted& wanted, std::string& cannot) {
  for (const SchemaNode& child : node.children)
    CheckLeaves(file, child, PathOf(path, node, child), wanted, cannot);
  if (!node.is_leaf() || !cannot.empty() || !wanted(path)) return;
  if (node.cells == Cells::kNone) {
    cannot = path + " is of a type that is not read here";
    return;
  }
  for (const RowGroup& group : file.footer.groups) {
    const ColumnChunk& chunk = group.columns[static_cast<size_t>(node.leaf)];
    if (chunk.elsewhere) cannot = path + " is encrypted, or in another file";
    if (!IsKnown(chunk.codec)) cannot = fmt::format("{} has codec {}", path, chunk.codec);
    if (chunk.physical != static_cast<uint8_t>(node.physical))
      cannot = path + " is of another type in a row group than in the schema";
    for (unsigned e = 0; e < 32; ++e) {
      // Numbers that are none have no bit.
      // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange)
      const auto encoding = static_cast<Encoding>(e);
      const bool levels = encoding == Encoding::kRle || encoding == Encoding::kBitPacked;
      if (chunk.Has(encoding) && !levels && !CanRead(node, encoding))
        cannot = fmt::format("{} has encoding {}", path, e);
    }
  }
}

}  // namespace

Result<PagedFile> PagedFile::Open(const BytesAt& bytes) {
  PagedFile file;
  ASSIGN_OR_RETURN(file.footer, ReadFooter(bytes));
  ASSIGN_OR_RETURN(file.schema, MakeSchemaTree(file.footer.schema));
  for (size_t g = 0; g < file.footer.groups.size(); ++g) {
    if (file.footer.groups[g].columns.size() == static_cast<size_t>(file.schema.leaves)) continue;
    return Fail(ErrorKind::kBadInput,
                fmt::format("row group {} has {} columns, the schema {}", g + 1,
                            file.footer.groups[g].columns.size(), file.schema.leaves));
  }
  return file;
}

std::vector<Column> PagedFile::Columns() const {
  std::vector<Column> columns;
  columns.reserve(schema.columns.size());
  for (const SchemaNode& node : schema.columns) columns.push_back(Whole(node));
  return columns;
}

std::string CannotRead(const PagedFile& file, const Wanted& wanted) {
  std::string cannot;
  for (const SchemaNode& node : file.schema.columns)
    CheckLeaves(file, node, node.name, wanted, cannot);
  return cannot;
}

RowGroupRows::RowGroupRows(const BytesAt& bytes, const PagedFile& file, const Wanted& wanted,
                           size_t first, size_t behind, uint64_t most_bytes)
    : bytes_(bytes),
      file_(file),
      group_(first),
      behind_(std::min(behind, file.footer.groups.size())),
      most_bytes_(most_bytes),
      target_(kFirstRows) {
  for (const SchemaNode& schema : file.schema.columns) {
    Node node;
    Column column;
    if (!Choose(schema, schema.name, wanted, node, column)) continue;
    nodes_.push_back(std::move(node));
    columns_.push_back(std::move(column));
  }
}

bool RowGroupRows::Choose(const SchemaNode& schema, const std::string& path, const Wanted& wanted,
                          Node& node, Column& column) {
  node.schema = &schema;
  column = Bare(schema);
  if (schema.is_leaf()) {
    if (!wanted(path)) return false;
    node.reader = readers_.size();
    readers_.emplace_back(schema);
    paths_.push_back(path);
    return true;
  }
  const size_t first = readers_.size();
  for (const SchemaNode& child : schema.children) {
    Node part;
    Column part_column;
    if (Choose(child, PathOf(path, schema, child), wanted, part, part_column)) {
      node.children.push_back(std::move(part));
      column.children.push_back(std::move(part_column));
    }
  }
  // Of a map both are there, or it is none.
  if (node.children.empty() ||
      (schema.type == TypeId::kMap && node.children.size() != schema.children.size())) {
    readers_.erase(readers_.begin() + static_cast<std::ptrdiff_t>(first), readers_.end());
    paths_.resize(first);
    return false;
  }
  node.reader = first;
  for (size_t i = first; i < readers_.size(); ++i) {
    if (readers_[i].leaf().lists < readers_[node.reader].leaf().lists) node.reader = i;
  }
  return true;
}

Result<void> RowGroupRows::At(size_t reader, Result<void> done) const {
  if (done) return {};
  Error error = std::move(done.error());
  error.message =
      fmt::format("row group {}, column {}: {}", group_ + 1, paths_[reader], error.message);
  return tl::unexpected(std::move(error));
}

Result<void> RowGroupRows::ReadLeaves(size_t rows) {
  uint64_t bytes = 0;
  size_t most = 0;
  for (size_t i = 0; i < readers_.size(); ++i) {
    LeafReader& reader = readers_[i];
    RETURN_IF_ERROR(At(i, reader.ReadRows(rows, decompressor_, most_bytes_)));
    bytes += reader.bytes();
    most = std::max(most, reader.entries());
    if (bytes > most_bytes_) {
      RETURN_IF_ERROR(
          At(i, Fail(ErrorKind::kResource,
                     fmt::format("{} rows need more memory than {} MB", rows, most_bytes_ >> 20))));
    }
  }
  if (most > 0) target_ = std::clamp(rows * kEntries / most, size_t{1}, kMostRows);
  return {};
}

Result<void> RowGroupRows::Bind(Node& node, size_t slots, Column& column) {
  const SchemaNode& schema = *node.schema;
  const auto differ = [&](size_t found) {
    return At(node.reader,
              Fail(ErrorKind::kBadInput,
                   fmt::format("levels of {} values, where other columns have {}", found, slots)));
  };
  if (schema.is_leaf()) {
    const LeafReader& reader = readers_[node.reader];
    if (reader.slots() != slots) return differ(reader.slots());
    column.data = reader.data();
    column.valid = reader.valid();
    column.nothing = reader.present() == 0;
    return {};
  }
  size_t inner = slots;
  if (schema.is_list()) {
    node.entries.Fill(schema, readers_[node.reader]);
    if (node.entries.size() != slots) return differ(node.entries.size());
    column.data = node.entries.data();
    inner = node.entries.elements();
    column.nothing = inner == 0;
  }
  for (size_t i = 0; i < node.children.size(); ++i)
    RETURN_IF_ERROR(Bind(node.children[i], inner, column.children[i]));
  return {};
}

uint64_t RowGroupRows::LeaveOut() {
  const uint64_t rows = left_;
  left_ = 0;
  return rows;
}

Result<bool> RowGroupRows::Next() {
  rows_ = 0;
  while (left_ == 0) {
    if (begun_) ++group_;
    if (group_ >= behind_) return false;
    begun_ = true;
    const RowGroup& group = file_.footer.groups[group_];
    left_ = group.rows;
    for (LeafReader& reader : readers_)
      reader.BeginGroup(bytes_, group.columns[static_cast<size_t>(reader.leaf().leaf)]);
  }
  const auto rows = static_cast<size_t>(std::min<uint64_t>(left_, target_));
  RETURN_IF_ERROR(ReadLeaves(rows));
  for (size_t i = 0; i < nodes_.size(); ++i) RETURN_IF_ERROR(Bind(nodes_[i], rows, columns_[i]));
  left_ -= rows;
  rows_ = rows;
  return true;
}

}  // namespace plumbago::store
