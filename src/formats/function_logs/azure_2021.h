// Executions of Azure Functions, two weeks of 2021: app,func,end_timestamp,duration
// (docs/formats/azure-2021.md). Times are seconds since the data begin.
#pragma once

#include "formats/csv/table_format.h"

namespace plumbago::formats::function_logs {

// Immutable; any thread.
class Azure2021 final : public csv::TableFormat {
 public:
  std::string_view name() const override { return "azure-functions-2021"; }
  std::string_view help() const override {
    return "executions of Azure Functions, 2021: app,func,end_timestamp,duration (seconds)";
  }
  Match Sniff(std::string_view head, std::string_view path) const override;
  Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                        std::string_view path) const override;
  Result<std::unique_ptr<Encoder>> Write() const override;
};

}  // namespace plumbago::formats::function_logs
