#include "cli/functions_input.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "cli/input_flags.h"
#include "cli/trace_executions.h"
#include "formats/csv_mapped/map_file.h"
#include "formats/csv_mapped/map_flags.h"
#include "formats/function_formats.h"
#include "formats/function_logs/execution_table.h"
#include "formats/function_logs/function_log.h"

namespace plumbago::cli {
namespace {

using formats::Format;
using serverless::ReadWorkload;

// The formats of functions, those that a map can tell of as the user's map has it.
class KnownFormats {
 public:
  explicit KnownFormats(const formats::ColumnMap& map) : log_(map), table_(map) {
    // What the user says comes before what is found.
    all_ = {&log_, &table_};
    for (const Format* format : formats::FunctionFormats()) {
      if (format->name() != log_.name() && format->name() != table_.name()) all_.push_back(format);
    }
  }
  std::span<const Format* const> all() const { return all_; }
  // The same format, told by the map.
  const Format* Mapped(const Format* format) const {
    for (const Format* one : all_) {
      if (format != nullptr && one->name() == format->name()) return one;
    }
    return format;
  }

 private:
  const formats::function_logs::FunctionLog log_;
  const formats::function_logs::ExecutionTable table_;
  std::vector<const Format*> all_;
};

Result<ReadWorkload> ReadTraces(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const engine::ReadOptions options, ReadOptionsFrom(arguments));
  return ReadTraceExecutions(options);
}

bool IsFunctionFormat(const std::string& name) {
  const auto formats = formats::FunctionFormats();
  return std::any_of(formats.begin(), formats.end(),
                     [&](const Format* format) { return format->name() == name; });
}

}  // namespace

Result<ReadWorkload> ReadFunctionsFrom(const Arguments& arguments) {
  if (arguments.inputs().empty()) {
    return Fail(ErrorKind::kUsage,
                "no input; name tables or logs of functions, or traces, or a folder of them");
  }
  const auto file = arguments.Value("--map");
  const std::vector<std::string> columns = arguments.List("--map-column");
  if (file && !columns.empty())
    return Fail(ErrorKind::kUsage, "--map and --map-column exclude each other");
  // What is read refers to formats until the process ends.
  static std::unique_ptr<const KnownFormats> mapped;
  if (file || !columns.empty()) {
    ASSIGN_OR_RETURN(const formats::ColumnMap map,
                     file ? formats::ReadMap(*file) : formats::MapFromFlags(columns));
    const bool executions = std::any_of(
        map.tables.begin(), map.tables.end(),
        [](const formats::TableMap& table) { return table.rows == formats::RowKind::kExecutions; });
    if (!executions) return ReadTraces(arguments);
    mapped = std::make_unique<KnownFormats>(map);
  }
  const Format* format = nullptr;
  if (const auto name = arguments.Value("--format")) {
    if (!IsFunctionFormat(*name) && formats::FindFormat(*name)) return ReadTraces(arguments);
    ASSIGN_OR_RETURN(format, formats::FindFunctionFormat(*name));
  }
  ASSIGN_OR_RETURN(const unsigned threads, ThreadsFrom(arguments));
  Result<ReadWorkload> read = serverless::ReadFunctions(
      arguments.inputs(), mapped ? mapped->Mapped(format) : format, threads,
      isatty(STDERR_FILENO) != 0, mapped ? mapped->all() : std::span<const Format* const>());
  const bool maybe_traces = format == nullptr || formats::FindFormat(format->name()).has_value();
  if (read || !maybe_traces || read.error().kind != ErrorKind::kBadInput) return read;
  // A pipe cannot be looked at twice.
  const std::vector<std::string>& inputs = arguments.inputs();
  if (std::find(inputs.begin(), inputs.end(), "-") != inputs.end()) return read;
  Result<ReadWorkload> traces = ReadTraces(arguments);
  if (traces || traces.error().kind != ErrorKind::kBadInput) return traces;
  // Of two mistakes the one that is nearer: what nobody knows is no trace either.
  const bool unknown = traces.error().message.find("known format") != std::string::npos;
  return unknown ? std::move(read) : std::move(traces);
}

}  // namespace plumbago::cli
