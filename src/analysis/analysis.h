// The contract of an analysis: a mergeable state over call graphs that concludes in a section.
//
// One file an analysis. The engine keeps a state a thread and a repair variant, merges them in any
// order, spills and saves them, and concludes once. So a state consists of what merges
// commutatively and associatively to the bit: integer counts, sketches with integer counts,
// fixed-point sums (statistics/), samples chosen by TraceId::Hash or by names' content hash. It
// lists its fields (fields.h); merging, saving and loading follow. Names are sorted before the
// first trace is observed, so ids order as their texts do.
//
//   struct Scale {
//     static const Description kDescription;
//     struct State { ...; static constexpr auto Fields() { ... } };
//     static void Observe(State&, const graph::CallGraph&, const Facts&);
//     static void Observe(State&, const model::Sample&, const Facts&);  // where it uses samples
//     static void Observe(State&, const model::SiblingPair&, const Facts&);  // or judged pairs
//     static void Observe(State&, const graph::TraceLinks&, const Facts&);  // or span links
//     static document::Section Conclude(const State&, const Facts&);
//   };
//
// Add it to the list in registry.cc; help, docs and --list follow from kDescription.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "analysis/faster.h"
#include "analysis/fields.h"
#include "base/block_store.h"
#include "base/result.h"
#include "document/document.h"
#include "graph/call_graph.h"
#include "graph/trace_links.h"
#include "model/names.h"
#include "model/sample.h"
#include "model/sibling_pair.h"

namespace plumbago::graph {
class DependencyGraph;
}

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
  bool sides_marked = false;  // some rows say who wrote them (2021: the sign; spans: the kind)
  int64_t tick_ns =
      1'000'000;  // resolution of the clock in the data: 1 ms in both Alibaba releases
  std::span<const std::string> formats;
  // Samples were read, or may come when states are merged: calls of instances are kept by time, to
  // be joined with them. False: an analysis need not.
  bool join_samples = true;
  // What if these services and operations needed less time of their own (critical-path)?
  std::span<const Faster> faster;
  bool headline_only =
      false;  // Conclude: only the headline is wanted; tables, figures and fits may be left out
  size_t table_rows = SIZE_MAX;  // Conclude: so many of a long table are wanted (Table::rows_total)
  // Conclude of `edges`: shows it the dependency graph and makes no section, for a graph may be too
  // large for a table. Not called where only the headline is wanted.
  const std::function<void(const graph::DependencyGraph&, const Facts&)>* see_edges = nullptr;
};

template <class A>
concept Analysis =
    Listed<typename A::State> && requires(typename A::State& s, const typename A::State& c,
                                          const graph::CallGraph& g, const Facts& f) {
      { A::kDescription } -> std::convertible_to<const Description&>;
      A::Observe(s, g, f);
      { A::Conclude(c, f) } -> std::same_as<document::Section>;
    };

// An analysis with its type erased; what the engine holds.
class AnyState {
 public:
  virtual ~AnyState() = default;
  virtual void Observe(const graph::CallGraph& graph, const Facts& facts) = 0;
  // Samples are the same in every repair variant: only the whole traces' state is shown them.
  virtual void Observe(const model::Sample& sample, const Facts& facts) = 0;
  virtual void Observe(const model::SiblingPair& pair, const Facts& facts) = 0;  // likewise
  virtual void Observe(const graph::TraceLinks& links, const Facts& facts) = 0;  // likewise
  virtual void Merge(AnyState&& from) = 0;  // of the same analysis
  // Cheap once frozen: tables are shared.
  virtual std::unique_ptr<AnyState> Copy() const = 0;

  // Tables become sorted runs, in memory; then runs on disk.
  virtual void Freeze() = 0;
  virtual void Join() = 0;  // frozen tables in memory, before they are read more than once
  virtual Result<void> Spill(const std::shared_ptr<SpillFile>& file) = 0;
  virtual size_t allocated() const = 0;  // bytes of the tables in memory, about

  // A frozen state as bytes: all but the tables in one piece, each table in blocks.
  virtual void Save(std::string& fields) const = 0;
  using PutBlock = std::function<Result<void>(const std::string& block)>;
  // begin(name) is called before the blocks of each table.
  virtual Result<void> SaveTables(const std::function<void(const std::string& name)>& begin,
                                  const PutBlock& put) const = 0;
  // Of a new state. False: the bytes are no such state.
  [[nodiscard]] virtual bool Load(std::string_view fields,
                                  const std::shared_ptr<const statistics::IdMaps>& maps) = 0;
  // Adds each table's records from where `find(name)` says they lie (nullptr: there are none).
  using FindTable = std::function<std::shared_ptr<const BlockStore>(const std::string& name)>;
  virtual void LoadTables(const FindTable& find,
                          const std::shared_ptr<const statistics::IdMaps>& maps) = 0;

  virtual document::Section Conclude(const Facts& facts) const = 0;
};

struct AnyAnalysis {
  const Description* description;
  std::unique_ptr<AnyState> (*make)();
  bool in_report = true;    // false: kept in saved states only, for comparisons
  bool spans = false;       // wants CallGraph::spans (TraceBuilder::KeepSpans)
  bool attributes = false;  // and TraceSpan::attributes
};

// All analyses in the order of the report.
std::span<const AnyAnalysis> Analyses();
// What saved states hold beside them; no section comes of it.
std::span<const AnyAnalysis> SavedAnalyses();

// Wraps an analysis for the registry.
template <Analysis A>
class TypedState final : public AnyState {
 public:
  void Observe(const graph::CallGraph& graph, const Facts& facts) override {
    A::Observe(state_, graph, facts);
  }
  void Observe(const model::Sample& sample, const Facts& facts) override {
    if constexpr (requires { A::Observe(state_, sample, facts); }) {
      A::Observe(state_, sample, facts);
    }
  }
  void Observe(const model::SiblingPair& pair, const Facts& facts) override {
    if constexpr (requires { A::Observe(state_, pair, facts); }) A::Observe(state_, pair, facts);
  }
  void Observe(const graph::TraceLinks& links, const Facts& facts) override {
    if constexpr (requires { A::Observe(state_, links, facts); }) A::Observe(state_, links, facts);
  }
  void Merge(AnyState&& from) override {
    MergeFields(state_, std::move(static_cast<TypedState&>(from).state_));
  }
  std::unique_ptr<AnyState> Copy() const override {
    auto copy = std::make_unique<TypedState>();
    copy->state_ = state_;
    return copy;
  }
  void Freeze() override {
    ForEachTable(state_, [](const std::string&, auto& table) { table.Freeze(); });
  }
  void Join() override {
    ForEachTable(state_, [](const std::string&, auto& table) {
      if constexpr (requires { table.Join(); }) table.Join();
    });
  }
  Result<void> Spill(const std::shared_ptr<SpillFile>& file) override {
    Result<void> spilled;
    ForEachTable(state_, [&](const std::string&, auto& table) {
      table.Freeze();
      if (spilled) spilled = table.runs().Spill(file);
    });
    return spilled;
  }
  size_t allocated() const override {
    size_t bytes = 0;
    ForEachTable(state_,
                 [&](const std::string&, const auto& table) { bytes += table.allocated(); });
    return bytes;
  }
  void Save(std::string& fields) const override { SaveFields(state_, fields); }
  Result<void> SaveTables(const std::function<void(const std::string& name)>& begin,
                          const PutBlock& put) const override {
    Result<void> saved;
    ForEachTable(state_, [&](const std::string& name, const auto& table) {
      if (!saved) return;
      begin(name);
      saved = table.runs().Write(put);
    });
    return saved;
  }
  bool Load(std::string_view fields,
            const std::shared_ptr<const statistics::IdMaps>& maps) override {
    statistics::StateReader in(fields);
    return LoadFields(state_, in, *maps) && in.remaining() == 0;
  }
  void LoadTables(const FindTable& find,
                  const std::shared_ptr<const statistics::IdMaps>& maps) override {
    ForEachTable(state_, [&](const std::string& name, auto& table) {
      const std::shared_ptr<const BlockStore> store = find(name);
      if (store != nullptr) table.runs().AddStored(store, maps);
    });
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
