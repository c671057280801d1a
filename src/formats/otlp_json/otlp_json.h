// OpenTelemetry's JSON: TracesData in lines (the file exporter's .jsonl), in one document or one
// after the other, and what Tempo's and Jaeger's query APIs answer (docs/formats/otlp-json.md).
#pragma once

#include <memory>
#include <string_view>

#include "formats/format.h"

namespace plumbago::formats::otlp_json {

// Immutable; any thread.
class OtlpJson final : public Format {
 public:
  std::string_view name() const override { return "otlp-json"; }
  std::string_view help() const override {
    return "spans as OpenTelemetry writes them in JSON: lines, documents, answers of Tempo";
  }
  Match Sniff(std::string_view head, std::string_view path) const override;
  size_t Cut(std::string_view text, bool end_of_file) const override;
  bool seekable() const override { return false; }
  Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                        std::string_view path) const override;
  Result<std::unique_ptr<Encoder>> Write() const override;
};

}  // namespace plumbago::formats::otlp_json
