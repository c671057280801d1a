// Calls to lines of MSCallGraph, in the column order of the released files, without their index
// column.
#pragma once

#include <string>

#include "formats/format.h"

namespace plumbago::formats::alibaba_2021 {

// Stateless; any number of threads.
class Alibaba2021Encoder final : public Encoder {
 public:
  void Header(std::string& out) const override;
  void Encode(const model::CallBatch& batch, const model::Names& names,
              std::string& out) const override;
};

}  // namespace plumbago::formats::alibaba_2021
