// The rows of repaired traces as text, and the log that says of each input row what became of it.
#pragma once

#include <string>
#include <vector>

#include "base/output_file.h"
#include "engine/trace_walk.h"
#include "formats/block_source.h"
#include "graph/trace_builder.h"

namespace plumbago::engine {

// One thread's share. Call Merge, then Write... once.
class RepairedRows final : public TraceVisitor {
 public:
  RepairedRows(const model::Names& names, const formats::BlockSource& source,
               const formats::Encoder& encoder, graph::RepairMode mode, bool log);
  void Visit(const model::TraceId& trace, std::span<const graph::Row> rows) override;

  void Merge(RepairedRows&& other);
  // Traces in the order of their first rows in the input.
  Result<void> WriteRows(OutputFile& out);
  // Header, then a line a usable input row in the order of the input:
  //   row           1-based data row of its file (the header is not counted)
  //   traceid
  //   written       the id as it stood in the row
  //   repaired      the id after the repair; empty for a row that the mode leaves out
  //   parent_row    a row of the parent call; `inserted` for a caller whose rows are lost; empty
  //                 for an entry call or when not known
  //   confidence    0..1, that the parent is right
  //   action        what was done, on what evidence; empty for nothing
  Result<void> WriteLog(OutputFile& out);

  const model::DamageCounts& damage() const { return damage_; }
  uint64_t rows_written() const { return rows_written_; }

 private:
  struct Text {
    model::Origin first;  // of the trace's rows, or of the row
    uint64_t begin = 0;
    uint64_t size = 0;
    const std::string* store = nullptr;
  };
  void Encode(std::span<const graph::Row> rows, const graph::CallGraph& graph);
  void Log(const model::TraceId& trace, std::span<const graph::Row> rows, bool built);
  Result<void> WriteInOrder(std::vector<Text>& texts, OutputFile& out);

  const model::Names& names_;
  const formats::BlockSource& source_;
  const formats::Encoder& encoder_;
  graph::RepairMode mode_;
  bool log_;
  graph::TraceBuilder builder_;
  model::DamageCounts damage_;
  uint64_t rows_written_ = 0;
  std::vector<graph::RowFate> fates_;
  std::vector<uint32_t> order_;
  std::vector<uint32_t> call_row_;
  model::CallBatch batch_;
  // Stores never move, so that texts may point into them: one for this thread, and those merged in.
  std::vector<std::unique_ptr<std::string>> stores_;
  std::vector<Text> traces_;
  std::vector<Text> lines_;
};

}  // namespace plumbago::engine
