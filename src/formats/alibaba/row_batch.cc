#include "formats/alibaba/row_batch.h"

#include <cstring>

#include "formats/csv/malformed.h"

namespace plumbago::formats::alibaba {

void RowBatch::Resolve() {
  for (size_t i = 0; i < name_count_; ++i) names_[i].cache->Approach(names_[i].hash);
  for (size_t i = 0; i < name_count_; ++i) {
    const WaitingName& name = names_[i];
    const uint32_t id = name.cache->Intern(std::string_view(name.text, name.size), name.hash);
    std::memcpy(name.field, &id, sizeof id);
  }
  name_count_ = 0;
}

void RowBatch::Flush() {
  Resolve();
  if (batch_.calls.empty()) return;
  batch_.paths.assign(paths_.data(), path_end_);
  context_.sink.Accept(batch_);
  batch_.Clear();
  path_end_ = 0;
}

void RowBatch::Malformed(const csv::Row& row, uint32_t column, std::string_view name,
                         std::string_view expected) {
  csv::CountMalformed(block_, context_, row, column, name, expected);
}

void RowBatch::Malformed(const csv::BadLine& bad, uint32_t columns) {
  csv::CountMalformed(block_, context_, bad, columns);
}

}  // namespace plumbago::formats::alibaba
