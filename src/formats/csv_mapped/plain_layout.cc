#include "formats/csv_mapped/plain_layout.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/check.h"
#include "formats/alibaba/call_writer.h"
#include "formats/csv/row_writer.h"
#include "formats/csv_mapped/map_file.h"

namespace plumbago::formats {

using model::Call;
using model::kNoTime;

const std::string_view kPlainMap =
    R"toml(# The layout in which Plumbago writes the format `csv` (convert --to csv, generate traces --to csv).
# It is read without a map too; this is what is built in.

[[table]]
name = "plumbago"
rows = "calls"
missing = []

[table.columns]
trace = "trace"
span = { column = "span", optional = true }
parent = { column = "parent", optional = true }
path = { column = "path", optional = true }
entry = { column = "entry", optional = true }
caller = { column = "caller", user = "(user)", optional = true }
callee = "callee"
operation = { column = "operation", optional = true }
kind = { column = "kind", optional = true }
side = { column = "side", optional = true }
status = { column = "status", optional = true }
start = { column = "start_ns", unit = "ns" }
duration = { column = "duration_ns", unit = "ns" }
caller_instance = { column = "caller_instance", optional = true }
callee_instance = { column = "callee_instance", optional = true }
weight = { column = "weight", optional = true }

# Beside generated traces (generate traces --resources, --plant clusters=): how busy instances and
# hosts are, as shares of what they have, and where instances lie.
[[table]]
name = "plumbago-resources"
rows = "samples"

[table.columns]
time = { column = "time_ns", unit = "ns" }
service = "service"
instance = "instance"
host = "host"

[[table.value]]
column = "cpu"
measure = "cpu"
unit = "share"

[[table.value]]
column = "memory"
measure = "memory"
unit = "share"

[[table]]
name = "plumbago-nodes"
rows = "samples"

[table.columns]
time = { column = "time_ns", unit = "ns" }
host = "host"

[[table.value]]
column = "host_cpu"
measure = "host_cpu"
unit = "share"
of = "host"

[[table.value]]
column = "host_memory"
measure = "host_memory"
unit = "share"
of = "host"

[[table]]
name = "plumbago-places"
rows = "samples"
path = "*.places.csv*"

[table.columns]
instance = "instance"
cluster = "cluster"
)toml";

const std::vector<TableMap>& PlainTables() {
  static const std::vector<TableMap> tables = [] {
    Result<ColumnMap> map = ParseMap(kPlainMap, "plumbago.toml");
    CHECK(map);
    return std::move(map->tables);
  }();
  return tables;
}

namespace {

constexpr size_t kNumberBound = 24;

void Put(std::string_view text, csv::RowWriter& writer) {
  writer.Text(text);
  writer.Comma();
}

void PutSpan(uint64_t id, csv::RowWriter& writer) {
  if (id != 0) writer.set_at(fmt::format_to(writer.at(), "{:016x}", id));
  writer.Comma();
}

void PutTime(int64_t ns, csv::RowWriter& writer) {
  if (ns != kNoTime) writer.set_at(fmt::format_to(writer.at(), "{}", ns));
  writer.Comma();
}

std::string_view KindWord(model::Kind kind) {
  return kind == model::Kind::kUnknown ? "" : model::KindName(kind);
}

std::string_view SideWord(model::Side side) {
  switch (side) {
    case model::Side::kClient:
      return "client";
    case model::Side::kServer:
      return "server";
    default:
      return "";
  }
}

std::string_view StatusWord(model::Status status) {
  switch (status) {
    case model::Status::kOk:
      return "ok";
    case model::Status::kError:
      return "error";
    default:
      return "";
  }
}

}  // namespace

void PlainEncoder::Header(std::string& out) const {
  out +=
      "trace,span,parent,path,entry,caller,callee,operation,kind,side,status,start_ns,duration_ns,"
      "caller_instance,callee_instance,weight\n";
}

void PlainEncoder::Encode(const model::CallBatch& batch, const model::Names& names,
                          std::string& out) const {
  csv::RowWriter writer(out);
  for (const Call& call : batch.calls) {
    const std::string_view entry = names.Text(call.entry);
    const std::string_view caller = call.from_user ? "(user)" : names.Text(call.caller);
    const std::string_view callee = names.Text(call.callee);
    const std::string_view operation = names.Text(call.operation);
    const std::string_view caller_instance = names.Text(call.caller_instance);
    const std::string_view callee_instance = names.Text(call.callee_instance);
    const bool odd = call.trace.form == model::TraceForm::kHashed;
    writer.Begin(csv::TextBound(entry) + csv::TextBound(caller) + csv::TextBound(callee) +
                 csv::TextBound(operation) + csv::TextBound(caller_instance) +
                 csv::TextBound(callee_instance) + 6 * kNumberBound + alibaba::kPathBound + 64 +
                 (odd ? csv::TextBound(call.trace.Text()) : alibaba::kTraceBound));
    alibaba::WriteTrace(call.trace, writer);
    writer.Comma();
    PutSpan(call.span, writer);
    PutSpan(call.parent_span, writer);
    alibaba::WritePath(batch.Path(call), writer);
    writer.Comma();
    Put(entry, writer);
    Put(caller, writer);
    Put(callee, writer);
    Put(operation, writer);
    Put(KindWord(call.kind), writer);
    Put(SideWord(call.side), writer);
    Put(StatusWord(call.status), writer);
    PutTime(call.start_ns, writer);
    PutTime(call.duration_ns, writer);
    Put(caller_instance, writer);
    Put(callee_instance, writer);
    if (call.weight != 1) writer.set_at(fmt::format_to(writer.at(), "{}", call.weight));
    writer.End();
  }
}

}  // namespace plumbago::formats
