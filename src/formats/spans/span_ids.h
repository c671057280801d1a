// Ids of traces and spans in the formats of spans: 128 and 64 bits, written as hex digits of either
// case, with or without zeros in front.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/trace_id.h"

namespace plumbago::formats::spans {

// The form of an id does not tell traces apart here: "1003ab64d0d247f2" (Jaeger) and
// "00000000000000001003ab64d0d247f2" (OTLP) are one trace. Zero is no id.
inline model::TraceId MakeTraceId(uint64_t hi, uint64_t lo) {
  return {hi, lo, model::TraceForm::kHex32};
}
// Up to 32 hex digits; another text is kept as TraceId::Parse does. False: empty, or zeros alone.
bool ParseTraceId(std::string_view text, model::TraceId& id);
// Up to 16 hex digits. False: no such number, or zero.
bool ParseSpanId(std::string_view text, uint64_t& id);

// Appends 16 or 32 lower-case digits. An id that is no number of 128 bits (of a CSV file, say) is
// written as that of its content.
void AppendSpanId(uint64_t id, std::string& out);
void AppendTraceId(const model::TraceId& id, std::string& out);
// The two halves that AppendTraceId writes.
struct TraceIdBits {
  uint64_t hi = 0;
  uint64_t lo = 0;
};
TraceIdBits BitsOf(const model::TraceId& id);

}  // namespace plumbago::formats::spans
