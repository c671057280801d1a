#include "formats/function_minutes/minute_format.h"

#include <utility>

#include "formats/function_minutes/decoder.h"

namespace plumbago::formats::function_minutes {

std::string_view MinuteFormat::name() const {
  return kind_ == TableKind::kAzure2019 ? "azure-functions" : "function-vectors";
}

std::string_view MinuteFormat::help() const {
  return kind_ == TableKind::kAzure2019
             ? "invocations a minute of Azure Functions, 2019: HashOwner,HashApp,HashFunction,"
               "Trigger,1..1440"
             : "days of functions as vectors: vec,weight,1..1440";
}

Match MinuteFormat::Sniff(std::string_view head, std::string_view) const {
  return SniffTable(kind_, head);
}

Result<std::unique_ptr<Decoder>> MinuteFormat::Open(std::string_view head,
                                                    std::string_view path) const {
  ASSIGN_OR_RETURN(Layout layout, ReadLayout(kind_, head, path));
  return std::make_unique<MinuteDecoder>(std::move(layout));
}

Result<std::unique_ptr<Encoder>> MinuteFormat::Write() const {
  return Fail(ErrorKind::kUnsupported, "tables of functions are read only");
}

}  // namespace plumbago::formats::function_minutes
