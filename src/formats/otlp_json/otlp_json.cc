#include "formats/otlp_json/otlp_json.h"

#include "formats/json/shape.h"
#include "formats/otlp_json/decoder.h"
#include "formats/otlp_json/encoder.h"

namespace plumbago::formats::otlp_json {

Match OtlpJson::Sniff(std::string_view head, std::string_view) const {
  const auto keys = json::HeadKeys(head);
  for (const std::string_view key :
       {"resourceSpans", "scopeSpans", "instrumentationLibrarySpans", "batches"}) {
    if (!json::HasKey(keys, key)) continue;
    // "batches" alone is a word that others use.
    return key != "batches" || json::HasKey(keys, "resource", "batches") ? Match::kYes
                                                                         : Match::kMaybe;
  }
  return Match::kNo;
}

size_t OtlpJson::Cut(std::string_view text, bool end_of_file) const {
  return json::DocumentCutter(kWrappers).Cut(text, end_of_file);
}

Result<std::unique_ptr<Decoder>> OtlpJson::Open(std::string_view head, std::string_view) const {
  return std::make_unique<OtlpJsonDecoder>(json::ShapeOf(head));
}

Result<std::unique_ptr<Encoder>> OtlpJson::Write() const {
  return std::make_unique<OtlpJsonEncoder>();
}

}  // namespace plumbago::formats::otlp_json
