// Samples to lines of a resource or rate table, with the header and column order of the released
// files, but without their index column.
//
// Values that stand side by side in a batch and are of one moment and one instance (or host) go
// into one line; a value that the table has no column for is left out. A value that is missing
// becomes an empty field, or 0 where it is a response time (the release's way to say: no call).
#pragma once

#include <string>

#include "formats/alibaba_samples/sample_table.h"
#include "formats/format.h"

namespace plumbago::formats::alibaba_samples {

// Stateless; any number of threads.
class SampleEncoder final : public Encoder {
 public:
  explicit SampleEncoder(const SampleTable& table) : table_(table) {}
  void Header(std::string& out) const override { out += table_.header; }
  void Encode(const model::CallBatch& batch, const model::Names& names,
              std::string& out) const override;

 private:
  const SampleTable& table_;
};

}  // namespace plumbago::formats::alibaba_samples
