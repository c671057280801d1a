// Parquet: blocks of Grafana Tempo, tables of ClickHouse, and our own flat schema
// (docs/formats/parquet.md), told apart by their columns. Read by ourselves
// (pages/row_group_rows.h) where we can, else through DuckDB (query.h); both give the same. A piece
// for every few row groups, so that threads share a large file.
#pragma once

#include <cstdint>

#include "formats/format.h"

namespace plumbago::store {

class ParquetFormat final : public formats::Format {
 public:
  enum class Through : uint8_t { kBoth, kPages, kDuckDb };
  // For tests and benchmarks: one of the two readers alone.
  explicit ParquetFormat(Through through = Through::kBoth) : through_(through) {}

  std::string_view name() const override { return "parquet"; }
  std::string_view help() const override {
    return "Parquet of spans: Tempo blocks, ClickHouse's otel_traces, our own flat schema";
  }
  formats::Match Sniff(std::string_view head, std::string_view path) const override;
  size_t Cut(std::string_view text, bool) const override { return text.size(); }
  bool seekable() const override { return false; }
  Result<std::unique_ptr<formats::Decoder>> Open(std::string_view head,
                                                 std::string_view path) const override;
  Result<std::unique_ptr<formats::Encoder>> Write() const override;

 private:
  const Through through_;
};

}  // namespace plumbago::store
