// WalkTraces with a visitor for each thread, and what they learnt together: the frame of whatever
// asks one thing of all traces.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/clock_offsets.h"
#include "engine/trace_walk.h"

namespace plumbago::engine {

template <class Visitor>
struct MergedWalk {
  std::unique_ptr<Visitor> visitor;  // the first thread's; the others were merged into it
  bool all = true;                   // false: the user stopped it
};

// `make` gives a unique_ptr to a TraceVisitor that has Merge(Visitor&&), which may fail.
// Errors: those of WalkTraces and of merging.
template <class Make>
auto WalkAndMerge(ReadRows& rows, bool show_progress, Make&& make)
    -> Result<MergedWalk<typename std::invoke_result_t<Make>::element_type>> {
  using Visitor = typename std::invoke_result_t<Make>::element_type;
  std::vector<std::unique_ptr<Visitor>> visitors;
  std::vector<TraceVisitor*> walking;
  for (unsigned i = 0; i < rows.plan.threads; ++i) {
    visitors.push_back(make());
    walking.push_back(visitors.back().get());
  }
  MergedWalk<Visitor> walk;
  ASSIGN_OR_RETURN(walk.all, WalkTraces(rows, walking, show_progress));
  for (size_t i = 1; i < visitors.size(); ++i) {
    if constexpr (std::is_void_v<decltype(visitors[0]->Merge(std::move(*visitors[i])))>) {
      visitors[0]->Merge(std::move(*visitors[i]));
    } else {
      RETURN_IF_ERROR(visitors[0]->Merge(std::move(*visitors[i])));
    }
    visitors[i].reset();
  }
  walk.visitor = std::move(visitors[0]);
  return walk;
}

// The same of what was just read: sorts the names, compares the clocks of hosts and puts them right
// before. `make` is called afterwards. Errors: those of the spill file, too.
template <class Make>
auto AskAllTraces(ReadRows& rows, bool show_progress, Make&& make)
    -> decltype(WalkAndMerge(rows, show_progress, make)) {
  rows.ranks = rows.names->Sort();
  ASSIGN_OR_RETURN(const bool looked, LearnClocks(rows, show_progress));
  ASSIGN_OR_RETURN(auto walk, WalkAndMerge(rows, show_progress, make));
  RETURN_IF_ERROR(rows.spill->status());
  walk.all = walk.all && looked;
  return walk;
}

}  // namespace plumbago::engine
