// The call graphs of traces, each different one once with the number of traces that have it: what
// `convert --to call-graph-json` writes of traces.
//
// Two graphs are one if their entry, their services and their edges (caller, callee, kind, number
// of calls) are. They are told apart by 96 bits of a hash of their names' content, so that the
// output is the same for any order of reading: by the name of the entry, then by that hash. Kept in
// sorted runs (statistics/keyed_table.h) and spilled beyond the plan's share of the memory.
//
// Ready-made graphs among the inputs are joined likewise; the labels of their nodes are not kept.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/output_file.h"
#include "engine/read_rows.h"
#include "engine/trace_walk.h"
#include "graph/repair_mode.h"
#include "graph/trace_builder.h"
#include "statistics/keyed_table.h"

namespace plumbago::engine {

// One thread's share. Call Merge, then Write once.
class JoinedGraphs final : public TraceVisitor {
 public:
  // `rows` outlives it; its names are sorted (ids are ranks of names).
  JoinedGraphs(const ReadRows& rows, graph::RepairMode mode);
  void Visit(const model::TraceId& trace, std::span<const graph::Row> rows) override;
  void VisitGraph(const model::WholeGraphView& whole) override;
  void Release() override;
  Result<void> EndPartition(size_t partition) override;

  void Merge(JoinedGraphs&& other);
  // Returns how many graphs were written.
  Result<uint64_t> Write(const formats::Encoder& encoder, OutputFile& out) const;

  const model::DamageCounts& damage() const { return damage_; }

 private:
  struct Joined {
    std::array<uint32_t, 4> parts{};  // entry, hash
    uint64_t traces = 0;
    uint32_t group = 0;
    std::string body;  // services and edges as varints

    static constexpr size_t kHeapBytes = 128;
    static constexpr std::array kKey{statistics::KeyPart::kOperation, statistics::KeyPart::kPlain,
                                     statistics::KeyPart::kPlain, statistics::KeyPart::kPlain};
    std::array<uint32_t, 4> key() const { return parts; }
    void set_key(const std::array<uint32_t, 4>& key) { parts = key; }
    void Merge(const Joined& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);
  };

  // Joins what stands in services_ and edges_; `first` is what the first call from outside calls.
  void Join(model::OperationId entry, model::ServiceId first, uint64_t traces, uint32_t group);

  const model::Names& names_;
  graph::RepairMode mode_;
  std::shared_ptr<SpillFile> spill_;
  size_t most_memory_;
  std::unique_ptr<graph::TraceBuilder> builder_;
  model::DamageCounts damage_;
  statistics::KeyedTable<Joined> graphs_;

  struct Link {  // of services; kNoService: not known, or the user
    model::ServiceId caller, callee;
    model::Kind kind;
    uint32_t calls;
  };
  std::vector<model::ServiceId> services_;
  std::vector<Link> links_;
  std::vector<uint64_t> words_;
  std::string body_;
};

}  // namespace plumbago::engine
