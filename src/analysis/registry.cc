// The analyses in the order of the report. `completeness` is the engine's own: it compares the
// others.
#include <memory>
#include <span>

#include "analysis/analysis.h"
#include "analysis/edge_times.h"
#include "analysis/edges.h"
#include "analysis/graph_size.h"
#include "analysis/paradigms.h"
#include "analysis/parallelism.h"
#include "analysis/scale.h"
#include "analysis/shape.h"

namespace plumbago::analysis {
namespace {

template <Analysis A>
constexpr AnyAnalysis Entry(bool in_report = true) {
  return {&A::kDescription,
          []() -> std::unique_ptr<AnyState> { return std::make_unique<TypedState<A>>(); },
          in_report};
}

constexpr AnyAnalysis kAnalyses[] = {
    Entry<Scale>(), Entry<GraphSize>(), Entry<Paradigms>(),
    Entry<Shape>(), Entry<Edges>(),     Entry<Parallelism>(),
};

constexpr AnyAnalysis kSaved[] = {Entry<EdgeTimes>(false)};

}  // namespace

std::span<const AnyAnalysis> Analyses() { return kAnalyses; }

std::span<const AnyAnalysis> SavedAnalyses() { return kSaved; }

}  // namespace plumbago::analysis
