// For tests: rows as text with every field that the generator plants, and the same read back.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "formats/format.h"
#include "generate/generate_traces.h"

namespace plumbago::generate::testing {

class PlainEncoder final : public formats::Encoder {
 public:
  void Header(std::string& out) const override { out += "header\n"; }
  void Encode(const model::CallBatch& batch, const model::Names& names, std::string& out) const override {
    for (const model::Call& call : batch.calls) {
      fmt::format_to(std::back_inserter(out), "{},{},{},{},{},{},{},{},{},{},{},{}\n", call.trace.Text(),
                     call.start_ns / 1'000'000, call.duration_ns / 1'000'000,
                     model::PathText(batch.Path(call)), names.Text(call.caller), names.Text(call.callee),
                     names.Text(call.operation), model::KindName(call.kind),
                     call.side == model::Side::kClient ? 'c' : 's', call.from_user ? 'u' : '-',
                     names.Text(call.entry), call.status == model::Status::kError ? 'e' : '-');
    }
  }
};

struct PlainRow {
  std::string trace;
  int64_t start_ms = 0, duration_ms = 0;
  std::string path, caller, callee, operation, kind;
  bool client = false;
  bool failed = false;
};

struct Generated {
  std::string text;
  std::vector<PlainRow> rows;        // without garbage
  uint64_t lines = 0, garbage = 0;   // the header not counted
  std::optional<GeneratedTraces> result;

  const Truth& truth() const { return result->truth; }
};

inline std::vector<std::string> Split(std::string_view line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == ',') {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

inline Generated Generate(const TraceOptions& options, const Shape& shape = Shape2021()) {
  Generated made;
  const PlainEncoder encoder;
  auto result = GenerateTraces(options, shape, encoder, [&made](std::string_view text) -> Result<void> {
    made.text += text;
    return {};
  });
  CHECK(result.has_value());
  made.result.emplace(std::move(*result));
  size_t at = made.text.find('\n') + 1;
  while (at < made.text.size()) {
    const size_t end = made.text.find('\n', at);
    const std::vector<std::string> fields = Split(std::string_view(made.text).substr(at, end - at));
    at = end + 1;
    ++made.lines;
    if (fields.size() != 12) {
      ++made.garbage;
      continue;
    }
    PlainRow row;
    row.trace = fields[0];
    row.start_ms = std::stoll(fields[1]);
    row.duration_ms = std::stoll(fields[2]);
    row.path = fields[3];
    row.caller = fields[4];
    row.callee = fields[5];
    row.operation = fields[6];
    row.kind = fields[7];
    row.client = fields[8] == "c";
    row.failed = fields[11] == "e";
    made.rows.push_back(std::move(row));
  }
  return made;
}

inline std::string ParentOf(const std::string& path) {
  const size_t dot = path.rfind('.');
  return dot == std::string::npos ? std::string() : path.substr(0, dot);
}

}  // namespace plumbago::generate::testing
