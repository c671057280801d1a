#include "formats/spans/span_ids.h"

#include "formats/hex_digits.h"

namespace plumbago::formats::spans {
namespace {

void AppendHex(uint64_t number, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  char digits[16];
  for (int i = 15; i >= 0; --i, number >>= 4) digits[i] = kHex[number & 15];
  out.append(digits, 16);
}

}  // namespace

bool ParseTraceId(std::string_view text, model::TraceId& id) {
  if (text.empty()) return false;
  if (text.size() <= 32) {
    uint64_t hi = 0, lo = 0;
    const size_t upper = text.size() > 16 ? text.size() - 16 : 0;
    if (ParseHex(text.substr(0, upper), hi) && ParseHex(text.substr(upper), lo)) {
      id = MakeTraceId(hi, lo);
      return (hi | lo) != 0;
    }
  }
  model::TraceId::Parse(text, id);
  return true;
}

bool ParseSpanId(std::string_view text, uint64_t& id) {
  return !text.empty() && text.size() <= 16 && ParseHex(text, id) && id != 0;
}

TraceIdBits BitsOf(const model::TraceId& id) {
  switch (id.form) {
    case model::TraceForm::kHex32:
      return {id.hi, id.lo};
    case model::TraceForm::kHex:
      return {id.hi & ((uint64_t{1} << 56) - 1), id.lo};
    case model::TraceForm::kPrefixed:
      return {0, id.lo};
    case model::TraceForm::kHashed:
      break;
  }
  return {id.hi, id.lo};
}

void AppendSpanId(uint64_t id, std::string& out) { AppendHex(id, out); }

void AppendTraceId(const model::TraceId& id, std::string& out) {
  const TraceIdBits bits = BitsOf(id);
  AppendHex(bits.hi, out);
  AppendHex(bits.lo, out);
}

}  // namespace plumbago::formats::spans
