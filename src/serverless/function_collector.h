// What readers decode, kept until all of it is there.
#pragma once

#include <vector>

#include "formats/format.h"
#include "model/minute_series.h"
#include "model/names.h"
#include "serverless/minute_store.h"

namespace plumbago::serverless {

// Takes what is decoded; one thread's.
class FunctionCollector final : public formats::BatchSink {
 public:
  struct MinuteRow {
    model::FunctionMinutes of;  // `offset` and `counts` are void
    model::MinuteSpan minutes;  // of the collector
  };
  void Accept(model::CallBatch& batch) override;

  // New ids for all rows: those of NameTable::Sort.
  void Renumber(const model::NameRanks& ranks);

  std::vector<MinuteRow>& minutes() { return minutes_; }
  // Leaves no rows of minutes, and gives their memory back.
  void ClearMinutes();
  std::vector<model::FunctionDurations>& durations() { return durations_; }
  std::vector<model::AppMemory>& memory() { return memory_; }
  std::vector<model::Execution>& executions() { return executions_; }
  std::vector<model::ColdStart>& cold_starts() { return cold_starts_; }

 private:
  MinuteStore store_;
  std::vector<MinuteRow> minutes_;
  std::vector<model::FunctionDurations> durations_;
  std::vector<model::AppMemory> memory_;
  std::vector<model::Execution> executions_;
  std::vector<model::ColdStart> cold_starts_;
};

}  // namespace plumbago::serverless
