#include "formats/otlp_proto/otlp_proto.h"

#include "formats/otlp_proto/decoder.h"
#include "formats/otlp_proto/encoder.h"
#include "formats/otlp_proto/framing.h"

namespace plumbago::formats::otlp_proto {

Match OtlpProto::Sniff(std::string_view head, std::string_view) const {
  return Recognise(head).match;
}

size_t OtlpProto::Cut(std::string_view text, bool end_of_file) const {
  return MessageCutter(Framing::kPlain).Cut(text, end_of_file);
}

Result<std::unique_ptr<Decoder>> OtlpProto::Open(std::string_view head, std::string_view) const {
  return std::make_unique<OtlpProtoDecoder>(Recognise(head).framing);
}

Result<std::unique_ptr<Encoder>> OtlpProto::Write() const {
  return std::make_unique<OtlpProtoEncoder>();
}

}  // namespace plumbago::formats::otlp_proto
