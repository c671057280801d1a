// What a Parquet file of spans is, by its columns: which of them to ask for, and how a chunk of
// them becomes spans. One file a layout: tempo_layout, clickhouse_layout, flat_layout.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "formats/spans/span_batch.h"
#include "store/column.h"
#include "store/query.h"

namespace plumbago::store {

// Makes spans of the chunks of one file. On the stack of Decode.
class SpanRows {
 public:
  virtual ~SpanRows() = default;
  // All rows of the chunk at hand. `line`: rows of the piece before it.
  virtual void Read(const Chunks& chunks, uint32_t line, formats::spans::SpanBatch& batch) = 0;
};

// Of one file; immutable, used by many threads.
class Layout {
 public:
  virtual ~Layout() = default;
  // What stands between SELECT and FROM. `details`: all that a span holds, not a row alone.
  virtual std::string Select(bool details) const = 0;
  // True if a leaf of Select's columns is looked at; `path` as in pages/row_group_rows.h.
  virtual bool Wants(std::string_view path, bool details) const = 0;
  // `chunks` hold what Select(details) names and outlive the answer.
  virtual std::unique_ptr<SpanRows> Rows(const Chunks& chunks, bool details) const = 0;
  // Something that is wrong with the file as a whole, to be counted once; "" if nothing is.
  virtual std::string Complaint(uint64_t rows) const {
    (void)rows;
    return {};
  }
};

// Of files whose rows are spans, read by `RowsOf`: those of the wanted columns that a file has.
template <class RowsOf>
class TableLayout final : public Layout {
 public:
  // Wants a column of the file's `columns`. `of_row`: not for details alone; then it is `parts` of
  // its structs that are looked at, or all.
  void Want(const std::vector<Column>& columns, std::string_view name, bool of_row,
            std::initializer_list<std::string_view> parts = {}) {
    if (FindColumn(columns, name) == nullptr) return;
    with_details_.emplace_back(name);
    if (!of_row) return;
    rows_alone_.emplace_back(name);
    if (parts.size() == 0) row_paths_.emplace_back(name);
    for (const std::string_view part : parts)
      row_paths_.push_back(std::string(name) + '.' + std::string(part));
  }
  std::string Select(bool details) const override {
    std::string select;
    for (const std::string& name : details ? with_details_ : rows_alone_)
      select += (select.empty() ? "" : ", ") + QuotedName(name);
    return select;
  }
  bool Wants(std::string_view path, bool details) const override {
    for (const std::string& name : details ? with_details_ : row_paths_) {
      if (path.starts_with(name) && (path.size() == name.size() || path[name.size()] == '.'))
        return true;
    }
    return false;
  }
  std::unique_ptr<SpanRows> Rows(const Chunks& chunks, bool details) const override {
    return std::make_unique<RowsOf>(chunks, details);
  }

 private:
  std::vector<std::string> rows_alone_, with_details_;  // columns
  std::vector<std::string> row_paths_;                  // of rows_alone_
};

// Recognises the columns of the file at `path`. Errors: kBadInput, with what was expected.
Result<std::unique_ptr<Layout>> LayoutOf(const std::vector<Column>& columns,
                                         const std::string& path);

// nullptr if the columns are not those of this layout.
Result<std::unique_ptr<Layout>> TempoLayoutOf(const std::vector<Column>& columns,
                                              const std::string& path);
std::unique_ptr<Layout> ClickHouseLayoutOf(const std::vector<Column>& columns);
std::unique_ptr<Layout> FlatLayoutOf(const std::vector<Column>& columns);

}  // namespace plumbago::store
