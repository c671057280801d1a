// Messages of OTLP to rows.
#pragma once

#include "formats/format.h"
#include "formats/otlp_proto/framing.h"

namespace plumbago::formats::otlp_proto {

// Immutable; any number of threads. A "line" is a span, or something damaged that is none; columns
// are bytes of the ResourceSpans around it, from 1.
class OtlpProtoDecoder final : public Decoder {
 public:
  explicit OtlpProtoDecoder(Framing framing) : framing_(framing), cutter_(framing) {}
  void Decode(const Block& block, DecodeContext& context) const override;
  const Cutter* cutter() const override { return &cutter_; }

 private:
  Framing framing_;
  MessageCutter cutter_;
};

}  // namespace plumbago::formats::otlp_proto
