// Spans to OTLP's JSON: a TracesData a line, one for each trace; spans of one resource stand
// together.
#pragma once

#include <string>
#include <string_view>

#include "formats/format.h"

namespace plumbago::formats::otlp_json {

// Stateless; any number of threads.
class OtlpJsonEncoder final : public Encoder {
 public:
  void Header(std::string& /*out*/) const override {}
  void Encode(const model::CallBatch& batch, const model::Names& names,
              std::string& out) const override;
  bool wants_whole_traces() const override { return true; }
  bool wants_details() const override { return true; }
};

}  // namespace plumbago::formats::otlp_json
