#include "store/clickhouse/words.h"

#include "formats/csv_mapped/cell_time.h"
#include "formats/spans/span_ids.h"

namespace plumbago::store::clickhouse {
namespace {

using formats::spans::SpanKind;
using model::Status;

bool IsWord(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) != lower[i]) return false;
  }
  return true;
}

bool Take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}
// ".935625000", or nothing, as ns; digits beyond nine are dropped.
bool TakeFraction(std::string_view& text, int64_t& ns) {
  ns = 0;
  if (!Take(text, '.')) return true;
  int64_t unit = 100'000'000;
  size_t digits = 0;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), ++digits) {
    ns += (text[0] - '0') * unit;
    unit /= 10;
  }
  return digits > 0;
}

bool ParseSeconds(std::string_view text, int64_t& ns) {
  const bool negative = Take(text, '-');
  size_t digits = 0;
  int64_t seconds = 0;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9' && digits < 11; ++digits) {
    seconds = seconds * 10 + (text[0] - '0');
    text.remove_prefix(1);
  }
  int64_t fraction = 0;
  if (digits == 0 || seconds > 9'000'000'000 || !TakeFraction(text, fraction) || !text.empty())
    return false;
  ns = seconds * 1'000'000'000 + fraction;
  if (negative) ns = -ns;
  return true;
}

}  // namespace

SpanKind KindOf(std::string_view word) {
  constexpr std::string_view kPrefix = "span_kind_";
  if (word.size() > kPrefix.size() && IsWord(word.substr(0, kPrefix.size()), kPrefix))
    word.remove_prefix(kPrefix.size());
  if (IsWord(word, "server")) return SpanKind::kServer;
  if (IsWord(word, "client")) return SpanKind::kClient;
  if (IsWord(word, "internal")) return SpanKind::kInternal;
  if (IsWord(word, "producer")) return SpanKind::kProducer;
  if (IsWord(word, "consumer")) return SpanKind::kConsumer;
  return SpanKind::kUnspecified;
}

Status StatusOf(std::string_view word) {
  constexpr std::string_view kPrefix = "status_code_";
  if (word.size() > kPrefix.size() && IsWord(word.substr(0, kPrefix.size()), kPrefix))
    word.remove_prefix(kPrefix.size());
  if (IsWord(word, "error")) return Status::kError;
  if (IsWord(word, "ok")) return Status::kOk;
  return Status::kUnset;
}

bool ParseMoment(std::string_view text, int64_t& ns) {
  return ParseSeconds(text, ns) || formats::ParseDateTime(text, 0, ns);
}

bool LacksZone(std::string_view text) {
  int64_t ns = 0;
  return formats::ParseDateTime(text, 0, ns) && !formats::ParseDateTime(text, std::nullopt, ns);
}

uint64_t SpanIdOf(std::string_view text) {
  uint64_t id = 0;
  return formats::spans::ParseSpanId(text, id) ? id : 0;
}

}  // namespace plumbago::store::clickhouse
