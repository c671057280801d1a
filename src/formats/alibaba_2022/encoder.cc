#include "formats/alibaba_2022/encoder.h"

#include <string_view>

#include "formats/alibaba/call_writer.h"
#include "formats/alibaba/words.h"
#include "formats/csv/row_writer.h"

namespace plumbago::formats::alibaba_2022 {
namespace {

using model::Call;
using model::kNoTime;

// A name or, where it is missing, `mark`.
void Put(std::string_view text, std::string_view mark, csv::RowWriter& writer) {
  if (text.empty()) {
    writer.Raw(mark);
  } else {
    writer.Text(text);
  }
  writer.Comma();
}

}  // namespace

void Alibaba2022Encoder::Header(std::string& out) const {
  out += "timestamp,traceid,service,rpc_id,rpctype,um,uminstanceid,interface,dm,dminstanceid,rt\n";
}

void Alibaba2022Encoder::Encode(const model::CallBatch& batch, const model::Names& names,
                                std::string& out) const {
  csv::RowWriter writer(out);
  for (const Call& call : batch.calls) {
    const std::string_view entry = names.Text(call.entry);
    const std::string_view caller = names.Text(call.caller);
    const std::string_view caller_instance = names.Text(call.caller_instance);
    const std::string_view operation = names.Text(call.operation);
    const std::string_view callee = names.Text(call.callee);
    const std::string_view callee_instance = names.Text(call.callee_instance);
    const bool odd = call.trace.form == model::TraceForm::kHashed;
    writer.Begin(csv::TextBound(entry) + csv::TextBound(caller) + csv::TextBound(caller_instance) +
                 csv::TextBound(operation) + csv::TextBound(callee) +
                 csv::TextBound(callee_instance) + 2 * csv::kMillisecondsBound +
                 alibaba::kPathBound + 128 +
                 (odd ? csv::TextBound(call.trace.Text()) : alibaba::kTraceBound));
    if (call.start_ns != kNoTime) {
      // Rows that know their time since 1970 (2021) are brought to times since the start of data,
      // as 2022 has them.
      writer.Milliseconds(call.start_ns >= alibaba::kEpoch2021Ns
                              ? call.start_ns - alibaba::kEpoch2021Ns
                              : call.start_ns);
    }
    writer.Comma();
    alibaba::WriteTrace(call.trace, writer);
    writer.Comma();
    Put(entry, "UNKNOWN", writer);
    alibaba::WritePath(batch.Path(call), writer);
    writer.Comma();
    writer.Raw(alibaba::KindWord(call.kind));
    writer.Comma();
    Put(caller, call.from_user ? "USER" : "UNKNOWN", writer);
    Put(caller_instance, call.from_user ? "USER" : "UNAVAILABLE", writer);
    Put(operation, "UNAVAILABLE", writer);
    Put(callee, "UNKNOWN", writer);
    Put(callee_instance, "UNAVAILABLE", writer);
    if (call.duration_ns != kNoTime) writer.Milliseconds(call.duration_ns, 1);
    writer.End();
  }
}

}  // namespace plumbago::formats::alibaba_2022
