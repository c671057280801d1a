#include "render/folded_stacks.h"

#include <fmt/format.h>

#include <iterator>

namespace plumbago::render {
namespace {

std::string Escaped(std::string name) {
  for (char& c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ';') c = ':';
    if (byte <= ' ' || byte == 0x7F) c = '_';
  }
  return name;
}

}  // namespace

Result<void> WriteFoldedStacks(const CallTree& tree, const PutText& put) {
  const FrameList frames = FramesOf(tree);
  std::vector<std::string> names;
  names.reserve(frames.first.size());
  for (const uint32_t node : frames.first) names.push_back(Escaped(FrameName(tree.nodes[node])));

  struct Open {
    uint32_t node;
    size_t stack_size;  // of the text above
  };
  std::vector<Open> open;
  std::string stack;
  Pieces pieces(put);
  for (uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const CallTreeNode& node = tree.nodes[i];
    while (!open.empty() && open.back().node != node.parent) {
      stack.resize(open.back().stack_size);
      open.pop_back();
    }
    open.push_back({i, stack.size()});
    if (!stack.empty()) stack += ';';
    stack += names[frames.of_node[i]];
    const int64_t whole_us = (node.time_ns + 500) / 1000;
    if (whole_us <= 0) continue;
    pieces.text() += stack;
    fmt::format_to(std::back_inserter(pieces.text()), " {}\n", whole_us);
    RETURN_IF_ERROR(pieces.Next());
  }
  return pieces.End();
}

}  // namespace plumbago::render
