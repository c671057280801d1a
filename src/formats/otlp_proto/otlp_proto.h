// Spans as OpenTelemetry's SDKs and Collector send them: OTLP in Protocol Buffers, TracesData or
// ExportTraceServiceRequest, plain or with the length before each message
// (docs/formats/otlp-proto.md).
#pragma once

#include <memory>
#include <string_view>

#include "formats/format.h"

namespace plumbago::formats::otlp_proto {

// Immutable; any thread.
class OtlpProto final : public Format {
 public:
  std::string_view name() const override { return "otlp-proto"; }
  std::string_view help() const override {
    return "OpenTelemetry spans in protobuf, plain or length-prefixed (SDKs, the Collector)";
  }
  Match Sniff(std::string_view head, std::string_view path) const override;
  // As a plain message; the decoder of a file knows better.
  size_t Cut(std::string_view text, bool end_of_file) const override;
  bool seekable() const override { return false; }
  Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                        std::string_view path) const override;
  Result<std::unique_ptr<Encoder>> Write() const override;
};

}  // namespace plumbago::formats::otlp_proto
