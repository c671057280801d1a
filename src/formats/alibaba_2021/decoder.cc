#include "formats/alibaba_2021/decoder.h"

#include <string_view>

#include "formats/alibaba/row_batch.h"
#include "formats/alibaba/words.h"
#include "formats/csv/header.h"
#include "formats/csv/number.h"
#include "formats/csv/rows.h"

namespace plumbago::formats::alibaba_2021 {
namespace {

using model::Call;
using model::kNoTime;
using model::Side;

// Decodes the rows of one block.
class RowDecoder {
 public:
  RowDecoder(const Layout& layout, const Block& block, DecodeContext& context)
      : layout_(layout), names_(context.names), rows_(block, context) {}

  void operator()(const csv::Row& row) {
    // Everything that can make the line malformed comes first: such a line leaves no names behind.
    const std::string_view trace = row[layout_.trace];
    if (alibaba::IsMissing(trace)) {
      return Malformed(row, layout_.trace, "traceid", "the id of a trace");
    }
    int64_t start = kNoTime;
    if (layout_.timestamp != csv::kNoColumn && !ReadTime(row[layout_.timestamp], start)) {
      return Malformed(row, layout_.timestamp, "timestamp", "milliseconds");
    }
    int64_t duration = kNoTime;
    if (layout_.duration != csv::kNoColumn && !ReadTime(row[layout_.duration], duration)) {
      return Malformed(row, layout_.duration, "rt",
                       "milliseconds, negative for the callee's record");
    }
    const std::string_view path = row[layout_.path];
    if (alibaba::IsMissing(path) || !rows_.SetPath(path)) {
      return Malformed(row, layout_.path, "rpcid", "numbers with dots between them");
    }

    Call& call = rows_.Next(row.line);
    model::TraceId::Parse(trace, call.trace);
    if (start != kNoTime) {
      call.start_ns = start + alibaba::kEpoch2021Ns;
      if (start >= alibaba::kAbsoluteNs || call.start_ns < alibaba::kAbsoluteNs)
        call.start_ns = start;
    }
    if (duration != kNoTime) {
      // A zero tells no side.
      call.side = duration < 0 ? Side::kServer : duration > 0 ? Side::kClient : Side::kUnknown;
      call.duration_ns = duration < 0 ? -duration : duration;
    }
    const std::string_view caller = row[layout_.caller];
    call.from_user = alibaba::IsMissing(caller) && path.find('.') == std::string_view::npos;
    rows_.SetName(names_.services, caller, call.caller);
    rows_.SetName(names_.services, row[layout_.callee], call.callee);
    if (layout_.kind != csv::kNoColumn) call.kind = alibaba::ParseKind(row[layout_.kind]);
    if (layout_.operation != csv::kNoColumn) {
      rows_.SetName(names_.operations, row[layout_.operation], call.operation);
    }
    rows_.Done(row);
  }

  void operator()(const csv::BadLine& bad) { rows_.Malformed(bad, layout_.columns); }
  void Flush() { rows_.Flush(); }

 private:
  static bool ReadTime(std::string_view text, int64_t& nanoseconds) {
    return csv::ParseMilliseconds(text, nanoseconds) || alibaba::IsMissing(text);
  }

  [[gnu::noinline]] void Malformed(const csv::Row& row, uint32_t column, std::string_view name,
                                   std::string_view expected) {
    if (row.raw == layout_.header) return;  // files put together, each with its header
    rows_.Malformed(row, column, name, expected);
  }

  const Layout& layout_;
  model::NameCaches& names_;
  alibaba::RowBatch rows_;
};

}  // namespace

void Alibaba2021Decoder::Decode(const Block& block, DecodeContext& context) const {
  alibaba::DecodeBlock<RowDecoder>(layout_, block, context);
}

}  // namespace plumbago::formats::alibaba_2021
