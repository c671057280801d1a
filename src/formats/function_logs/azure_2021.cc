#include "formats/function_logs/azure_2021.h"

#include "base/strong_id.h"
#include "formats/csv/header.h"
#include "formats/csv_mapped/cell_time.h"
#include "formats/function_logs/row_decoder.h"

namespace plumbago::formats::function_logs {
namespace {

struct Layout {
  uint32_t columns = 0;
  std::string header;
  uint32_t app = 0, function = 0, end = 0, duration = 0;
};

Result<Layout> ReadLayout(std::string_view head) {
  static const csv::ColumnSpec kColumns[] = {
      {{"app"}, true}, {{"func"}, true}, {{"end_timestamp"}, true}, {{"duration"}, true}};
  const csv::Header header = csv::Header::Parse(head);
  ASSIGN_OR_RETURN(const std::vector<uint32_t> bound,
                   csv::Bind(header, kColumns, "azure-functions-2021"));
  return Layout{header.columns(), std::string(csv::FirstLine(head)), bound[0], bound[1], bound[2],
                bound[3]};
}

class Reader {
 public:
  Reader(const Layout& layout, FunctionRowBatch<Layout>& batch) : layout_(layout), batch_(batch) {}

  void Read(const csv::Row& row) {
    constexpr uint8_t kSeconds = 9;
    // Everything that can make the line malformed comes first: such a line leaves no names behind.
    const std::string_view app = row[layout_.app], function = row[layout_.function];
    if (app.empty()) return batch_.Malformed(row, layout_.app, "app", "a name");
    if (function.empty()) return batch_.Malformed(row, layout_.function, "func", "a name");
    int64_t end_ns = 0, duration_ns = 0;
    if (!ParseScaled(row[layout_.end], kSeconds, end_ns))
      return batch_.Malformed(row, layout_.end, "end_timestamp", "seconds since the data begin");
    if (!ParseScaled(row[layout_.duration], kSeconds, duration_ns) || duration_ns < 0)
      return batch_.Malformed(row, layout_.duration, "duration", "seconds, not negative");
    model::Execution& execution = batch_.rows().executions.emplace_back();
    execution.app = Id<model::ServiceId>(batch_.names().services.Intern(app));
    execution.function = Id<model::OperationId>(batch_.names().operations.Intern(function));
    execution.start_us = MicrosOf(end_ns - duration_ns);
    execution.duration_us = MicrosOf(end_ns) - execution.start_us;
    execution.origin = batch_.OriginOf(row);
    batch_.Done();
  }

 private:
  const Layout& layout_;
  FunctionRowBatch<Layout>& batch_;
};

}  // namespace

Match Azure2021::Sniff(std::string_view head, std::string_view) const {
  if (csv::BeginsLikeJson(csv::FirstLine(head))) return Match::kNo;
  return ReadLayout(head) ? Match::kYes : Match::kNo;
}

Result<std::unique_ptr<Decoder>> Azure2021::Open(std::string_view head, std::string_view) const {
  ASSIGN_OR_RETURN(Layout layout, ReadLayout(head));
  return std::make_unique<TableDecoder<Reader, Layout>>(std::move(layout));
}

Result<std::unique_ptr<Encoder>> Azure2021::Write() const {
  return Fail(ErrorKind::kUnsupported, "logs of functions are read only");
}

}  // namespace plumbago::formats::function_logs
