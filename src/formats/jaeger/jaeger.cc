#include "formats/jaeger/jaeger.h"

#include "formats/jaeger/decoder.h"
#include "formats/jaeger/encoder.h"
#include "formats/json/shape.h"

namespace plumbago::formats::jaeger {

Match Jaeger::Sniff(std::string_view head, std::string_view) const {
  const auto keys = json::HeadKeys(head);
  if (json::HasKey(keys, "resourceSpans")) return Match::kNo;
  for (const std::string_view within : {"", "data", "_source", "spans"}) {
    if (json::HasKey(keys, "traceID", within) &&
        (json::HasKey(keys, "spans", within) || json::HasKey(keys, "spanID", within) ||
         json::HasKey(keys, "processes", within)))
      return Match::kYes;
  }
  // An answer without traces.
  if (json::HasKey(keys, "data", "") && json::HasKey(keys, "errors", "") &&
      json::HasKey(keys, "offset", ""))
    return Match::kYes;
  return json::HasKey(keys, "data", "") && keys.size() == 1 ? Match::kMaybe : Match::kNo;
}

size_t Jaeger::Cut(std::string_view text, bool end_of_file) const {
  return json::DocumentCutter(kWrappers).Cut(text, end_of_file);
}

Result<std::unique_ptr<Decoder>> Jaeger::Open(std::string_view head, std::string_view) const {
  return std::make_unique<JaegerDecoder>(json::ShapeOf(head));
}

Result<std::unique_ptr<Encoder>> Jaeger::Write() const { return std::make_unique<JaegerEncoder>(); }

}  // namespace plumbago::formats::jaeger
