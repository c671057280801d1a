// Zipkin's JSON, version 2: arrays of spans, arrays of those (its query API), spans in lines
// (docs/formats/zipkin.md).
#pragma once

#include <memory>
#include <string_view>

#include "formats/format.h"

namespace plumbago::formats::zipkin {

// Immutable; any thread.
class Zipkin final : public Format {
 public:
  std::string_view name() const override { return "zipkin"; }
  std::string_view help() const override {
    return "spans as Zipkin's API v2 has them: JSON arrays, or a span a line";
  }
  Match Sniff(std::string_view head, std::string_view path) const override;
  size_t Cut(std::string_view text, bool end_of_file) const override;
  bool seekable() const override { return false; }
  Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                        std::string_view path) const override;
  Result<std::unique_ptr<Encoder>> Write() const override;
};

}  // namespace plumbago::formats::zipkin
