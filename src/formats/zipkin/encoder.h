// Spans to one array of Zipkin's API v2, a span a line.
#pragma once

#include <string>
#include <string_view>

#include "formats/format.h"

namespace plumbago::formats::zipkin {

// Stateless; any number of threads.
class ZipkinEncoder final : public Encoder {
 public:
  void Header(std::string& out) const override { out += "[\n"; }
  void Encode(const model::CallBatch& batch, const model::Names& names,
              std::string& out) const override;
  std::string_view Between() const override { return ",\n"; }
  std::string_view Footer() const override { return "\n]\n"; }
  bool wants_details() const override { return true; }
};

}  // namespace plumbago::formats::zipkin
