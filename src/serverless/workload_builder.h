// Rows of readers to a workload. One collector a thread; what they hold is put together at the end.
#pragma once

#include <vector>

#include "formats/format.h"
#include "model/names.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

// Takes what is decoded; one thread's.
class FunctionCollector final : public formats::BatchSink {
 public:
  struct Row {
    model::FunctionMinutes of;  // `offset` and `counts` are void
    model::MinuteSeries minutes;
  };
  void Accept(model::CallBatch& batch) override;
  std::vector<Row>& rows() { return rows_; }

 private:
  std::vector<Row> rows_;
};

// A function that comes twice for the same minutes keeps the row that stands first in the input:
// the release holds such (InVitro keeps the first, too). Renumbers `names`; empties the collectors.
Workload BuildWorkload(std::vector<FunctionCollector>& collectors, model::Names& names);

}  // namespace plumbago::serverless
