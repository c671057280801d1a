#include "cli/casper_conversion.h"

#include <fmt/format.h>

#include "cli/input_flags.h"
#include "engine/casper_convert.h"

namespace plumbago::cli {

Result<int> ConvertLikeCasper(const Arguments& arguments, const engine::ConvertOptions& options,
                              const std::string& repair, const std::string& output) {
  const auto mode = engine::ParseCasperMode(repair);
  if (!mode) {
    return Fail(
        ErrorKind::kUsage,
        fmt::format("'{}' is no mode; casper-exact takes :accurate, :rpcid, :partial or :rebuild",
                    repair));
  }
  if (options.read.inputs.size() != 1) {
    return Fail(ErrorKind::kUsage,
                "casper-exact reads one file: its answer depends on the order of the rows");
  }
  if (arguments.Has("--repair-log")) {
    return Fail(ErrorKind::kUsage, "casper-exact keeps no repair log; --repair rebuild does");
  }
  ASSIGN_OR_RETURN(const auto out, OutputFile::Open(output));
  ASSIGN_OR_RETURN(const engine::CasperConverted done,
                   engine::ConvertLikeCasper(options.read.inputs[0], *mode, options.to, *out));
  RETURN_IF_ERROR(out->Commit());
  fmt::print(stderr,
             "plumbago: {} rows read, {} written; {} traces: {} unaffected, {} with propagation "
             "errors, {} with lost rows\n",
             done.rows_read, done.rows_written, done.traces, done.unaffected, done.propagation,
             done.data_loss);
  if (done.crashed + done.dropped + done.rows_skipped != 0) {
    fmt::print(stderr,
               "plumbago: {} traces at which the original fails and {} that it drops for their rt "
               "are left out; {} lines could not be read\n",
               done.crashed, done.dropped, done.rows_skipped);
  }
  const bool damaged = done.crashed + done.dropped + done.rows_skipped != 0;
  return ExitCode(arguments, false, damaged ? "what is left out" : "");
}

}  // namespace plumbago::cli
