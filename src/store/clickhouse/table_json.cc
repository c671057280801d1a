#include "store/clickhouse/table_json.h"

#include <fmt/format.h>

#include <array>

#include "base/log.h"
#include "formats/json/shape.h"
#include "store/clickhouse/row_reader.h"
#include "store/clickhouse/words.h"

namespace plumbago::store::clickhouse {
namespace {

using formats::Match;
using formats::json::HasKey;
using formats::json::Shape;

class TableDecoder final : public formats::Decoder {
 public:
  explicit TableDecoder(Shape shape) : shape_(shape), documents_(kWrappers) {}
  void Decode(const formats::Block& block, formats::DecodeContext& context) const override {
    ReadRows(block, context, shape_);
  }
  const formats::Cutter* cutter() const override {
    return shape_ == Shape::kLines ? static_cast<const formats::Cutter*>(&lines_) : &documents_;
  }

 private:
  Shape shape_;
  formats::json::LineCutter lines_;
  formats::json::DocumentCutter documents_;
};

// "2022-06-20 21:09:28.183962000": the server's own time, whose zone nobody wrote.
bool HeadLacksZone(std::string_view head) {
  for (const std::string_view key : {"\"Timestamp\":\"", "\"timestamp\":\"", "\"start_time\":\""}) {
    const size_t at = head.find(key);
    if (at == head.npos) continue;
    const std::string_view text = head.substr(at + key.size());
    return LacksZone(text.substr(0, text.find('"')));
  }
  return false;
}

}  // namespace

Match TableJson::Sniff(std::string_view head, std::string_view) const {
  if (head.find('{') == head.npos) return Match::kNo;
  const auto keys = formats::json::HeadKeys(head);
  if (HasKey(keys, "resourceSpans")) return Match::kNo;
  if (HasKey(keys, "TraceId") && HasKey(keys, "SpanId") && HasKey(keys, "SpanName"))
    return Match::kYes;
  if (!HasKey(keys, "trace_id")) return Match::kNo;
  if (HasKey(keys, "span_id") && HasKey(keys, "duration_nano")) return Match::kYes;
  return HasKey(keys, "id") && HasKey(keys, "start_time") && HasKey(keys, "duration") ? Match::kYes
                                                                                      : Match::kNo;
}

size_t TableJson::Cut(std::string_view text, bool end_of_file) const {
  return formats::json::DocumentCutter(kWrappers).Cut(text, end_of_file);
}

Result<std::unique_ptr<formats::Decoder>> TableJson::Open(std::string_view head,
                                                          std::string_view path) const {
  if (HeadLacksZone(head)) {
    Log(LogLevel::kNote,
        fmt::format("{}: times without a zone are taken as UTC; ClickHouse writes one with "
                    "date_time_output_format='iso'",
                    path));
  }
  return std::make_unique<TableDecoder>(formats::json::ShapeOf(head));
}

Result<std::unique_ptr<formats::Encoder>> TableJson::Write() const {
  return Fail(ErrorKind::kUnsupported,
              "clickhouse-json is only read; write otlp-json, or parquet, which ClickHouse reads");
}

}  // namespace plumbago::store::clickhouse
