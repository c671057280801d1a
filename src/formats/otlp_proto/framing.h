// How messages of OTLP lie in a file.
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/format.h"

namespace plumbago::formats::otlp_proto {

enum class Framing : uint8_t {
  kPlain,    // one message; several, one behind the other, are one as well
  kFixed32,  // four bytes of length, the highest first, before each: the Collector's file exporter
  kVarint,   // a varint of length before each: writeDelimitedTo of the libraries
};

struct Recognised {
  Framing framing = Framing::kPlain;
  Match match = Match::kNo;
};
// Looks for resources and spans by the fields that they must have, up to the first span. kYes: a
// span with ids of the right lengths; kMaybe: a resource's attribute, and no span as far as `head`
// goes. Logs and metrics have other fields there.
Recognised Recognise(std::string_view head);

// The message at the start of `text`: bytes before it (-1: the length itself is cut), its size
// (beyond the text where the text is cut). For kPlain all is one message.
struct Frame {
  int prefix = 0;
  uint64_t size = 0;
};
Frame FrameOf(Framing framing, std::string_view text);

// Framed files are cut between messages, plain ones between the fields of the outermost message:
// each ResourceSpans is one. Behind damage to these lengths there is one record, the rest.
class MessageCutter final : public Cutter {
 public:
  explicit MessageCutter(Framing framing) : framing_(framing) {}
  size_t Cut(std::string_view text, bool end_of_file) const override;
  bool seekable() const override { return false; }

 private:
  Framing framing_;
};

}  // namespace plumbago::formats::otlp_proto
