// Lines of weighted call graphs to model::WholeGraph.
#pragma once

#include "formats/format.h"

namespace plumbago::formats::call_graph_json {

// Stateless; any number of threads.
class CallGraphJsonDecoder final : public Decoder {
 public:
  void Decode(const Block& block, DecodeContext& context) const override;
};

}  // namespace plumbago::formats::call_graph_json
