// A resource or rate table of an Alibaba release as a format: lines of CSV to samples and back.
// What the columns mean, and how each oddity is read: docs/formats/alibaba-samples.md.
#pragma once

#include <memory>
#include <string_view>

#include "formats/alibaba_samples/sample_table.h"
#include "formats/csv/table_format.h"
#include "formats/format.h"

namespace plumbago::formats::alibaba_samples {

// Immutable; any thread. `table` must outlive it.
class SampleFormat final : public csv::TableFormat {
 public:
  explicit SampleFormat(const SampleTable& table) : table_(table) {}
  std::string_view name() const override { return table_.name; }
  std::string_view help() const override { return table_.help; }
  Match Sniff(std::string_view head, std::string_view path) const override;
  Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                        std::string_view path) const override;
  Result<std::unique_ptr<Encoder>> Write() const override;

 private:
  const SampleTable& table_;
};

}  // namespace plumbago::formats::alibaba_samples
