// The analyses in the order of the report. `completeness` is the engine's own: it compares the
// others.
#include <memory>
#include <span>

#include "analysis/analysis.h"
#include "analysis/attributes.h"
#include "analysis/cache_share.h"
#include "analysis/could_be_parallel.h"
#include "analysis/coupling.h"
#include "analysis/critical_path.h"
#include "analysis/cycles.h"
#include "analysis/edge_times.h"
#include "analysis/edges.h"
#include "analysis/errors.h"
#include "analysis/graph_size.h"
#include "analysis/hot_paths.h"
#include "analysis/interference.h"
#include "analysis/links.h"
#include "analysis/load.h"
#include "analysis/network_tax.h"
#include "analysis/paradigms.h"
#include "analysis/parallelism.h"
#include "analysis/placement.h"
#include "analysis/repeated_calls.h"
#include "analysis/retries.h"
#include "analysis/scale.h"
#include "analysis/shape.h"
#include "analysis/sharing.h"
#include "analysis/variants.h"

namespace plumbago::analysis {
namespace {

template <class A>
concept OfSpans = requires { A::kSpans; };
template <class A>
concept OfAttributes = requires { A::kAttributes; };

template <Analysis A>
constexpr AnyAnalysis Entry(bool in_report = true) {
  return {&A::kDescription,
          []() -> std::unique_ptr<AnyState> { return std::make_unique<TypedState<A>>(); },
          in_report, OfSpans<A>, OfAttributes<A>};
}

constexpr AnyAnalysis kAnalyses[] = {
    Entry<Scale>(),       Entry<GraphSize>(),       Entry<Paradigms>(),
    Entry<CacheShare>(),  Entry<Shape>(),           Entry<Variants>(),
    Entry<Cycles>(),      Entry<Sharing>(),         Entry<Edges>(),
    Entry<Links>(),       Entry<NetworkTax>(),      Entry<Placement>(),
    Entry<Parallelism>(), Entry<CouldBeParallel>(), Entry<RepeatedCalls>(),
    Entry<Retries>(),     Entry<Errors>(),          Entry<Attributes>(),
    Entry<Coupling>(),    Entry<CriticalPath>(),    Entry<HotPaths>(),
    Entry<Load>(),        Entry<Interference>(),
};

constexpr AnyAnalysis kSaved[] = {Entry<EdgeTimes>(false)};

}  // namespace

std::span<const AnyAnalysis> Analyses() { return kAnalyses; }

std::span<const AnyAnalysis> SavedAnalyses() { return kSaved; }

}  // namespace plumbago::analysis
