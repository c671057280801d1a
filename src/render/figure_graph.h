// What every drawing of a figure's graph asks: where its focus is, and which link is the stronger.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

#include "document/document.h"

namespace plumbago::render {

inline std::optional<size_t> FocusOf(const document::Figure& figure) {
  const auto found = std::find_if(figure.nodes.begin(), figure.nodes.end(),
                                  [](const document::GraphNode& node) { return node.focus; });
  if (found == figure.nodes.end()) return std::nullopt;
  return static_cast<size_t>(found - figure.nodes.begin());
}

// More time waited; of as much, more calls.
inline bool Stronger(const document::GraphLink& a, const document::GraphLink& b) {
  return a.total_ns != b.total_ns ? a.total_ns > b.total_ns : a.calls > b.calls;
}

}  // namespace plumbago::render
