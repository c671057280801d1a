// Tables of spans as ClickHouse writes them in JSON: FORMAT JSONEachRow (an object a line) and
// FORMAT JSON (one document). The exporter of OpenTelemetry (otel_traces), SigNoz (signoz_index_v3)
// and Jaeger (spans); docs/formats/clickhouse.md.
#pragma once

#include "formats/format.h"

namespace plumbago::store::clickhouse {

class TableJson final : public formats::Format {
 public:
  std::string_view name() const override { return "clickhouse-json"; }
  std::string_view help() const override {
    return "ClickHouse's JSONEachRow of otel_traces, SigNoz' or Jaeger's spans (read only)";
  }
  formats::Match Sniff(std::string_view head, std::string_view path) const override;
  size_t Cut(std::string_view text, bool end_of_file) const override;
  bool seekable() const override { return false; }
  Result<std::unique_ptr<formats::Decoder>> Open(std::string_view head,
                                                 std::string_view path) const override;
  Result<std::unique_ptr<formats::Encoder>> Write() const override;
};

}  // namespace plumbago::store::clickhouse
