// For tests and fuzzers: rows of functions that can be compared. Not part of the program.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/strong_id.h"
#include "formats/testing/decoded_blocks.h"

namespace plumbago::formats::testing {

struct PlainFunction {
  std::string owner, app, function;
  model::Trigger trigger = model::Trigger::kUnknown;
  uint32_t weight = 1, first = 0, end = 0;
  std::vector<std::pair<uint32_t, uint32_t>> counts;  // minute, count
  uint64_t line = 0;                                  // 1-based, the header counted

  friend bool operator==(const PlainFunction&, const PlainFunction&) = default;
};

class PlainFunctions final : public BatchSink {
 public:
  explicit PlainFunctions(const model::Names& names) : names_(names) {}
  void Accept(model::CallBatch& batch) override {
    for (const model::FunctionMinutes& row : batch.functions.minutes) {
      PlainFunction& plain = functions.emplace_back();
      plain.owner = names_.instances.Text(Index(row.owner));
      plain.app = names_.services.Text(Index(row.app));
      plain.function = names_.operations.Text(Index(row.function));
      plain.trigger = row.trigger;
      plain.weight = row.weight;
      plain.first = row.first;
      plain.end = row.end;
      for (uint32_t i = 0; i < row.counts; ++i) {
        const auto& count = batch.functions.counts.at(row.offset + i);
        plain.counts.emplace_back(count.minute, count.count);
      }
      plain.line = first_line + row.origin.line + 1;
    }
  }
  uint64_t first_line = 0;
  std::vector<PlainFunction> functions;

 private:
  const model::Names& names_;
};

struct DecodedFunctions : DecodedLines {
  std::vector<PlainFunction> functions;
};

inline DecodedFunctions DecodeFunctions(const Format& format, const Decoder& decoder,
                                        std::string_view text, size_t block_bytes,
                                        model::Names* shared = nullptr) {
  const SharedNames names(shared);
  PlainFunctions sink(*names);
  DecodedFunctions out;
  static_cast<DecodedLines&>(out) = DecodeBlocks(format, decoder, text, block_bytes, *names, sink);
  out.functions = std::move(sink.functions);
  return out;
}

}  // namespace plumbago::formats::testing
