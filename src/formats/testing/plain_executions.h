// For tests and fuzzers: executions and cold starts that can be compared. Not part of the program.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/strong_id.h"
#include "formats/testing/decoded_blocks.h"

namespace plumbago::formats::testing {

struct PlainExecution {
  std::string owner, app, function;
  model::Trigger trigger = model::Trigger::kUnknown;
  bool dated = false, was_cold = false;
  int64_t start_us = 0, duration_us = -1, cold_us = -1;
  float memory_mb = 0;
  uint64_t line = 0;  // 1-based, the header counted

  friend bool operator==(const PlainExecution&, const PlainExecution&) = default;
};

struct PlainStart {
  std::string owner, app, function;
  int64_t at_us = 0, total_us = -1;
  std::array<int64_t, model::ColdStart::kParts> parts_us{};
  float memory_mb = 0, cpu_millis = 0;
  uint64_t line = 0;

  friend bool operator==(const PlainStart&, const PlainStart&) = default;
};

class PlainExecutions final : public BatchSink {
 public:
  explicit PlainExecutions(const model::Names& names) : names_(names) {}
  void Accept(model::CallBatch& batch) override {
    for (const model::Execution& row : batch.functions.executions) {
      PlainExecution& plain = executions.emplace_back();
      Name(row, plain);
      plain.trigger = row.trigger;
      plain.dated = row.dated;
      plain.was_cold = row.was_cold;
      plain.start_us = row.start_us;
      plain.duration_us = row.duration_us;
      plain.cold_us = row.cold_us;
      plain.memory_mb = row.memory_mb;
    }
    for (const model::ColdStart& row : batch.functions.cold_starts) {
      PlainStart& plain = starts.emplace_back();
      Name(row, plain);
      plain.at_us = row.at_us;
      plain.total_us = row.total_us;
      plain.parts_us = row.parts_us;
      plain.memory_mb = row.memory_mb;
      plain.cpu_millis = row.cpu_millis;
    }
  }
  uint64_t first_line = 0;
  std::vector<PlainExecution> executions;
  std::vector<PlainStart> starts;

 private:
  template <class Row, class Plain>
  void Name(const Row& row, Plain& plain) const {
    plain.owner = names_.instances.Text(Index(row.owner));
    plain.app = names_.services.Text(Index(row.app));
    plain.function = names_.operations.Text(Index(row.function));
    plain.line = first_line + row.origin.line + 1;
  }

  const model::Names& names_;
};

struct DecodedExecutions : DecodedLines {
  std::vector<PlainExecution> executions;
  std::vector<PlainStart> starts;
};

inline DecodedExecutions DecodeExecutions(const Format& format, const Decoder& decoder,
                                          std::string_view text, size_t block_bytes,
                                          model::Names* shared = nullptr) {
  const SharedNames names(shared);
  PlainExecutions sink(*names);
  DecodedExecutions out;
  static_cast<DecodedLines&>(out) = DecodeBlocks(format, decoder, text, block_bytes, *names, sink);
  out.executions = std::move(sink.executions);
  out.starts = std::move(sink.starts);
  return out;
}

}  // namespace plumbago::formats::testing
