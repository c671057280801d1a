// Fills a vector of DuckDB, row after row: the writing side of Column (query.h). Lists take their
// values one after the other; structs one value for each part.
//
//   out.PutText("a");                       // a row of a text column
//   ColumnWriter& items = out.BeginList(2); // a row of a list column, then twice:
//   items.PutInteger(7);
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "store/duckdb_api.h"

namespace plumbago::store {

class ColumnWriter {
 public:
  static ColumnWriter Of(duckdb::TypeId type) { return ColumnWriter(type, {}); }
  static ColumnWriter ListOf(ColumnWriter element);
  static ColumnWriter StructOf(std::vector<ColumnWriter> parts);
  static ColumnWriter TextMap();  // of texts to texts

  // Before the first row of a chunk.
  void Bind(const duckdb::Api& api, duckdb::Vector vector, uint64_t capacity);
  // After the last: lists learn how long they are.
  void Finish();

  void PutNull();
  void PutText(std::string_view text);  // also of a blob
  void PutInteger(int64_t value);       // of the width of the column
  void PutReal(double value);
  // The caller then puts `length` values into the answer.
  ColumnWriter& BeginList(uint64_t length);
  // A row of a struct: the caller then puts a value into each part().
  void BeginStruct() { ++size_; }
  ColumnWriter& part(size_t i) { return children_[i]; }

 private:
  ColumnWriter(duckdb::TypeId type, std::vector<ColumnWriter> children)
      : type_(type), children_(std::move(children)) {}
  void Rebind();

  duckdb::TypeId type_;
  std::vector<ColumnWriter> children_;
  const duckdb::Api* api_ = nullptr;
  duckdb::Vector vector_ = nullptr;
  void* data_ = nullptr;
  uint64_t size_ = 0;
  uint64_t capacity_ = 0;
};

}  // namespace plumbago::store
