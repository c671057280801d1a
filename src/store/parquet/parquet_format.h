// Parquet: blocks of Grafana Tempo, tables of ClickHouse, and our own flat schema
// (docs/formats/parquet.md), told apart by their columns. Read through DuckDB (store/query.h), a
// piece for every few row groups, so that threads share a large file.
#pragma once

#include "formats/format.h"

namespace plumbago::store {

class ParquetFormat final : public formats::Format {
 public:
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
};

}  // namespace plumbago::store
