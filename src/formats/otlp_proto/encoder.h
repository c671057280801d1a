// Rows to messages of OTLP.
#pragma once

#include <string>

#include "formats/format.h"

namespace plumbago::formats::otlp_proto {

// Stateless; any number of threads. Plain: what batches give, one behind the other, is one message.
// The spans of a batch stand below their resource and scope, each said once, in the order of their
// first spans.
class OtlpProtoEncoder final : public Encoder {
 public:
  void Header(std::string& /*out*/) const override {}
  void Encode(const model::CallBatch& batch, const model::Names& names,
              std::string& out) const override;
  bool wants_details() const override { return true; }
};

}  // namespace plumbago::formats::otlp_proto
