#include "formats/alibaba_2021/encoder.h"

#include <string_view>

#include "formats/alibaba/call_writer.h"
#include "formats/alibaba/words.h"
#include "formats/csv/row_writer.h"

namespace plumbago::formats::alibaba_2021 {
namespace {

using model::Call;
using model::kNoTime;

// The timestamp that the decoder reads as `start`.
int64_t Relative(int64_t start) {
  const int64_t relative = start - alibaba::kEpoch2021Ns;
  return start >= alibaba::kEpoch2021Ns && relative < alibaba::kAbsoluteNs ? relative : start;
}

}  // namespace

void Alibaba2021Encoder::Header(std::string& out) const {
  out += "traceid,timestamp,rpcid,um,rpctype,dm,interface,rt\n";
}

void Alibaba2021Encoder::Encode(const model::CallBatch& batch, const model::Names& names,
                                std::string& out) const {
  csv::RowWriter writer(out);
  for (const Call& call : batch.calls) {
    const std::string_view caller = names.Text(call.caller);
    const std::string_view callee = names.Text(call.callee);
    const std::string_view operation = names.Text(call.operation);
    const bool odd = call.trace.form == model::TraceForm::kHashed;
    writer.Begin(csv::TextBound(caller) + csv::TextBound(callee) + csv::TextBound(operation) +
                 2 * csv::kMillisecondsBound + alibaba::kPathBound + 64 +
                 (odd ? csv::TextBound(call.trace.Text()) : alibaba::kTraceBound));
    alibaba::WriteTrace(call.trace, writer);
    writer.Comma();
    if (call.start_ns != kNoTime) writer.Milliseconds(Relative(call.start_ns));
    writer.Comma();
    alibaba::WritePath(batch.Path(call), writer);
    writer.Comma();
    if (call.caller != model::kNoService) {
      writer.Text(caller);
    } else if (!call.from_user) {  // the user is written as nothing
      writer.Raw("(?)");
    }
    writer.Comma();
    writer.Raw(alibaba::KindWord(call.kind));
    writer.Comma();
    if (call.callee != model::kNoService) {
      writer.Text(callee);
    } else {
      writer.Raw("(?)");
    }
    writer.Comma();
    writer.Text(operation);
    writer.Comma();
    if (call.duration_ns != kNoTime) {
      writer.Milliseconds(call.side == model::Side::kServer ? -call.duration_ns : call.duration_ns);
    }
    writer.End();
  }
}

}  // namespace plumbago::formats::alibaba_2021
