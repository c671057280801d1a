#include "cli/functions_input.h"

#include <unistd.h>

#include "cli/input_flags.h"
#include "formats/function_formats.h"

namespace plumbago::cli {

Result<serverless::ReadWorkload> ReadFunctionsFrom(const Arguments& arguments) {
  if (arguments.inputs().empty()) {
    return Fail(ErrorKind::kUsage,
                "no input; name tables or logs of functions, or a folder of them");
  }
  const formats::Format* format = nullptr;
  if (const auto name = arguments.Value("--format")) {
    ASSIGN_OR_RETURN(format, formats::FindFunctionFormat(*name));
  }
  ASSIGN_OR_RETURN(const unsigned threads, ThreadsFrom(arguments));
  return serverless::ReadFunctions(arguments.inputs(), format, threads, isatty(STDERR_FILENO) != 0);
}

}  // namespace plumbago::cli
