#include "engine/trace_walk.h"

#include <algorithm>
#include <atomic>

#include "base/interrupt.h"
#include "base/progress.h"
#include "base/worker_threads.h"
#include "engine/packed_row.h"
#include "engine/trace_groups.h"

namespace plumbago::engine {
namespace {

// One thread's walk through the partitions that it takes.
class Walker {
 public:
  Walker(ReadRows& rows, TraceVisitor& visitor) : rows_(rows), visitor_(visitor) {}

  void Partition(std::span<const PartitionWriter* const> writers, size_t partition) {
    groups_.Load(writers, partition);
    for (size_t i = 0; i < groups_.traces(); ++i) {
      if ((i & 255) == 0 && Interrupted()) return;
      Trace(groups_.trace(i), groups_.rows(i));
    }
    for (const auto& writer : rows_.writers) writer->Release(partition);
  }

 private:
  void Trace(const model::TraceId& id, std::span<const char* const> packed) {
    calls_.resize(std::max(calls_.size(), packed.size()));
    views_.resize(packed.size());
    for (size_t i = 0; i < packed.size(); ++i) {
      UnpackRow(packed[i], calls_[i], views_[i].path);
      views_[i].call = &calls_[i];
    }
    visitor_.Visit(id, views_);
  }

  ReadRows& rows_;
  TraceVisitor& visitor_;
  TraceGroups groups_;
  std::vector<model::Call> calls_;
  std::vector<graph::Row> views_;
};

}  // namespace

Result<bool> WalkTraces(ReadRows& rows, std::span<TraceVisitor* const> visitors,
                        bool show_progress) {
  const std::vector<const PartitionWriter*> writers = rows.Writers();
  std::atomic<size_t> next{0};
  Progress progress("building graphs", kPartitions, show_progress, Progress::Unit::kItems);
  RETURN_IF_ERROR(RunOnThreads(static_cast<unsigned>(visitors.size()), [&](unsigned thread) {
    Walker walker(rows, *visitors[thread]);
    for (;;) {
      const size_t partition = next.fetch_add(1);
      if (partition >= kPartitions || Interrupted()) return;
      walker.Partition(writers, partition);
      progress.Update(partition + 1);
    }
  }));
  progress.Finish();
  return !Interrupted();
}

}  // namespace plumbago::engine
