#include "render/call_tree.h"

#include <tuple>
#include <unordered_map>

namespace plumbago::render {
namespace {

struct Frame {
  std::string_view service, operation;
  bool other;
  friend bool operator==(const Frame&, const Frame&) = default;
};

struct FrameHash {
  size_t operator()(const Frame& frame) const {
    const std::hash<std::string_view> hash;
    return (hash(frame.service) * 31 + hash(frame.operation)) * 2 + (frame.other ? 1 : 0);
  }
};

}  // namespace

std::string FrameName(const CallTreeNode& node) {
  if (node.other) return "(other)";
  std::string name(node.service.empty() ? "(unknown)" : node.service);
  if (!node.operation.empty()) name.append(" ").append(node.operation);
  return name;
}

FrameList FramesOf(const CallTree& tree) {
  FrameList list;
  list.of_node.reserve(tree.nodes.size());
  std::unordered_map<Frame, uint32_t, FrameHash> known;
  for (uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const CallTreeNode& node = tree.nodes[i];
    const auto [at, fresh] = known.try_emplace({node.service, node.operation, node.other},
                                               static_cast<uint32_t>(list.first.size()));
    if (fresh) list.first.push_back(i);
    list.of_node.push_back(at->second);
  }
  return list;
}

}  // namespace plumbago::render
