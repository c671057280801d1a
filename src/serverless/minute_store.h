// Rows of counts by minute, packed side by side: hundreds of thousands of short series would else
// be as many allocations.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "model/function_rows.h"
#include "model/minute_series.h"

namespace plumbago::serverless {

class MinuteStore {
 public:
  // The span is valid as long as the store.
  model::MinuteSpan Add(std::span<const model::FunctionRows::MinuteCount> counts);
  void Clear() {
    chunks_.clear();
    free_ = 0;
  }

 private:
  static constexpr size_t kChunk = 4u << 20;

  std::vector<std::unique_ptr<char[]>> chunks_;
  char* next_ = nullptr;
  size_t free_ = 0;  // of the last chunk
};

}  // namespace plumbago::serverless
