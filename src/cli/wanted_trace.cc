#include "cli/wanted_trace.h"

#include <fmt/format.h>

#include "formats/spans/span_ids.h"

namespace plumbago::cli {

std::vector<model::TraceId> TraceIdsOf(std::string_view text) {
  std::vector<model::TraceId> ids{model::TraceId::Parse(text)};
  if (model::TraceId padded; formats::spans::ParseTraceId(text, padded)) ids.push_back(padded);
  return ids;
}

std::string ShortText(const model::TraceId& id) {
  std::string text = id.Text();
  if (text.size() == 32 && text.starts_with("0000000000000000")) text.erase(0, 16);
  return text;
}

tl::unexpected<Error> NoSuchTrace(std::string_view text, uint64_t traces, uint64_t dropped,
                                  graph::RepairMode mode) {
  return Fail(ErrorKind::kBadInput,
              fmt::format("no trace {} among {} read{}", text, traces,
                          dropped == 0 ? ""
                                       : fmt::format("; {} were left out by --repair {}", dropped,
                                                     graph::RepairModeName(mode))));
}

}  // namespace plumbago::cli
