// Weighted call graphs, one JSON object a line: services and how often each calls each, standing
// for all traces that look so. Reads the set that DGG published of Alibaba's 2022 release; what we
// write is a superset of it (docs/formats/call-graph-json.md).
#pragma once

#include <memory>
#include <string_view>

#include "formats/format.h"

namespace plumbago::formats::call_graph_json {

// Immutable; any thread.
class CallGraphJson final : public Format {
 public:
  std::string_view name() const override { return "call-graph-json"; }
  std::string_view help() const override {
    return "weighted call graphs, one JSON object a line (DGG's variants of Alibaba 2022)";
  }
  Match Sniff(std::string_view head, std::string_view path) const override;
  size_t Cut(std::string_view text, bool end_of_file) const override;
  bool seekable() const override { return true; }
  Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                        std::string_view path) const override;
  bool writes_graphs() const override { return true; }
  Result<std::unique_ptr<Encoder>> Write() const override;
};

}  // namespace plumbago::formats::call_graph_json
