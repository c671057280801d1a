// Which column of a file is which, by its header. There is no reading without one: a row of
// numbers does not tell which of them is which.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "formats/alibaba_samples/sample_table.h"
#include "formats/csv/header.h"
#include "formats/format.h"

namespace plumbago::formats::alibaba_samples {

// Column numbers; csv::kNoColumn where the file has none.
struct Layout {
  uint32_t columns = 0;  // fields of a row
  std::string header;
  uint32_t time = csv::kNoColumn;
  uint32_t service = csv::kNoColumn;
  uint32_t instance = csv::kNoColumn;
  uint32_t host = csv::kNoColumn;
  uint32_t metric = csv::kNoColumn;  // of long rows
  uint32_t value = csv::kNoColumn;   // likewise
  struct Value {
    uint32_t column;
    model::Measure measure;
    model::Flow flow;
  };
  std::vector<Value> values;  // of other rows
};

// README of 2021 and files of 2022 name columns alike: there the first row decides, by the look of
// its ids (64 hex digits, or words with an underscore and a number).
Match SniffLayout(const SampleTable& table, std::string_view head);
// Errors: a needed column is missing.
Result<Layout> ReadLayout(const SampleTable& table, std::string_view head);

}  // namespace plumbago::formats::alibaba_samples
