// Calls to lines of CallGraph, in the column order of the released files.
#pragma once

#include <string>

#include "formats/format.h"

namespace plumbago::formats::alibaba_2022 {

// Stateless; any number of threads.
class Alibaba2022Encoder final : public Encoder {
 public:
  void Header(std::string& out) const override;
  void Encode(const model::CallBatch& batch, const model::Names& names,
              std::string& out) const override;
};

}  // namespace plumbago::formats::alibaba_2022
