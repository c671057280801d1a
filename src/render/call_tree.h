// The calls of many traces as one tree of stacks, with a time a node: what the profiles for other
// programs are made of (folded stacks, speedscope, pprof).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumbago::render {

inline constexpr uint32_t kNoNode = 0xFFFFFFFFu;

struct CallTreeNode {
  uint32_t parent = kNoNode;   // index of the node above; kNoNode: an entry
  std::string_view service;    // empty: not known
  std::string_view operation;  // empty: not known
  bool other = false;          // stands for stacks that are not told apart
  int64_t time_ns = 0;         // of the node itself, without what is below
  uint64_t calls = 0;
};

struct CallTree {
  std::vector<CallTreeNode> nodes;  // preorder
  std::string time_name;            // what the time is: "own time", "critical path"
};

// How programs for profiles name a node: "service operation"; "(unknown)" for a service without
// a name, "(other)" for what is not told apart.
std::string FrameName(const CallTreeNode& node);

// A number each for those that differ, by first appearance: programs for profiles keep a list of
// frames beside the stacks. Names and services as in the tree.
struct FrameList {
  std::vector<uint32_t> of_node;  // frame
  std::vector<uint32_t> first;    // of a frame: a node that has it
};
FrameList FramesOf(const CallTree& tree);

}  // namespace plumbago::render
