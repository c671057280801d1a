#include "formats/zipkin/zipkin.h"

#include "formats/csv/rows.h"
#include "formats/json/shape.h"
#include "formats/zipkin/decoder.h"
#include "formats/zipkin/encoder.h"

namespace plumbago::formats::zipkin {

Match Zipkin::Sniff(std::string_view head, std::string_view) const {
  const auto keys = json::HeadKeys(head);
  for (const std::string_view within : {"", "_source"}) {
    if (json::HasKey(keys, "traceId", within) && json::HasKey(keys, "id", within) &&
        !json::HasKey(keys, "spanId", within))
      return Match::kYes;
  }
  if (!keys.empty()) return Match::kNo;
  // An answer without spans.
  const std::string_view text = csv::WithoutByteOrderMark(head);
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos || text[first] != '[') return Match::kNo;
  return text.find_first_not_of("[] \t\r\n", first) == text.npos ? Match::kMaybe : Match::kNo;
}

size_t Zipkin::Cut(std::string_view text, bool end_of_file) const {
  return json::DocumentCutter(kWrappers).Cut(text, end_of_file);
}

Result<std::unique_ptr<Decoder>> Zipkin::Open(std::string_view head, std::string_view) const {
  return std::make_unique<ZipkinDecoder>(json::ShapeOf(head));
}

Result<std::unique_ptr<Encoder>> Zipkin::Write() const { return std::make_unique<ZipkinEncoder>(); }

}  // namespace plumbago::formats::zipkin
