// What a Parquet file of spans is, by its columns: which of them to ask for, and how a chunk of
// them becomes spans. One file a layout: tempo_layout, clickhouse_layout, flat_layout.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "formats/spans/span_batch.h"
#include "store/query.h"

namespace plumbago::store {

// Makes spans of the chunks of one query. On the stack of Decode.
class SpanRows {
 public:
  virtual ~SpanRows() = default;
  // All rows of the chunk at hand. `line`: rows of the piece before it.
  virtual void Read(const Query& query, uint32_t line, formats::spans::SpanBatch& batch) = 0;
};

// Of one file; immutable, used by many threads.
class Layout {
 public:
  virtual ~Layout() = default;
  // What stands between SELECT and FROM. `details`: all that a span holds, not a row alone.
  virtual std::string Select(bool details) const = 0;
  // `query` was made with Select(details) and outlives the answer.
  virtual std::unique_ptr<SpanRows> Rows(const Query& query, bool details) const = 0;
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
  // Wants a column of the file's `columns`. `of_row`: not for details alone.
  void Want(const std::vector<Column>& columns, std::string_view name, bool of_row) {
    if (FindColumn(columns, name) == nullptr) return;
    Append(name, with_details_);
    if (of_row) Append(name, rows_alone_);
  }
  std::string Select(bool details) const override { return details ? with_details_ : rows_alone_; }
  std::unique_ptr<SpanRows> Rows(const Query& query, bool details) const override {
    return std::make_unique<RowsOf>(query, details);
  }

 private:
  static void Append(std::string_view name, std::string& select) {
    if (!select.empty()) select += ", ";
    select += QuotedName(name);
  }

  std::string rows_alone_, with_details_;
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
