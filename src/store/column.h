// Columns as vectors that are read in place, whoever fills them: DuckDB (query) or our own reader
// of Parquet (pages/row_group_rows).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/duckdb_api.h"

namespace plumbago::store {

// A column of the chunk at hand, or a part of a nested one. Rows of a struct's parts are the
// struct's; those of a list's `children[0]`, and of a map's keys and values (`children[0]` and
// `[1]`), are numbered over all lists of the chunk: At(row) tells which belong to a row.
struct Column {
  std::string name;
  duckdb::TypeId type = duckdb::TypeId::kInvalid;
  std::vector<Column> children;
  const void* data = nullptr;
  const uint64_t* valid = nullptr;  // nullptr: no row is null
  bool nothing = false;             // every row is null, or an empty list; where not known, false

  bool IsNull(uint64_t row) const {
    return valid != nullptr && (valid[row / 64] >> (row % 64) & 1) == 0;
  }
  bool is_list() const { return type == duckdb::TypeId::kList || type == duckdb::TypeId::kMap; }
  bool is_text() const { return type == duckdb::TypeId::kVarchar || type == duckdb::TypeId::kBlob; }
  bool is_integer() const {
    return type >= duckdb::TypeId::kBoolean && type <= duckdb::TypeId::kUBigInt;
  }
  bool is_real() const { return type == duckdb::TypeId::kFloat || type == duckdb::TypeId::kDouble; }
  bool is_time() const;
  // Of a list or map; an empty one for a null.
  duckdb::ListEntry At(uint64_t row) const {
    if (IsNull(row)) return {0, 0};
    return static_cast<const duckdb::ListEntry*>(data)[row];
  }
  // Of a text or blob; "" for a null. Lives as long as the chunk.
  std::string_view Text(uint64_t row) const {
    if (IsNull(row)) return {};
    const auto& value = static_cast<const duckdb::StringValue*>(data)[row];
    return value.length <= duckdb::kInlineBytes ? std::string_view(value.prefix, value.length)
                                                : std::string_view(value.pointer, value.length);
  }
  // Of an integer or boolean; unsigned ones beyond the half wrap. 0 for a null.
  int64_t Integer(uint64_t row) const;
  double Real(uint64_t row) const;
  // Of a time, in ns since 1970; kNoTime for a null and where it does not fit.
  int64_t TimeNs(uint64_t row) const;
  // The part of a struct with this name, or nullptr.
  const Column* Find(std::string_view part) const;
};

// The column of this name, or nullptr.
const Column* FindColumn(const std::vector<Column>& columns, std::string_view name);

// Rows, a chunk of them at a time.
class Chunks {
 public:
  virtual ~Chunks() = default;
  // Known from the start and at the same place till the end, without data until Next. The vectors
  // of the children: every list's vector is as long as the list's child says.
  virtual const std::vector<Column>& columns() const = 0;
  // Goes to the next chunk; false: there is none. What the chunk before it held is gone.
  virtual Result<bool> Next() = 0;
  virtual uint64_t rows() const = 0;  // of the chunk
  // After an error of Next: leaves out the rows that cannot be read and says how many they are;
  // what follows them can be read. 0: nothing follows.
  virtual uint64_t LeaveOut() { return 0; }
  const Column* Find(std::string_view name) const { return FindColumn(columns(), name); }
};

}  // namespace plumbago::store
