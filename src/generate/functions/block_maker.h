// Makes blocks of applications into text, table by table and day by day, and counts what is in it.
// A thread has one of its own; a block is the same whoever makes it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "generate/functions/app_counts.h"
#include "generate/functions/app_memory.h"
#include "generate/functions/function_times.h"
#include "generate/functions/invocations_truth.h"

namespace plumbago::generate::functions {

inline constexpr uint32_t kAppsOfBlock = 32;

// Which applications go into the log of executions: those of at most one invocation a minute, so
// many that their invocations come to about as many as wished.
struct LogChoice {
  uint32_t end_rank = 0;  // applications of lower ranks ...
  double share = 0;       // ... this share of them, evenly over ranks
  double offset = 0;      // from 0 to 1

  bool Has(uint32_t rank) const {
    return rank<end_rank&& static_cast<uint64_t>(
        (rank + 1) * share + offset)> static_cast<uint64_t>(rank * share + offset);
  }
};

class BlockMaker {
 public:
  // All outlive it.
  BlockMaker(const WorkloadShape& shape, const PlanOptions& plans, const AppPlanner& planner,
             const InvocationOptions& options, const LogChoice& log);

  void Make(uint64_t block);
  const std::string& invocations(uint32_t day) const { return invocations_[day]; }
  const std::string& durations(uint32_t day) const { return durations_[day]; }
  const std::string& memory(uint32_t day) const { return memory_[day]; }
  const std::string& log() const { return log_; }
  InvocationsTruth& truth() { return truth_; }

 private:
  // What of one function or application was written.
  struct Written {
    bool invocations = false, durations = false, memory = false;
    uint64_t total = 0;
  };
  void MakeApp(uint32_t app);
  void MakeFunction(const AppPlan& plan, uint32_t f, bool logged, Written& app);
  void MakeInvocations(uint64_t function, uint32_t day, std::span<const MinuteCount> counts,
                       Random& harm);
  void AddDurationRow(std::string_view ids, const FunctionTimes::Day& day, uint64_t count,
                      std::string& text);
  void MakeLog(std::string_view ids, const FunctionTimes& times,
               std::span<const MinuteCount> counts, Random& random);
  void MakeMemory(const AppPlan& plan, Written& app);
  void AddMemoryRow(std::string_view ids, const AppMemoryDraw::Day& day, uint64_t samples,
                    std::string& text) const;
  // Minutes of a day in which an instance is there: twenty more after each invocation.
  uint32_t LoadedMinutes(uint32_t day) const;

  static constexpr uint32_t kWords = (kMinutesOfDay + 63) / 64;

  const WorkloadShape& shape_;
  const InvocationOptions& options_;
  const LogChoice log_choice_;
  const uint32_t apps_;
  AppCounts counts_;
  std::string names_, ids_;
  std::vector<std::string> invocations_, durations_, memory_;  // by day
  std::string log_;
  std::vector<uint64_t> active_;  // by day and minute: bits
  std::vector<double> busy_;      // by day: seconds of execution
  InvocationsTruth truth_;
};

}  // namespace plumbago::generate::functions
