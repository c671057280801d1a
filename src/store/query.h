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
#include "store/column.h"
#include "store/duckdb_library.h"

namespace plumbago::store {

class Query final : public Chunks {
 public:
  // Starts it. Errors: kUnsupported (no library), kBadInput (what DuckDB says).
  static Result<std::unique_ptr<Query>> Run(const std::string& sql);
  // Runs a statement that gives nothing (COPY, SET).
  static Result<void> Do(const std::string& sql);
  ~Query() override;
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  const std::vector<Column>& columns() const override { return columns_; }
  Result<bool> Next() override;
  uint64_t rows() const override { return rows_; }

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
