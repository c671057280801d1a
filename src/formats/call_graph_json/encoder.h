// Whole call graphs to lines, in the key order of DGG's set.
#pragma once

#include <string>

#include "formats/format.h"

namespace plumbago::formats::call_graph_json {

// Stateless; any number of threads. Calls and samples of a batch are left out.
class CallGraphJsonEncoder final : public Encoder {
 public:
  void Header(std::string& /*out*/) const override {}
  void Encode(const model::CallBatch& batch, const model::Names& names,
              std::string& out) const override;
};

}  // namespace plumbago::formats::call_graph_json
