// The contract of an analysis: a mergeable state over call graphs that concludes in a section.
//
// One file an analysis. The engine keeps a state a thread and a repair variant, merges them in any
// order, and concludes once. So Merge must be commutative and associative to the bit: integer
// counts, sketches with integer counts, fixed-point sums (statistics/), samples chosen by
// TraceId::Hash or by names' content hash. Ids may index arrays inside a state, but nothing printed
// may depend on their order: sort by value, then by the names' text.
//
//   struct Scale {
//     static const Description kDescription;
//     struct State { ... };
//     static void Observe(State&, const graph::CallGraph&, const Facts&);
//     static void Merge(State& into, State&& from);
//     static document::Section Conclude(const State&, const Facts&);
//   };
//
// Add it to the list in registry.cc; help, docs and --list follow from kDescription.
#pragma once

#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "document/document.h"
#include "graph/call_graph.h"
#include "model/names.h"

namespace plumbago::analysis {

struct Description {
  const char* id;        // "graph-size"
  const char* title;     // "Size of call graphs"
  const char* question;  // "How many services and calls does a request need?"
  const char* needs;     // columns: "trace, caller, callee"
  const char* source;    // paper and section; rule of statistics
};

// What all analyses may know of the whole input.
struct Facts {
  const model::Names* names = nullptr;
  int64_t first_ns = model::kNoTime;  // of the data
  int64_t last_ns = model::kNoTime;
  bool sides_marked = false;  // rows say who wrote them (2021: the sign; spans: the kind). 2022: no
  int64_t tick_ns =
      1'000'000;  // resolution of the clock in the data: 1 ms in both Alibaba releases
  std::span<const std::string> formats;
  bool headline_only =
      false;  // Conclude: only the headline is wanted; tables, figures and fits may be left out
};

template <class A>
concept Analysis = requires(typename A::State& s, const typename A::State& c, typename A::State&& m,
                            const graph::CallGraph& g, const Facts& f) {
  { A::kDescription } -> std::convertible_to<const Description&>;
  A::Observe(s, g, f);
  A::Merge(s, std::move(m));
  { A::Conclude(c, f) } -> std::same_as<document::Section>;
};

// An analysis with its type erased; what the engine holds.
class AnyState {
 public:
  virtual ~AnyState() = default;
  virtual void Observe(const graph::CallGraph& graph, const Facts& facts) = 0;
  virtual void Merge(AnyState&& from) = 0;  // of the same analysis
  virtual std::unique_ptr<AnyState> Copy() const = 0;
  virtual document::Section Conclude(const Facts& facts) const = 0;
};

struct AnyAnalysis {
  const Description* description;
  std::unique_ptr<AnyState> (*make)();
};

// All analyses in the order of the report.
std::span<const AnyAnalysis> Analyses();

// Wraps an analysis for the registry.
template <Analysis A>
class TypedState final : public AnyState {
 public:
  void Observe(const graph::CallGraph& graph, const Facts& facts) override {
    A::Observe(state_, graph, facts);
  }
  void Merge(AnyState&& from) override {
    A::Merge(state_, std::move(static_cast<TypedState&>(from).state_));
  }
  std::unique_ptr<AnyState> Copy() const override {
    auto copy = std::make_unique<TypedState>();
    copy->state_ = state_;
    return copy;
  }
  document::Section Conclude(const Facts& facts) const override {
    document::Section section = A::Conclude(state_, facts);
    section.id = A::kDescription.id;
    section.title = A::kDescription.title;
    section.question = A::kDescription.question;
    return section;
  }

 private:
  typename A::State state_{};
};

}  // namespace plumbago::analysis
