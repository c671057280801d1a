// For tests and fuzzers: rows of durations and memory that can be compared. Not part of the
// program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/strong_id.h"
#include "formats/testing/decoded_blocks.h"

namespace plumbago::formats::testing {

struct PlainStatistics {
  std::string owner, app, function;
  uint32_t day = 0;
  uint64_t count = 0;           // or samples
  std::vector<double> numbers;  // average, minimum and maximum (of durations), percentiles
  uint64_t line = 0;            // 1-based, the header counted

  friend bool operator==(const PlainStatistics&, const PlainStatistics&) = default;
};

class PlainStatisticsSink final : public BatchSink {
 public:
  explicit PlainStatisticsSink(const model::Names& names) : names_(names) {}
  void Accept(model::CallBatch& batch) override {
    for (const model::FunctionDurations& row : batch.functions.durations) {
      PlainStatistics& plain = Add(row);
      plain.count = row.count;
      plain.numbers = {row.average_ms, row.minimum_ms, row.maximum_ms};
      plain.numbers.insert(plain.numbers.end(), row.percentiles_ms.begin(),
                           row.percentiles_ms.end());
    }
    for (const model::AppMemory& row : batch.functions.memory) {
      PlainStatistics& plain = Add(row);
      plain.count = row.samples;
      plain.numbers = {row.average_mb};
      plain.numbers.insert(plain.numbers.end(), row.percentiles_mb.begin(),
                           row.percentiles_mb.end());
    }
  }
  uint64_t first_line = 0;
  std::vector<PlainStatistics> rows;

 private:
  template <class Row>
  PlainStatistics& Add(const Row& row) {
    PlainStatistics& plain = rows.emplace_back();
    plain.owner = names_.instances.Text(Index(row.owner));
    plain.app = names_.services.Text(Index(row.app));
    plain.function = names_.operations.Text(Index(row.function));
    plain.day = row.day;
    plain.line = first_line + row.origin.line + 1;
    return plain;
  }

  const model::Names& names_;
};

struct DecodedStatistics : DecodedLines {
  std::vector<PlainStatistics> rows;
};

inline DecodedStatistics DecodeStatistics(const Format& format, const Decoder& decoder,
                                          std::string_view text, size_t block_bytes,
                                          model::Names* shared = nullptr) {
  const SharedNames names(shared);
  PlainStatisticsSink sink(*names);
  DecodedStatistics out;
  static_cast<DecodedLines&>(out) = DecodeBlocks(format, decoder, text, block_bytes, *names, sink);
  out.rows = std::move(sink.rows);
  return out;
}

}  // namespace plumbago::formats::testing
