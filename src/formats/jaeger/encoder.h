// Spans to one document of Jaeger's query API: {"data":[ a trace a line ]}.
#pragma once

#include <string>
#include <string_view>

#include "formats/format.h"

namespace plumbago::formats::jaeger {

// Stateless; any number of threads.
class JaegerEncoder final : public Encoder {
 public:
  void Header(std::string& out) const override { out += "{\"data\":[\n"; }
  void Encode(const model::CallBatch& batch, const model::Names& names,
              std::string& out) const override;
  std::string_view Between() const override { return ",\n"; }
  std::string_view Footer() const override { return "\n]}\n"; }
  bool wants_whole_traces() const override { return true; }
  bool wants_details() const override { return true; }
};

}  // namespace plumbago::formats::jaeger
