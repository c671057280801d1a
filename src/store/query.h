// SQL over files, through DuckDB: chunks of up to 2,048 rows as vectors that are read in place.
//
// One database in memory a process, opened at the first query. It has no threads of its own: a
// query runs on the thread that asks for its chunks, several at once on several threads. Results
// stream: what is held is the chunk at hand and what the scan needs (a vector of each column of a
// row group). DuckDB's own temporary files go to $TMPDIR.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/duckdb_library.h"

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

// The vectors of the children; every list's vector is as long as the list's child says.
class Query {
 public:
  // Starts it. Errors: kUnsupported (no library), kBadInput (what DuckDB says).
  static Result<std::unique_ptr<Query>> Run(const std::string& sql);
  // Runs a statement that gives nothing (COPY, SET).
  static Result<void> Do(const std::string& sql);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  // Known from the start, without data until Next.
  const std::vector<Column>& columns() const { return columns_; }
  const Column* Find(std::string_view name) const { return FindColumn(columns_, name); }
  // Goes to the next chunk; false: there is none.
  Result<bool> Next();
  uint64_t rows() const { return rows_; }  // of the chunk

 private:
  Query() = default;
  Result<void> Start(const std::string& sql);

  const duckdb::Api* api_ = nullptr;
  duckdb::Connection connection_ = nullptr;
  duckdb::Statement statement_ = nullptr;
  duckdb::QueryResult result_{};
  bool has_result_ = false;
  duckdb::Chunk chunk_ = nullptr;
  uint64_t rows_ = 0;
  std::vector<Column> columns_;
};

// A connection to the database of the process, for what Query does not do. The caller disconnects.
Result<duckdb::Connection> Connect();

// 'text' with quotes inside doubled: a literal of SQL.
std::string Quoted(std::string_view text);
// "name", as SQL writes names.
std::string QuotedName(std::string_view name);
// A path as a literal for read_parquet: absolute, so that nothing is taken for an address, and with
// the signs of patterns (*, ?, [) taken literally.
std::string QuotedPath(const std::string& path);

}  // namespace plumbago::store
