#include "formats/call_graph_json/decoder.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "formats/call_graph_json/graph_line.h"
#include "formats/csv/rows.h"

namespace plumbago::formats::call_graph_json {
namespace {

constexpr size_t kGraphs = 256;  // of a batch

// Decodes the lines of one block.
class LineDecoder {
 public:
  LineDecoder(const Block& block, DecodeContext& context) : block_(block), context_(context) {}

  void Line(std::string_view text, uint32_t number) {
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) return;
    switch (line_.Read(text)) {
      case GraphLine::Outcome::kGraph:
        return Add(number);
      case GraphLine::Outcome::kMalformed:
        return Count(model::Damage::kMalformed, number);
      case GraphLine::Outcome::kTooLong:
        return Count(model::Damage::kTooLong, number);
    }
  }
  void Flush() {
    if (batch_.graphs.empty()) return;
    context_.sink.Accept(batch_);
    batch_.Clear();
  }

 private:
  void Add(uint32_t number) {
    model::WholeGraph& graph = batch_.graphs.emplace_back();
    graph.id = line_.Id();
    if (!line_.entry.empty()) {
      graph.entry = Id<model::OperationId>(context_.names.operations.Intern(line_.entry));
    }
    graph.traces = line_.traces;
    graph.group = line_.group;
    graph.origin = {block_.index, number};
    graph.first_node = static_cast<uint32_t>(batch_.nodes.size());
    graph.nodes = static_cast<uint32_t>(line_.nodes.size());
    graph.first_edge = static_cast<uint32_t>(batch_.edges.size());
    graph.edges = static_cast<uint32_t>(line_.edges.size());
    for (const GraphNode& node : line_.nodes) {
      model::WholeNode& made = batch_.nodes.emplace_back();
      made.service = Id<model::ServiceId>(context_.names.services.Intern(node.name, node.hash));
      if (!node.label.empty()) {
        made.label = Id<model::OperationId>(context_.names.operations.Intern(node.label));
      }
    }
    batch_.edges.insert(batch_.edges.end(), line_.edges.begin(), line_.edges.end());
    if (batch_.graphs.size() == kGraphs || batch_.nodes.size() + batch_.edges.size() > 65'536) {
      Flush();
    }
  }

  void Count(model::Damage damage, uint32_t number) {
    const model::Origin origin{block_.index, number};
    if (!context_.damage.WantsExample(damage, origin)) return context_.damage.Add(damage);
    if (damage == model::Damage::kTooLong) {
      return context_.damage.Add(
          damage, model::Example{origin,
                                 0,
                                 "a graph of more than 12000 nodes or edges, or with a "
                                 "name of more than 32 KiB",
                                 {}});
    }
    GraphLine::Fault fault = line_.fault();
    context_.damage.Add(damage, model::Example{origin, fault.column, std::move(fault.text), {}});
  }

  const Block& block_;
  DecodeContext& context_;
  GraphLine line_;
  model::CallBatch batch_;
};

}  // namespace

void CallGraphJsonDecoder::Decode(const Block& block, DecodeContext& context) const {
  LineDecoder decoder(block, context);
  std::string_view text = block.first ? csv::WithoutByteOrderMark(block.text) : block.text;
  uint32_t number = 0;
  while (!text.empty()) {
    const void* found = std::memchr(text.data(), '\n', text.size());
    const size_t size = found == nullptr
                            ? text.size()
                            : static_cast<size_t>(static_cast<const char*>(found) - text.data());
    decoder.Line(text.substr(0, size), number++);
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  decoder.Flush();
  context.lines = number;
}

}  // namespace plumbago::formats::call_graph_json
