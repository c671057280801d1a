// Jaeger's JSON: what its query API and its UI write (`{"data":[TRACE,TRACE]}`), arrays and lines
// of traces, and documents of jaeger-span-* in Elasticsearch (docs/formats/jaeger.md).
#pragma once

#include <memory>
#include <string_view>

#include "formats/format.h"

namespace plumbago::formats::jaeger {

// Immutable; any thread.
class Jaeger final : public Format {
 public:
  std::string_view name() const override { return "jaeger"; }
  std::string_view help() const override {
    return "spans as Jaeger's query API and UI write them: JSON, whole or in lines";
  }
  Match Sniff(std::string_view head, std::string_view path) const override;
  size_t Cut(std::string_view text, bool end_of_file) const override;
  bool seekable() const override { return false; }
  Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                        std::string_view path) const override;
  Result<std::unique_ptr<Encoder>> Write() const override;
};

}  // namespace plumbago::formats::jaeger
