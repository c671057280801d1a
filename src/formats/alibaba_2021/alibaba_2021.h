// MSCallGraph of Alibaba's cluster-trace-microservices-v2021: one line of CSV a record of a call.
// What the columns mean, and how each oddity of the release is read: docs/formats/alibaba-2021.md.
#pragma once

#include <memory>
#include <string_view>

#include "formats/csv/table_format.h"
#include "formats/format.h"

namespace plumbago::formats::alibaba_2021 {

// Immutable; any thread.
class Alibaba2021 final : public csv::TableFormat {
 public:
  std::string_view name() const override { return "alibaba-2021"; }
  std::string_view help() const override {
    return "MSCallGraph tables of Alibaba's cluster-trace-microservices-v2021 (CSV)";
  }
  Match Sniff(std::string_view head, std::string_view path) const override;
  bool links_by_path() const override { return true; }
  Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                        std::string_view path) const override;
  Result<std::unique_ptr<Encoder>> Write() const override;
};

}  // namespace plumbago::formats::alibaba_2021
