#include "generate/functions/generate_invocations.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "base/worker_threads.h"
#include "generate/functions/block_maker.h"
#include "generate/functions/minute_rows.h"

namespace plumbago::generate::functions {
namespace {

// Lets blocks pass in their order, file by file: while one is written to the second file, the next
// may be written to the first.
class Turns {
 public:
  explicit Turns(size_t files) : next_(files) {}

  // Waits until it is `block`'s turn at `file`; false: somebody stopped.
  bool Wait(size_t file, uint64_t block) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopped_ || next_[file] == block; });
    return !stopped_;
  }
  void Pass(size_t file) {
    {
      const std::lock_guard lock(mutex_);
      ++next_[file];
    }
    changed_.notify_all();
  }
  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
  }
  bool stopped() {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<uint64_t> next_;
  bool stopped_ = false;
};

// Stops the others when a thread ends otherwise than at the end of the work (memory ran out).
class StopUnlessDone {
 public:
  explicit StopUnlessDone(Turns& turns) : turns_(turns) {}
  ~StopUnlessDone() {
    if (!done_) turns_.Stop();
  }
  StopUnlessDone(const StopUnlessDone&) = delete;
  StopUnlessDone& operator=(const StopUnlessDone&) = delete;
  void Done() { done_ = true; }

 private:
  Turns& turns_;
  bool done_ = false;
};

struct File {
  Table table = Table::kInvocations;
  uint32_t day = 0;
};

std::vector<File> FilesOf(const InvocationOptions& options) {
  std::vector<File> files;
  for (uint32_t day = 0; day < options.days; ++day) {
    if (day + 1 != options.damage.missing_day) files.push_back({Table::kInvocations, day});
    files.push_back({Table::kDurations, day});
    if (day < options.memory_days) files.push_back({Table::kMemory, day});
  }
  if (options.log_rows > 0) files.push_back({Table::kLog, 0});
  return files;
}

std::string HeaderOf(Table table) {
  switch (table) {
    case Table::kInvocations:
      return MinuteHeader();
    case Table::kDurations:
      return "HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum,percentile_Average_0,"
             "percentile_Average_1,percentile_Average_25,percentile_Average_50,"
             "percentile_Average_75,percentile_Average_99,percentile_Average_100\n";
    case Table::kMemory:
      return "HashOwner,HashApp,SampleCount,AverageAllocatedMb,AverageAllocatedMb_pct1,"
             "AverageAllocatedMb_pct5,AverageAllocatedMb_pct25,AverageAllocatedMb_pct50,"
             "AverageAllocatedMb_pct75,AverageAllocatedMb_pct95,AverageAllocatedMb_pct99,"
             "AverageAllocatedMb_pct100\n";
    case Table::kLog:
      return "app,func,end_timestamp,duration\n";
  }
  return "";
}

const std::string& TextOf(const BlockMaker& maker, const File& file) {
  switch (file.table) {
    case Table::kInvocations:
      return maker.invocations(file.day);
    case Table::kDurations:
      return maker.durations(file.day);
    case Table::kMemory:
      return maker.memory(file.day);
    case Table::kLog:
      break;
  }
  return maker.log();
}

LogChoice ChooseLog(const AppPlanner& planner, const InvocationOptions& options) {
  if (options.log_rows == 0) return {};
  LogChoice choice;
  double sum = 0;
  for (; choice.end_rank < options.apps; ++choice.end_rank) {
    const double a_day = planner.DailyRate(choice.end_rank);
    if (a_day > kMinutesOfDay) break;
    sum += a_day * options.days;
  }
  if (sum > 0) choice.share = std::min(1.0, static_cast<double>(options.log_rows) / sum);
  choice.offset = Random(MixSeeds(options.seed, 0x106)).Unit();
  return choice;
}

}  // namespace

Result<InvocationsTruth> GenerateInvocations(const WorkloadShape& shape,
                                             const InvocationOptions& options,
                                             const TableSink& sink,
                                             const std::function<bool()>& stop) {
  // What is shorter than the shape's span is the beginning of the whole: its first day.
  const PlanOptions plans{options.apps, std::max(options.days, shape.days), options.seed};
  const AppPlanner planner(shape, plans);
  const LogChoice log = ChooseLog(planner, options);
  const std::vector<File> files = FilesOf(options);
  for (const File& file : files) {
    RETURN_IF_ERROR(sink(file.table, file.day, HeaderOf(file.table)));
  }
  const uint64_t blocks = (uint64_t{options.apps} + kAppsOfBlock - 1) / kAppsOfBlock;
  std::atomic<uint64_t> next = 0;
  Turns turns(files.size());
  std::vector<InvocationsTruth> made(options.threads);
  auto ran = RunOnThreads(options.threads, [&](unsigned thread) -> Result<void> {
    StopUnlessDone guard(turns);
    BlockMaker maker(shape, plans, planner, options, log);
    while (!stop() && !turns.stopped()) {
      const uint64_t block = next++;
      if (block >= blocks) {
        guard.Done();
        break;
      }
      maker.Make(block);
      for (size_t file = 0; file < files.size(); ++file) {
        if (!turns.Wait(file, block)) return {};
        RETURN_IF_ERROR(sink(files[file].table, files[file].day, TextOf(maker, files[file])));
        turns.Pass(file);
      }
    }
    made[thread] = std::move(maker.truth());
    return {};
  });
  if (!ran) return tl::unexpected(std::move(ran.error()));
  InvocationsTruth truth;
  for (InvocationsTruth& one : made) truth.Merge(std::move(one));
  truth.interrupted = turns.stopped();
  return truth;
}

}  // namespace plumbago::generate::functions
